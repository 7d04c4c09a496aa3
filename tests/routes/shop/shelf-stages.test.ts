import { expect, it } from 'vitest';
import type { Shelf, ShelfKind } from '../../../src/lib/model/index.ts';
import type { ItemIndex } from '../../../src/lib/types.ts';
import { shelfKey, shelfStage } from '../../../src/routes/shop/shelf-stages.ts';

const shelf = (kind: ShelfKind, anchor: number | null = null): Shelf => ({
  kind,
  basis: 'text',
  anchor: anchor as ItemIndex | null,
  entries: [],
});
const BEFORE = [shelf('for-you'), shelf('because-you-liked', 1), shelf('popular')];
const NEXT = [
  shelf('for-you'),
  shelf('because-you-liked', 2),
  shelf('because-you-liked', 1),
  shelf('popular'),
];

it('replaces shelves from the top and never shows one twice', () => {
  const stages = [1, 2, 3, 4].map((count) => shelfStage(BEFORE, NEXT, count).map(shelfKey));
  expect(stages).toEqual([
    ['for-you:', 'because-you-liked:1', 'popular:'],
    ['for-you:', 'because-you-liked:2', 'popular:'],
    ['for-you:', 'because-you-liked:2', 'because-you-liked:1'],
    NEXT.map(shelfKey),
  ]);
  expect(shelfStage(BEFORE, NEXT, 1)[0]).toBe(NEXT[0]);
});

it('drops what the new shelves no longer have', () => {
  expect(shelfStage(BEFORE, [shelf('new-here')], 1).map(shelfKey)).toEqual(['new-here:']);
});
