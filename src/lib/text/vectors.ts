import { terms } from './terms.ts';

/** A text to index, as weighted fields. */
export interface TextDocument {
  /** Free texts; a term counts as often as the field's weight says. */
  readonly fields: readonly { readonly text: string; readonly weight: number }[];
  /** Labels that count whole, such as a category key; the key must not look like a word. */
  readonly labels: readonly { readonly key: string; readonly word: string | null; readonly weight: number }[];
}

/**
 * TF-IDF vectors of `rows` documents over `terms` features in CSR form, each row of length 1 (or empty):
 * (1 + ln tf) · (ln((1 + N) / (1 + df)) + 1), L2-normalised (Salton & Buckley 1988, with smoothed idf).
 */
export interface TextVectors {
  readonly rows: number;
  readonly terms: number;
  /** `rows + 1` offsets into `indices` and `data`. */
  readonly indptr: Int32Array;
  /** Feature numbers, ascending in each row. */
  readonly indices: Int32Array;
  readonly data: Float64Array;
  /** Documents that have the feature; `terms` entries. */
  readonly documentFrequency: Int32Array;
  /** The word to show for a feature, null where it is only a fragment or label; `terms` entries. */
  readonly words: readonly (string | null)[];
}

/** Builds the vectors of all documents. Feature numbers follow the order of first appearance. */
export function buildTextVectors(documents: readonly TextDocument[]): TextVectors {
  const vocabulary = new Map<string, number>();
  const words: (string | null)[] = [];
  const frequency: number[] = [];
  const counts = documents.map((document) => {
    const row = new Map<number, number>();
    const add = (key: string, word: string | null, weight: number): void => {
      let feature = vocabulary.get(key);
      if (feature === undefined) {
        feature = vocabulary.size;
        vocabulary.set(key, feature);
        words.push(word);
        frequency.push(0);
      }
      words[feature] ??= word;
      const before = row.get(feature);
      if (before === undefined) frequency[feature] = (frequency[feature] ?? 0) + 1;
      row.set(feature, (before ?? 0) + weight);
    };
    for (const field of document.fields) {
      for (const { key, word } of terms(field.text)) add(key, word, field.weight);
    }
    for (const label of document.labels) add(label.key, label.word, label.weight);
    return row;
  });

  const indptr = new Int32Array(documents.length + 1);
  counts.forEach((row, index) => (indptr[index + 1] = (indptr[index] ?? 0) + row.size));
  const entries = indptr[documents.length] ?? 0;
  const indices = new Int32Array(entries);
  const data = new Float64Array(entries);
  const idf = frequency.map((df) => Math.log((1 + documents.length) / (1 + df)) + 1);
  counts.forEach((row, index) => {
    const start = indptr[index] ?? 0;
    const sorted = [...row].sort(([a], [b]) => a - b);
    let squares = 0;
    sorted.forEach(([feature, count], offset) => {
      const value = (1 + Math.log(count)) * (idf[feature] ?? 0);
      indices[start + offset] = feature;
      data[start + offset] = value;
      squares += value * value;
    });
    const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
    for (let at = start; at < start + sorted.length; at++) data[at] = (data[at] ?? 0) * scale;
  });
  return {
    rows: documents.length,
    terms: vocabulary.size,
    indptr,
    indices,
    data,
    documentFrequency: Int32Array.from(frequency),
    words,
  };
}

/** Adds `scale` times row `row` to a dense vector of `terms` entries. */
export function addRow(vectors: TextVectors, row: number, scale: number, into: Float64Array): void {
  const end = vectors.indptr[row + 1] ?? 0;
  for (let at = vectors.indptr[row] ?? 0; at < end; at++) {
    const feature = vectors.indices[at] ?? 0;
    into[feature] = (into[feature] ?? 0) + scale * (vectors.data[at] ?? 0);
  }
}

/** Dot product of row `row` with a dense vector of `terms` entries. */
export function dotRow(vectors: TextVectors, row: number, dense: Float64Array): number {
  const end = vectors.indptr[row + 1] ?? 0;
  let sum = 0;
  for (let at = vectors.indptr[row] ?? 0; at < end; at++) {
    sum += (vectors.data[at] ?? 0) * (dense[vectors.indices[at] ?? 0] ?? 0);
  }
  return sum;
}

/** rowCosine of one row with every row: the one is spread out once, so that no two rows are merged. */
export function rowCosines(vectors: TextVectors, row: number): Float64Array {
  const dense = new Float64Array(vectors.terms);
  addRow(vectors, row, 1, dense);
  const cosines = new Float64Array(vectors.rows);
  for (let other = 0; other < vectors.rows; other++)
    cosines[other] = Math.min(1, dotRow(vectors, other, dense));
  return cosines;
}

/** Cosine of two rows, in [0, 1]; 0 where either has no terms. */
export function rowCosine(vectors: TextVectors, first: number, second: number): number {
  const { indptr, indices, data } = vectors;
  let a = indptr[first] ?? 0;
  let b = indptr[second] ?? 0;
  const endA = indptr[first + 1] ?? 0;
  const endB = indptr[second + 1] ?? 0;
  let sum = 0;
  while (a < endA && b < endB) {
    const difference = (indices[a] ?? 0) - (indices[b] ?? 0);
    if (difference === 0) sum += (data[a++] ?? 0) * (data[b++] ?? 0);
    else if (difference < 0) a++;
    else b++;
  }
  return Math.min(1, sum);
}
