import type { Opinions } from '../../text/opinions/index.ts';
import type { ItemIndex, Language, ModelSnapshot } from '../../types.ts';
import type { MonitorReport } from '../recommend/monitor.ts';
import type {
  Basis,
  Explanation,
  ProfileEvent,
  RecommenderItem,
  RecommenderStatus,
  Shelf,
  ShelfEntry,
} from '../recommend/types.ts';

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
    result: {
      readonly shelves: readonly Shelf[];
      readonly milliseconds: number;
      /** Whether the items were screened in 8 bits first: the same shelves, sooner. */
      readonly screened: boolean;
    };
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
  /** How well the model in use has predicted the visitor since it was trained; null without one. Can be cancelled. */
  monitor: {
    params: { readonly events: readonly ProfileEvent[] };
    progress: never;
    result: MonitorReport | null;
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
  /**
   * What the reviews of a product say for and against it, in the page's language where they are in it. `sentiment` is
   * the text of the pack's trained model; null goes by word lists. Rejects with `input-invalid` for a broken model.
   */
  opinions: {
    params: {
      readonly texts: readonly string[];
      /** The product's. */
      readonly name: string;
      readonly language: Language;
      readonly sentiment: string | null;
    };
    progress: never;
    result: Opinions;
  };
  /**
   * Item positions for the map of tastes: first two principal components of the factors, each in [-1, 1]. Of the
   * model in use (null without one), or of the given factors, row-major, items × factors: a run in progress.
   */
  map: {
    params: {
      readonly itemFactors: Float32Array<ArrayBuffer>;
      readonly items: number;
      readonly factors: number;
    } | null;
    progress: never;
    result: { readonly x: Float32Array; readonly y: Float32Array } | null;
  };
}
