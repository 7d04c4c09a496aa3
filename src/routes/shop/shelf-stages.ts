import type { Shelf } from '../../lib/model/index.ts';

/** What makes a shelf the same one after a re-ranking. */
export function shelfKey(shelf: Shelf): string {
  return `${shelf.kind}:${shelf.anchor ?? ''}`;
}

/**
 * What is on show while new shelves replace old ones from the top, `count` of them so far: below them the old ones
 * stay at their places, but for those that have moved up.
 */
export function shelfStage(
  before: readonly Shelf[],
  next: readonly Shelf[],
  count: number,
): readonly Shelf[] {
  const replaced = next.slice(0, count);
  const keys = new Set(replaced.map(shelfKey));
  return [...replaced, ...before.slice(count, next.length).filter((shelf) => !keys.has(shelfKey(shelf)))];
}
