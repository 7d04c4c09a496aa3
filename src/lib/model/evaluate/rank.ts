import { AppError } from '../../errors.ts';

/**
 * The k items of highest score that are not in `seen` (ascending item positions), best first; of equal scores
 * the lower position comes first, so a ranking never depends on the device or the engine's sort. Fewer than k
 * where fewer are left or above `threshold`. Throws `training-diverged` for a score that is not finite: a NaN would sort anywhere.
 */
export function rankTopK(
  scores: ArrayLike<number>,
  seen: ArrayLike<number>,
  k: number,
  threshold = -Infinity,
): Int32Array<ArrayBuffer> {
  const best: { item: number; score: number }[] = []; // descending; at most k
  /** The score to beat; most items stop at it. */
  let floor = threshold;
  let nextSeen = 0;
  for (let item = 0; item < scores.length; item++) {
    const score = scores[item] ?? NaN;
    if (!Number.isFinite(score)) {
      throw new AppError('training-diverged', `The score of item ${item} is not a finite number.`, {
        values: { item, score },
        remedy: 'Train again with more regularization or a lower learning rate.',
      });
    }
    if (seen[nextSeen] === item) {
      nextSeen++;
      continue;
    }
    if (score <= floor) continue;
    // Insertion behind its equals: k is small.
    let position = best.length;
    while (position > 0 && (best[position - 1]?.score ?? Infinity) < score) position--;
    best.splice(position, 0, { item, score });
    if (best.length > k) best.pop();
    if (best.length === k) floor = best.at(-1)?.score ?? Infinity;
  }
  return Int32Array.from(best, (entry) => entry.item);
}
