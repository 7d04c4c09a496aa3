/**
 * Version of the segmentation, stop words and stems together. A change of any of them changes the features, so
 * whatever is stored beside term vectors must name it. (Runs without spaces are cut by the browser's own ICU
 * dictionary, so vectors are rebuilt on each device and never stored.)
 */
export const TOKENIZER_VERSION = 1;

/** A word as written (lower case, NFKC) and whether its script is written without spaces. */
export interface Word {
  readonly text: string;
  readonly unspaced: boolean;
}

const UNSPACED =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}';
/** A run of an unspaced script, or a word of letters, marks and digits with inner apostrophes. */
const RUN = new RegExp(
  `(?<unspaced>[${UNSPACED}]+)|(?:(?![${UNSPACED}])[\\p{L}\\p{M}\\p{N}])+(?:['’](?:(?![${UNSPACED}])[\\p{L}\\p{M}])+)*`,
  'gu',
);

let segmenter: Intl.Segmenter | null = null;

/**
 * Cuts a text into runs: words of spaced scripts, and uncut runs of unspaced ones. A regular expression does
 * the first, since it is twenty times faster than Intl.Segmenter there and the same in every browser.
 */
export function runs(text: string): Word[] {
  const found: Word[] = [];
  for (const match of normalize(text).matchAll(RUN)) {
    found.push({ text: match[0].replaceAll('’', "'"), unspaced: match.groups?.['unspaced'] !== undefined });
  }
  return found;
}

/** Cuts a run of an unspaced script into words by the browser's dictionary. */
export function segment(run: string): string[] {
  segmenter ??= new Intl.Segmenter('zh', { granularity: 'word' });
  return Array.from(segmenter.segment(run), ({ segment: word }) => word);
}

/** Overlapping pairs of characters; a single character stands for itself. */
export function bigrams(run: string): string[] {
  const characters = Array.from(run);
  if (characters.length < 2) return characters;
  return characters.slice(1).map((character, index) => `${characters[index] ?? ''}${character}`);
}

/** NFKC (full-width forms and ligatures to plain ones) and lower case. */
function normalize(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}
