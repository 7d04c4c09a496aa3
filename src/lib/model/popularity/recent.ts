import type { CsrMatrix } from '../matrix/csr.ts';

const SECONDS_PER_DAY = 86_400;

/**
 * Popularity that fades: an interaction counts ½ for every `halfLifeDays` that it is older than the latest one.
 * `timestamps` are seconds, an entry an entry of `strengths`; entries that are not above 0 do not count.
 */
export function recentPopularity(
  strengths: CsrMatrix,
  timestamps: Float64Array,
  halfLifeDays: number,
): Float32Array<ArrayBuffer> {
  const latest = timestamps.reduce((most, time) => Math.max(most, time), -Infinity);
  const scores = new Float64Array(strengths.columns);
  strengths.indices.forEach((item, entry) => {
    if ((strengths.data[entry] ?? 0) <= 0) return;
    const days = (latest - (timestamps[entry] ?? 0)) / SECONDS_PER_DAY;
    scores[item] = (scores[item] ?? 0) + 2 ** (-days / halfLifeDays);
  });
  return Float32Array.from(scores);
}
