/**
 * Positions of the k largest of one row's scores, best first, equal scores by lower position, `seen` positions
 * left out. Shorter than k where there are fewer candidates.
 */
export function topKReference(scores: ArrayLike<number>, seen: ReadonlySet<number>, k: number): number[] {
  return Array.from(scores, (score, item) => ({ score, item }))
    .filter(({ item }) => !seen.has(item))
    .sort((first, second) => second.score - first.score || first.item - second.item)
    .slice(0, k)
    .map(({ item }) => item);
}
