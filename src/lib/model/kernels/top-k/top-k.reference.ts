/** S = X Yᵀ for row-major m × k `users` and n × k `items`: S_ui = x_uᵀ y_i. */
export function scoreReference(users: Float32Array, items: Float32Array, k: number): Float64Array {
  const m = users.length / k;
  const n = items.length / k;
  const scores = new Float64Array(m * n);
  for (let u = 0; u < m; u++) {
    for (let i = 0; i < n; i++) {
      for (let p = 0; p < k; p++) {
        scores[u * n + i] = (scores[u * n + i] ?? 0) + (users[u * k + p] ?? 0) * (items[i * k + p] ?? 0);
      }
    }
  }
  return scores;
}

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
