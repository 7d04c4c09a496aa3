/**
 * Ranking metrics for one user, binary relevance, as plain loops over the definition. `ranked` is the list as
 * shown, best first, without duplicates; `relevant` the held-out items, at least one. Definitions: Järvelin &
 * Kekäläinen 2002 (DCG), Voorhees 1999 (MRR), Manning, Raghavan & Schütze 2008, ch. 8 (precision, recall).
 */

/**
 * DCG@k over the ideal DCG@k: a hit at rank r (1-based) gains 1 / log2(r + 1), and the ideal list has
 * min(k, |relevant|) hits on top (the convention of both the LightGCN and the VAE line of code).
 */
export function ndcgAtK(ranked: ArrayLike<number>, relevant: ReadonlySet<number>, k: number): number {
  let dcg = 0;
  for (let rank = 1; rank <= Math.min(k, ranked.length); rank++) {
    if (isHit(ranked, relevant, rank)) dcg += 1 / Math.log2(rank + 1);
  }
  let ideal = 0;
  for (let rank = 1; rank <= Math.min(k, relevant.size); rank++) ideal += 1 / Math.log2(rank + 1);
  return dcg / ideal;
}

/** Hits among the first k, over all relevant items (the LightGCN line of code). */
export function recallAtK(ranked: ArrayLike<number>, relevant: ReadonlySet<number>, k: number): number {
  return hits(ranked, relevant, k) / relevant.size;
}

/**
 * Hits among the first k, over min(k, |relevant|), so that 1 can always be reached (Liang et al. 2018 and the VAE
 * line of code). Never below `recallAtK`; name which one a figure is.
 */
export function truncatedRecallAtK(
  ranked: ArrayLike<number>,
  relevant: ReadonlySet<number>,
  k: number,
): number {
  return hits(ranked, relevant, k) / Math.min(k, relevant.size);
}

/** Hits among the first k, over k, also where fewer than k items were left to rank. */
export function precisionAtK(ranked: ArrayLike<number>, relevant: ReadonlySet<number>, k: number): number {
  return hits(ranked, relevant, k) / k;
}

/** 1 where at least one of the first k is relevant, else 0. */
export function hitRateAtK(ranked: ArrayLike<number>, relevant: ReadonlySet<number>, k: number): number {
  return hits(ranked, relevant, k) > 0 ? 1 : 0;
}

/** 1 / rank of the first relevant item among the first k, else 0. Its mean over users is MRR@k. */
export function reciprocalRankAtK(
  ranked: ArrayLike<number>,
  relevant: ReadonlySet<number>,
  k: number,
): number {
  for (let rank = 1; rank <= Math.min(k, ranked.length); rank++) {
    if (isHit(ranked, relevant, rank)) return 1 / rank;
  }
  return 0;
}

/**
 * Mean of the precisions at the ranks of the hits among the first k, over min(k, |relevant|), so that 1 can always be
 * reached. Its mean over users is MAP@k.
 */
export function averagePrecisionAtK(
  ranked: ArrayLike<number>,
  relevant: ReadonlySet<number>,
  k: number,
): number {
  let found = 0;
  let sum = 0;
  for (let rank = 1; rank <= Math.min(k, ranked.length); rank++) {
    if (!isHit(ranked, relevant, rank)) continue;
    found++;
    sum += found / rank;
  }
  return sum / Math.min(k, relevant.size);
}

/** Harmonic mean of `precisionAtK` and `recallAtK`; 0 without a hit. */
export function f1AtK(ranked: ArrayLike<number>, relevant: ReadonlySet<number>, k: number): number {
  return (2 * hits(ranked, relevant, k)) / (k + relevant.size);
}

function hits(ranked: ArrayLike<number>, relevant: ReadonlySet<number>, k: number): number {
  let count = 0;
  for (let rank = 1; rank <= Math.min(k, ranked.length); rank++) {
    if (isHit(ranked, relevant, rank)) count++;
  }
  return count;
}

function isHit(ranked: ArrayLike<number>, relevant: ReadonlySet<number>, rank: number): boolean {
  const item = ranked[rank - 1];
  return item !== undefined && relevant.has(item);
}
