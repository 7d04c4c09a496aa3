import { inverseFrequency, weightedTerms, type TextDocument, type VocabularyVectors } from './vectors.ts';

/** Vectors by feature instead of by row, so that a text costs only the rows that share a word with it. */
export interface Postings {
  readonly vectors: VocabularyVectors;
  /** `terms + 1` offsets into `rows` and `data`. */
  readonly indptr: Int32Array;
  /** Rows that have the feature, ascending. */
  readonly rows: Int32Array;
  readonly data: Float64Array;
}

/** A row and its cosine with a text, in (0, 1]. */
export interface NearRow {
  readonly row: number;
  readonly cosine: number;
}

/** Transposes the vectors. */
export function postingsOf(vectors: VocabularyVectors): Postings {
  const { documentFrequency, terms, rows: count } = vectors;
  const indptr = new Int32Array(terms + 1);
  for (let feature = 0; feature < terms; feature++) {
    indptr[feature + 1] = (indptr[feature] ?? 0) + (documentFrequency[feature] ?? 0);
  }
  const next = indptr.slice();
  const rows = new Int32Array(indptr[terms] ?? 0);
  const data = new Float64Array(rows.length);
  for (let row = 0; row < count; row++) {
    const end = vectors.indptr[row + 1] ?? 0;
    for (let at = vectors.indptr[row] ?? 0; at < end; at++) {
      const feature = vectors.indices[at] ?? 0;
      const place = next[feature] ?? 0;
      next[feature] = place + 1;
      rows[place] = row;
      data[place] = vectors.data[at] ?? 0;
    }
  }
  return { vectors, indptr, rows, data };
}

/**
 * The at most `count` rows most like a text that is none of them, by cosine, ties by position; those that share no word
 * with it are left out. The text is weighted as a row is, by the rows' document frequencies; a term that no row has
 * makes it longer and so every cosine smaller.
 */
export function nearestRows(
  { vectors, indptr, rows, data }: Postings,
  document: TextDocument,
  count: number,
): NearRow[] {
  const weights = new Map<string, number>();
  for (const [key, , weight] of weightedTerms(document)) weights.set(key, (weights.get(key) ?? 0) + weight);
  const sums = new Map<number, number>();
  let squares = 0;
  for (const [key, weight] of weights) {
    const feature = vectors.vocabulary.get(key) ?? -1;
    const df = vectors.documentFrequency[feature] ?? 0;
    const value = (1 + Math.log(weight)) * inverseFrequency(vectors.rows, df);
    squares += value * value;
    if (feature < 0) continue;
    const end = indptr[feature + 1] ?? 0;
    for (let at = indptr[feature] ?? 0; at < end; at++) {
      const row = rows[at] ?? 0;
      sums.set(row, (sums.get(row) ?? 0) + value * (data[at] ?? 0));
    }
  }
  const length = Math.sqrt(squares);
  return [...sums]
    .map(([row, sum]) => ({ row, cosine: Math.min(1, sum / length) }))
    .sort((a, b) => b.cosine - a.cosine || a.row - b.row)
    .slice(0, count);
}
