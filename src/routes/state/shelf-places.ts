import type { Shelf } from '../../lib/model/index.ts';
import type { ItemIndex } from '../../lib/types.ts';

/** A product this far below the best of its "because you liked" shelf is no longer there because of that. */
const MIN_SHARE_OF_BEST = 0.3;
/** A "because you liked" shelf with fewer products says nothing. */
const MIN_ENTRIES = 4;

/**
 * Shelves on which no product stands twice: an earlier shelf keeps it. What is then left of a "because you liked"
 * shelf must still deserve its name. Empty shelves are left out.
 */
export function withoutRepeats(shelves: readonly Shelf[], length: number): readonly Shelf[] {
  const placed = new Set<ItemIndex>();
  return shelves.flatMap((shelf) => {
    const isAnchored = shelf.kind === 'because-you-liked';
    const least = isAnchored ? (shelf.entries[0]?.score ?? 0) * MIN_SHARE_OF_BEST : -Infinity;
    const entries = shelf.entries
      .filter(({ item, score }) => score >= least && !placed.has(item))
      .slice(0, length);
    if (entries.length < (isAnchored ? MIN_ENTRIES : 1)) return [];
    for (const { item } of entries) placed.add(item);
    return [{ ...shelf, entries }];
  });
}

/** How many places of a shelf hold another product than before. */
export function changedPlaces(before: Shelf, after: Shelf): number {
  return after.entries.filter((entry, place) => before.entries[place]?.item !== entry.item).length;
}
