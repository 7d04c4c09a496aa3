import type { CsrMatrix } from '../matrix/csr.ts';

/**
 * What lists do to the catalogue. `lists` are the first k of each user (negative positions are empty places);
 * `popularity` the train entries of each item.
 */
export interface CatalogueQuality {
  /** Share of the items that stand in at least one list. */
  readonly coverage: number;
  /** Mean −log₂(n_i / users) of what is shown, n_i at least 1: bits of surprise (Vargas & Castells 2011, self-information). */
  readonly novelty: number;
  /**
   * Gini coefficient of how often items are shown: 0 all alike, towards 1 a few only. With shown counts c ascending,
   * G = Σ_j (2j − n − 1) c_j / (n Σ c), j from 1.
   */
  readonly gini: number;
  /** Share of what is shown that lies outside the short head. */
  readonly longTailShare: number;
  /** Mean train popularity of what is shown over that of what these users had in train, less 1 (Abdollahpouri 2019); 0 is faithful. */
  readonly popularityLift: number;
}

/** Items that make up this share of the train entries, most popular first, are the short head; the others the long tail. */
const HEAD_SHARE = 0.8;

/** 1 for each item of the long tail. Of equally popular items the lower position is the more popular one. */
export function longTail(popularity: ArrayLike<number>): Uint8Array {
  const order = Array.from({ length: popularity.length }, (_, item) => item).sort(
    (a, b) => (popularity[b] ?? 0) - (popularity[a] ?? 0) || a - b,
  );
  const total = order.reduce((sum, item) => sum + (popularity[item] ?? 0), 0);
  const tail = new Uint8Array(popularity.length);
  let before = 0;
  for (const item of order) {
    if (before >= HEAD_SHARE * total) tail[item] = 1;
    before += popularity[item] ?? 0;
  }
  return tail;
}

/**
 * `profilePopularity` is the mean over the same users of the mean popularity of their train items. All 0 where nothing
 * is shown.
 */
export function catalogueQuality(
  lists: readonly ArrayLike<number>[],
  popularity: ArrayLike<number>,
  users: number,
  profilePopularity: number,
): CatalogueQuality {
  const items = popularity.length;
  const tail = longTail(popularity);
  const count = new Float64Array(items);
  let shown = 0;
  let surprise = 0;
  let popular = 0;
  let rare = 0;
  for (const list of lists) {
    for (let rank = 0; rank < list.length; rank++) {
      const item = list[rank] ?? -1;
      if (item < 0) continue;
      count[item] = (count[item] ?? 0) + 1;
      shown++;
      const known = popularity[item] ?? 0;
      surprise -= Math.log2(Math.max(1, known) / users);
      popular += known;
      rare += tail[item] ?? 0;
    }
  }
  if (shown === 0) return { coverage: 0, novelty: 0, gini: 0, longTailShare: 0, popularityLift: 0 };
  let spread = 0;
  count.toSorted().forEach((times, at) => (spread += (2 * (at + 1) - items - 1) * times));
  return {
    coverage: count.reduce((sum, times) => sum + Number(times > 0), 0) / items,
    novelty: surprise / shown,
    gini: spread / (items * shown),
    longTailShare: rare / shown,
    popularityLift: profilePopularity === 0 ? 0 : popular / shown / profilePopularity - 1,
  };
}

/**
 * Recall over the relevant test items with a 1 in `mask` alone, of each user who has one, in their order; list r belongs to
 * `users[r]`, a row of `test`.
 */
export function recallWithin(
  test: CsrMatrix,
  relevantFrom: number,
  users: ArrayLike<number>,
  lists: readonly ArrayLike<number>[],
  mask: ArrayLike<number>,
): Float64Array<ArrayBuffer> {
  const recalls: number[] = [];
  lists.forEach((list, row) => {
    const user = users[row] ?? 0;
    const shown = new Set(Array.from(list));
    let relevant = 0;
    let found = 0;
    for (let entry = test.indptr[user] ?? 0; entry < (test.indptr[user + 1] ?? 0); entry++) {
      const item = test.indices[entry] ?? 0;
      if (mask[item] !== 1 || (test.data[entry] ?? 0) < relevantFrom) continue;
      relevant++;
      found += Number(shown.has(item));
    }
    if (relevant > 0) recalls.push(found / relevant);
  });
  return Float64Array.from(recalls);
}
