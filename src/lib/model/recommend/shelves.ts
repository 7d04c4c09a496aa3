import type { ItemIndex } from '../../types.ts';
import type { Catalogue } from './catalogue.ts';
import { diversePopular } from './diversity.ts';
import { reasonFor, reasonFrom } from './explain.ts';
import { settledItems, settledOrBasketItems } from './filters.ts';
import type { ItemFactors } from './item-factors.ts';
import type { Preference } from './preference.ts';
import { topK } from './scoring.ts';
import { similarities, type Similarities } from './similar.ts';
import type { ProfileEvent, Shelf, ShelfEntry } from './types.ts';
import { recentLikes, type Visitor } from './visitor.ts';

/** Because-you-liked shelves at most. */
const MAX_ANCHORS = 2;
/** A second anchor must be less alike to the first than this, or both shelves would show the same. */
const ANCHOR_MAX_SIMILARITY = 0.5;

/** What shelves are filled from. */
export interface ShelfInput {
  readonly catalogue: Catalogue;
  /** Null without a trained model. */
  readonly factors: ItemFactors | null;
  readonly events: readonly ProfileEvent[];
  readonly visitor: Visitor;
  /** Null where nothing speaks for an item. */
  readonly preference: Preference | null;
  /** Entries a shelf has at most. */
  readonly length: number;
}

/**
 * The shelves of a page, in order: for you and because you liked (where something speaks for an item), else new
 * here; and popular. Personal shelves do not repeat each other's items; a shelf that would be empty is left out.
 */
export function fillShelves(input: ShelfInput): Shelf[] {
  const { catalogue, events, preference } = input;
  const unwanted = settledOrBasketItems(events, catalogue.items.length);
  const personal = preference === null ? [] : personalShelves(input, preference, unwanted);
  const welcome = personal.length > 0 ? [] : [newHereShelf(input, unwanted)];
  const popular = popularShelf(input, settledItems(events, catalogue.items.length));
  return [...personal, ...welcome, popular].filter(({ entries }) => entries.length > 0);
}

function personalShelves(input: ShelfInput, preference: Preference, unwanted: Uint8Array): Shelf[] {
  const shown = Uint8Array.from(unwanted);
  const shelves: Shelf[] = [];
  const put = (shelf: Shelf): void => {
    if (shelf.entries.length === 0) return;
    for (const { item } of shelf.entries) shown[item] = 1;
    shelves.push(shelf);
  };
  put(forYouShelf(input, preference, shown));
  for (const anchor of anchors(input)) put(becauseYouLikedShelf(input, preference, anchor, shown));
  return shelves;
}

function forYouShelf({ visitor, length }: ShelfInput, preference: Preference, shown: Uint8Array): Shelf {
  const { scores, threshold } = preference;
  const entries = scores.best(length, shown, threshold).map((item) => ({
    item,
    score: scores.of(item),
    reason: reasonFor(preference.contributions(item), visitor),
  }));
  return { kind: 'for-you', basis: preference.basis, anchor: null, entries };
}

interface Anchor {
  readonly item: ItemIndex;
  readonly similar: Similarities;
}

/** The visitor's strongest recent likes that are not much alike, at most MAX_ANCHORS. */
function anchors({ catalogue, factors, visitor }: ShelfInput): Anchor[] {
  const chosen: Anchor[] = [];
  for (const { item } of recentLikes(visitor)) {
    if (chosen.length === MAX_ANCHORS) break;
    if (chosen.some(({ similar }) => (similar.scores[item] ?? 0) >= ANCHOR_MAX_SIMILARITY)) continue;
    chosen.push({ item, similar: similarities(item, factors, catalogue) });
  }
  return chosen;
}

/** The items most like the anchor, of those for which liking the anchor really speaks. */
function becauseYouLikedShelf(
  { visitor, length }: ShelfInput,
  preference: Preference,
  anchor: Anchor,
  shown: Uint8Array,
): Shelf {
  const { basis, scores } = anchor.similar;
  const entries: ShelfEntry[] = [];
  // Some of the most alike may owe the anchor nothing; twice as many as asked for are enough to choose from.
  for (const item of topK(scores, 2 * length, shown, 0)) {
    if (entries.length === length) break;
    const reason = reasonFrom(anchor.item, preference.contributions(item), visitor);
    if (reason !== null && reason.share > 0) {
      entries.push({ item, score: scores[item] ?? 0, reason });
    }
  }
  return { kind: 'because-you-liked', basis, anchor: anchor.item, entries };
}

function popularShelf({ catalogue: { popularity }, length }: ShelfInput, settled: Uint8Array): Shelf {
  return popularityShelf('popular', topK(popularity, length, settled, 0), popularity);
}

function newHereShelf({ catalogue, length }: ShelfInput, unwanted: Uint8Array): Shelf {
  return popularityShelf('new-here', diversePopular(catalogue, unwanted, length), catalogue.popularity);
}

function popularityShelf(
  kind: 'popular' | 'new-here',
  items: readonly ItemIndex[],
  popularity: Float64Array,
): Shelf {
  const entries = items.map((item) => ({ item, score: popularity[item] ?? 0, reason: null }));
  return { kind, basis: 'popularity', anchor: null, entries };
}
