/** Caps on what an import reads. They keep a broken or hostile file from exhausting the tab; each is named when it is met. */

const KIBIBYTE = 1024;
const MEBIBYTE = 1024 * KIBIBYTE;

/** Of everything in one import after unpacking; the largest public set (Amazon's books) has about 27 GB. */
export const MAX_UNPACKED_BYTES = 32 * 1024 * MEBIBYTE;
/** Unpacked over packed bytes of one file. Order logs reach 30, a file of equal lines 200; a bomb has 1,032. */
export const MAX_UNPACK_RATIO = 400;
/** What a file may unpack to before its ratio is looked at. */
export const RATIO_FREE_BYTES = 16 * MEBIBYTE;
/** Files of one import, those inside of archives counted. */
export const MAX_FILES = 2000;
/** Of the list of files at the end of a ZIP. */
export const MAX_ZIP_DIRECTORY_BYTES = 16 * MEBIBYTE;
/** A row of a table or one JSON record, in UTF-16 code units. */
export const MAX_ROW_LENGTH = 4 * MEBIBYTE;
export const MAX_COLUMNS = 10_000;
/** Files that can only be read whole: Parquet inside of an archive. */
export const MAX_WHOLE_FILE_BYTES = 512 * MEBIBYTE;
/** Rows of one Parquet row group, whose wanted columns are decoded at once. */
export const MAX_ROW_GROUP_ROWS = 10_000_000;

/** How much text is looked at to find out what a file is. */
export const SAMPLE_BYTES = 256 * KIBIBYTE;
export const SAMPLE_ROWS = 2000;
/** Rows of a preview. */
export const PREVIEW_ROWS = 10;

/** Rows of one import; what a pack may hold (`pack/limits`). */
export const MAX_EVENTS = 50_000_000;
/** Distinct users, or distinct items, of one import. */
export const MAX_IDS = 10_000_000;
/** Reviews whose words are kept, and their length together in UTF-16 code units. */
export const MAX_REVIEWS = 1_000_000;
export const MAX_REVIEW_TEXT = 256 * MEBIBYTE;

/** Bad rows that a report shows one by one; the rest is counted. */
export const MAX_SHOWN_PROBLEMS = 100;
/** Examples that a cleaning step gives. */
export const MAX_EXAMPLES = 5;
