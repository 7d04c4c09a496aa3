import type { EventKind, Item, ItemIndex, Language, ModelKind } from '../../types.ts';

/** What the recommender needs to know of an item. The position in the list is the ItemIndex. */
export type RecommenderItem = Pick<
  Item,
  'name' | 'brand' | 'category' | 'description' | 'attributes' | 'popularity' | 'ratingCounts'
>;

/** A visitor's event, resolved to the open catalogue. */
export interface ProfileEvent {
  readonly id: string;
  readonly item: ItemIndex;
  readonly kind: EventKind;
  /** 1–5 for `rate` and `review`, else 0. */
  readonly stars: number;
  /** Seconds of `dwell`, else 0. */
  readonly seconds: number;
  readonly at: number;
}

/** What the scores of a shelf rest on. */
export type Basis = 'factors' | 'text' | 'popularity';

export type ShelfKind = 'for-you' | 'because-you-liked' | 'popular' | 'new-here';

/** The part of the visitor's history that speaks most for an item. */
export interface Reason {
  readonly item: ItemIndex;
  /** The kind and stars of the strongest event on it. */
  readonly kind: EventKind;
  readonly stars: number;
  /** Share of the sum of all positive contributions, 0–1. */
  readonly share: number;
}

export interface ShelfEntry {
  readonly item: ItemIndex;
  readonly score: number;
  readonly reason: Reason | null;
}

export interface Shelf {
  readonly kind: ShelfKind;
  readonly basis: Basis;
  /** The liked item of `because-you-liked`; null otherwise. */
  readonly anchor: ItemIndex | null;
  readonly entries: readonly ShelfEntry[];
}

/** One named term of a score. The terms of an explanation sum to its score (within 1e-4). */
export type Term =
  | {
      readonly type: 'history';
      /** The item the visitor acted on. */
      readonly item: ItemIndex;
      readonly contribution: number;
      /** The item's share split over its events in proportion to their strength. */
      readonly events: readonly {
        readonly id: string;
        readonly kind: EventKind;
        readonly stars: number;
        readonly contribution: number;
      }[];
    }
  /** What everything the visitor has not touched contributes (logistic model), or community popularity. */
  | { readonly type: 'background' | 'popularity'; readonly contribution: number };

export interface Explanation {
  readonly item: ItemIndex;
  readonly basis: Basis;
  readonly score: number;
  /** Position among all items not filtered out, 1-based; null where the item itself is filtered out. */
  readonly rank: number | null;
  readonly candidates: number;
  /** Largest first. */
  readonly terms: readonly Term[];
  /**
   * Words that the item shares with the visitor's history (text basis), the strongest first, by language; empty
   * otherwise. Where a pack has texts in one language only, the other lists are empty.
   */
  readonly sharedWords: Readonly<Record<Language, readonly string[]>>;
}

/** What the open recommender works from. */
export interface RecommenderStatus {
  readonly items: number;
  readonly model: ModelKind | null;
  readonly factors: number;
}
