import type { CsrMatrix } from '../matrix/csr.ts';

/**
 * The baseline that knows no person: an item's score is the number of users with a positive strength for it.
 * One score a column of the user–item matrix.
 */
export function popularityScores(strengths: CsrMatrix): Float32Array<ArrayBuffer> {
  const scores = new Float32Array(strengths.columns);
  strengths.indices.forEach((item, entry) => {
    if ((strengths.data[entry] ?? 0) > 0) scores[item] = (scores[item] ?? 0) + 1;
  });
  return scores;
}
