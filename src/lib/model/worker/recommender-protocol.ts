import type { EventKind, ItemIndex, Language, LocalizedText, ModelKind, ModelSnapshot } from '../../types.ts';

/** What the recommender needs to know of an item. The position in the list is the ItemIndex. */
export interface RecommenderItem {
  readonly name: LocalizedText;
  readonly brand: string;
  readonly category: string;
  readonly description: LocalizedText;
  readonly attributes: readonly { readonly name: LocalizedText; readonly value: LocalizedText }[];
  readonly popularity: number;
}

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

/** The recommender worker: light (no tfjs), always there, never blocked by training. */
export interface RecommenderService {
  /** Opens a catalogue, with or without a trained snapshot. */
  open: {
    params: { readonly items: readonly RecommenderItem[]; readonly snapshot: ModelSnapshot | null };
    progress: never;
    result: RecommenderStatus;
  };
  /** Swaps the snapshot after training; null goes back to texts and popularity. */
  useSnapshot: {
    params: { readonly snapshot: ModelSnapshot | null };
    progress: never;
    result: RecommenderStatus;
  };
  /** Folds the visitor in and fills the shelves. Liked, bought and hidden items are filtered out. */
  shelves: {
    params: { readonly events: readonly ProfileEvent[]; readonly length: number };
    progress: never;
    result: { readonly shelves: readonly Shelf[]; readonly milliseconds: number };
  };
  similar: {
    params: { readonly item: ItemIndex; readonly length: number; readonly events: readonly ProfileEvent[] };
    progress: never;
    result: { readonly basis: Basis; readonly entries: readonly ShelfEntry[] };
  };
  explain: {
    params: { readonly item: ItemIndex; readonly events: readonly ProfileEvent[] };
    progress: never;
    result: Explanation;
  };
  /**
   * Finds items by name, brand, category, description and attributes in any language, best first; a typing
   * error or an unfinished last word still finds. `language` is the page's, and breaks near ties. The query is
   * plain text, never a pattern; what is beyond 200 characters of it is ignored.
   */
  search: {
    params: { readonly query: string; readonly language: Language; readonly limit: number };
    progress: never;
    result: { readonly items: readonly ItemIndex[]; readonly milliseconds: number };
  };
  /** Item positions for the map of tastes: first two principal components of the factors, each in [-1, 1]. */
  map: {
    params: null;
    progress: never;
    result: { readonly x: Float32Array; readonly y: Float32Array } | null;
  };
}
