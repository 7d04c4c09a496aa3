import type { Shelf } from '../../lib/model/index.ts';
import type { ItemIndex } from '../../lib/types.ts';

/** Shelves on which no product stands twice: an earlier shelf keeps it. Empty shelves are left out. */
export function withoutRepeats(shelves: readonly Shelf[], length: number): readonly Shelf[] {
  const placed = new Set<ItemIndex>();
  return shelves.flatMap((shelf) => {
    const entries = shelf.entries.filter(({ item }) => !placed.has(item)).slice(0, length);
    for (const { item } of entries) placed.add(item);
    return entries.length === 0 ? [] : [{ ...shelf, entries }];
  });
}

/** How many places of a shelf hold another product than before. */
export function changedPlaces(before: Shelf, after: Shelf): number {
  return after.entries.filter((entry, place) => before.entries[place]?.item !== entry.item).length;
}
