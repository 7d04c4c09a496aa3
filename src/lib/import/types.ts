import type { PackContent } from '../pack/write.ts';
import type { EventKind } from '../types.ts';

/**
 * A file's bytes, wherever they are: a File of the page, a file on a disk, a member of an archive. `slice` gives any
 * part without reading what lies before, which a Blob and a file on a disk can.
 */
export interface ByteSource {
  /** Path below what was given, with `/`; no drive, no leading slash. */
  readonly name: string;
  readonly size: number;
  stream(): ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Bytes from `start` (included) to `end` (excluded), fewer where the file ends before. */
  slice(start: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** What a column of a table can tell. */
export const ROLES = [
  // of an event
  'user',
  'item',
  'rating',
  'time',
  'kind',
  'quantity',
  'price',
  'order',
  'status',
  'email',
  'review',
  'summary',
  // of a product (item, title, price and category may stand in either table)
  'title',
  'category',
  'brand',
  'description',
  'year',
  /** Another key of the product, as a variant's stock number; events may name either. */
  'alias',
  /** Of a variant: the product whose other key it is. */
  'parent',
] as const;
export type Role = (typeof ROLES)[number];

/** What a table is: events, the heads of orders whose lines are in another, products, or nothing an import needs. */
export const TABLE_KINDS = ['events', 'orders', 'items', 'ignored'] as const;
export type TableKind = (typeof TABLE_KINDS)[number];

/** How one table is read. Columns go by the names that the inspection gives them (`1`, `2` … without a header). */
export interface TableMapping {
  readonly table: TableKind;
  readonly roles: Readonly<Partial<Record<Role, string>>>;
  /** What each row is where no column says; null for the one that the roles suggest (`defaultKind`). */
  readonly kind: EventKind | null;
  /** Columns that hold 1 where the product is of the category named (MovieLens 100K). */
  readonly flags: Readonly<Record<string, string>>;
  /** Order fields stand on the first line of an order only (Shopify). */
  readonly fillDown: boolean;
}

/** Everything that decides how files are read: what the recogniser finds, a page corrects, `--map` holds. */
export interface ImportMapping {
  readonly version: 1;
  /** A data set that was recognised, or `mapped`. */
  readonly dataset: string;
  /** By the table's name. */
  readonly tables: Readonly<Record<string, TableMapping>>;
  /** Of the ratings; null for the usual scale that holds what the data shows. */
  readonly scale: RatingScale | null;
  /** Order of day and month in local dates; null to find out from the data. */
  readonly dayOrder: DayOrder | null;
  /** Decimal sign; null to find out from the data. */
  readonly decimal: Decimal | null;
  /** ISO 4217 code of the prices; null where unknown. */
  readonly currency: string | null;
}

export interface RatingScale {
  readonly min: number;
  readonly max: number;
}

export type DayOrder = 'dmy' | 'mdy';
export type Decimal = '.' | ',';

/** A table that was found in the files, as a page shows it before the import. */
export interface InspectedTable {
  /** Name of the file, `archive.zip/inner.csv` inside of an archive. */
  readonly name: string;
  readonly format: TableFormat;
  /** As TextDecoder names it; empty for Parquet. */
  readonly encoding: string;
  /** Empty where cells are not delimited. */
  readonly delimiter: string;
  readonly header: boolean;
  readonly columns: readonly string[];
  /** The first rows, in the order of `columns`. */
  readonly preview: readonly (readonly string[])[];
  readonly bytes: number;
}

export const TABLE_FORMATS = ['delimited', 'json-lines', 'json', 'parquet', 'rows'] as const;
/** `rows` is LightGCN's: a line a user, `user item item …`. */
export type TableFormat = (typeof TABLE_FORMATS)[number];

/** A file that holds no table that can be read, and why. */
export interface SkippedFile {
  readonly name: string;
  readonly reason: SkipReason;
}
export type SkipReason = 'empty' | 'not-a-table' | 'nested-archive' | 'unsafe-name' | 'encrypted';

export interface Inspection {
  readonly tables: readonly InspectedTable[];
  readonly skipped: readonly SkippedFile[];
  /** The mapping that was recognised or guessed. */
  readonly mapping: ImportMapping;
  /** False where the mapping is a guess that somebody should look at. */
  readonly recognised: boolean;
}

/** Steps of cleaning in their order. A report has an entry for each that applies, also where it found nothing. */
export const CLEANING_STEPS = [
  'missing-user',
  'missing-item',
  'cancelled',
  'returned',
  'impossible',
  'test-orders',
  'non-products',
  'not-in-catalogue',
  'bots',
  'duplicates',
  'min-events',
  'scale',
  'time-order',
] as const;
export type CleaningStepName = (typeof CLEANING_STEPS)[number];

/** Sizes of the data. */
export interface DataCounts {
  readonly events: number;
  readonly users: number;
  readonly items: number;
  /** Distinct user–item pairs. */
  readonly pairs: number;
}

export interface CleaningStep {
  readonly step: CleaningStepName;
  /** Events left out, or changed by `scale` and `time-order`. */
  readonly events: number;
  /** What was found: line and value, or a name with a count. */
  readonly examples: readonly string[];
  /** What is left after the step. */
  readonly after: DataCounts;
}

/** Why a row cannot be read. */
export const PROBLEM_REASONS = [
  'cells',
  'quotes',
  'json',
  'too-long',
  'encoding',
  'number',
  'rating',
  'time',
  'kind',
  'id',
  'title',
] as const;
export type ProblemReason = (typeof PROBLEM_REASONS)[number];

/** A row that cannot be read, or only in part. */
export interface RowProblem {
  readonly file: string;
  /** From 1, counted in the file as an editor does; of Parquet, the row. */
  readonly line: number;
  readonly column: string;
  /** Shortened. */
  readonly value: string;
  readonly reason: ProblemReason;
  readonly remedy: string;
}

/** Something that was not in the data and had to be decided. */
export interface Decision {
  readonly name: 'scale' | 'day-order' | 'decimal' | 'time-zone' | 'time-format' | 'no-times' | 'currency';
  readonly file: string;
  readonly value: string;
  /** False where the data left it open: the page asks to look at it. */
  readonly certain: boolean;
}

export interface FileReport {
  readonly name: string;
  readonly table: TableKind;
  readonly format: TableFormat;
  readonly encoding: string;
  readonly delimiter: string;
  /** Rows below the header. */
  readonly rows: number;
  /** Events or products that came of them. */
  readonly used: number;
}

/** What an import did, for people and programs. The page words it by the names in it. */
export interface ImportReport {
  readonly version: 1;
  readonly dataset: string;
  readonly files: readonly FileReport[];
  readonly skipped: readonly SkippedFile[];
  readonly problems: {
    readonly total: number;
    readonly byReason: Readonly<Partial<Record<ProblemReason, number>>>;
    /** The first `MAX_SHOWN_PROBLEMS`. */
    readonly shown: readonly RowProblem[];
  };
  readonly decisions: readonly Decision[];
  /** What was read, before any step. */
  readonly read: DataCounts;
  readonly steps: readonly CleaningStep[];
  readonly counts: DataCounts & {
    /** Products of the catalogue, with or without events. */
    readonly products: number;
    readonly reviews: number;
    /** Reviews that were not kept, since more or longer ones than `limits.ts` allows came before. */
    readonly reviewsBeyondCap: number;
  };
}

export interface ImportProgress {
  readonly stage: 'inspect' | 'read' | 'clean' | 'pack';
  readonly file: string;
  /** Packed bytes, as they lie in the files given. */
  readonly doneBytes: number;
  readonly totalBytes: number;
}

export interface InspectOptions {
  /** What a table is, by its name, where somebody says so. */
  readonly kinds?: Readonly<Record<string, TableKind>>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ImportProgress) => void;
}

export interface ImportOptions extends InspectOptions {
  /** Null for the one that is recognised. */
  readonly mapping?: ImportMapping | null;
  /** At a row that cannot be read: leave it out and say so, or end with an error and import nothing. Default: skip. */
  readonly onProblem?: 'skip' | 'stop';
  /** A k-core: users and items with fewer events go, until none is left. Default: 0, none goes. */
  readonly minEvents?: number;
  /** Keep what shoppers wrote. Default: true. */
  readonly reviews?: boolean;
  /** Key of the pack; default: the data set's name and the first digits of a checksum of the content. */
  readonly packId?: string;
  /** Name of the shop; default: the data set's, or that of the files. */
  readonly packName?: string;
}

export interface ImportResult {
  readonly report: ImportReport;
  /**
   * Ready for `writePack` but for the pictures: `art` is empty (categories and items name icons of
   * fluent-emoji-flat), and `popularity` and `ratingCounts` of the items are counted by `itemStatistics` of the model.
   */
  readonly content: PackContent;
}
