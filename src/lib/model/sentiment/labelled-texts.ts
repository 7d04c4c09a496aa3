import { AppError } from '../../errors.ts';
import { lexiconScore, sentimentFeatures } from '../../text/sentiment/index.ts';
import { throwIfCancelled } from '../backends/slices.ts';

/** A text with what its writer thought. */
export interface LabelledText {
  readonly text: string;
  readonly positive: boolean;
  /** What it is about, such as a category; the empty text where that is not known. */
  readonly group: string;
}

/** Texts by the numbers of their features: made once, cut into many train and test parts. */
export interface LabelledFeatures {
  readonly rows: number;
  /** Keys by feature number, in the order they first came up. */
  readonly keys: readonly string[];
  /** `rows + 1` offsets into `indices`. */
  readonly indptr: Int32Array;
  /** Feature numbers, ascending in each row. */
  readonly indices: Int32Array;
  /** How positive each text sounds by word lists, −1 to 1; `rows` entries. */
  readonly tones: Float64Array;
  /** 1 for a positive text; `rows` entries. */
  readonly labels: Uint8Array;
  readonly groups: readonly string[];
}

/** Texts between two looks at the signal. */
const BATCH = 256;

/** Throws `cancelled`, `not-enough-data` where there is no text of one of the two labels. */
export function labelledFeatures(texts: readonly LabelledText[], signal?: AbortSignal): LabelledFeatures {
  const numbers = new Map<string, number>();
  const rows = texts.map(({ text }, row) => {
    if (row % BATCH === 0) throwIfCancelled(signal);
    const found = Array.from(sentimentFeatures(text), (key) => {
      const known = numbers.get(key);
      if (known !== undefined) return known;
      numbers.set(key, numbers.size);
      return numbers.size - 1;
    });
    return Int32Array.from(found).sort();
  });
  const indptr = new Int32Array(rows.length + 1);
  rows.forEach(({ length }, row) => (indptr[row + 1] = (indptr[row] ?? 0) + length));
  const indices = new Int32Array(indptr[rows.length] ?? 0);
  rows.forEach((row, at) => indices.set(row, indptr[at] ?? 0));
  const labels = Uint8Array.from(texts, ({ positive }) => Number(positive));
  for (const [label, name] of [
    [1, 'positive'],
    [0, 'negative'],
  ] as const) {
    if (!labels.includes(label)) {
      throw new AppError('not-enough-data', `There is not one ${name} text to learn from.`, {
        remedy: 'Give texts of both labels.',
      });
    }
  }
  return {
    rows: rows.length,
    keys: [...numbers.keys()],
    indptr,
    indices,
    tones: Float64Array.from(texts, ({ text }) => lexiconScore(text)),
    labels,
    groups: texts.map(({ group }) => group),
  };
}
