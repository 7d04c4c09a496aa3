import { sharedKeywords } from '../../text/index.ts';
import type { ItemIndex, ModelKind, ModelSnapshot } from '../../types.ts';
import { runInSlices } from '../backends/slices.ts';
import { Catalogue } from './catalogue.ts';
import { termsOf } from './explain.ts';
import { settledItems, settledOrBasketItems } from './filters.ts';
import { ialsFoldIn, type FoldIn } from './fold-in.ts';
import { logisticFoldIn } from './fold-in-logistic.ts';
import { itemFactors, type ItemFactors } from './item-factors.ts';
import { SCREEN_FROM, type ItemScreen } from './item-screen.ts';
import { monitor, type Monitored, type MonitorReport } from './monitor.ts';
import type { Preference } from './preference.ts';
import { principalComponents } from './principal-components.ts';
import { rankOf, topK } from './scoring.ts';
import { fillShelves } from './shelves.ts';
import { similarities } from './similar.ts';
import { likedWords, textPreference } from './text-profile.ts';
import type {
  Basis,
  Explanation,
  ProfileEvent,
  RecommenderItem,
  RecommenderStatus,
  Shelf,
  ShelfEntry,
} from './types.ts';
import { checkEvents, checkItem, checkItems, checkLength, checkSnapshot } from './validate.ts';
import { visitorOf, type Visitor } from './visitor.ts';

/** Words named at most for an item, in each language. */
const MAX_SHARED_WORDS = 5;

interface Trained {
  readonly model: ModelKind;
  /** Of the snapshot, what tells how it does later. */
  readonly about: Monitored['snapshot'];
  readonly factors: ItemFactors;
  readonly foldIn: FoldIn;
  readonly screen: ItemScreen | null;
}

/** What an item is like another by, and the items. */
export interface SimilarItems {
  readonly basis: Basis;
  readonly entries: readonly ShelfEntry[];
}

/**
 * Recommends from a catalogue and, where there is one, a trained model. Keeps nothing of the visitor between
 * calls: an answer depends on the events it is asked with alone, so what was deleted has no echo.
 */
export class Recommender {
  readonly #catalogue: Catalogue;
  #trained: Trained | null = null;

  /** Throws `input-invalid` for a catalogue, `snapshot-corrupt` for a snapshot that cannot be used. */
  constructor(items: readonly RecommenderItem[], snapshot: ModelSnapshot | null) {
    checkItems(items);
    this.#catalogue = new Catalogue(items);
    this.useSnapshot(snapshot);
  }

  get status(): RecommenderStatus {
    return {
      items: this.#catalogue.items.length,
      model: this.#trained?.model ?? null,
      factors: this.#trained?.factors.factors ?? 0,
    };
  }

  /** Swaps the model; null goes back to texts and popularity. A snapshot that is refused changes nothing. */
  useSnapshot(snapshot: ModelSnapshot | null): void {
    if (snapshot === null) {
      this.#trained = null;
      return;
    }
    const { items } = this.#catalogue;
    checkSnapshot(snapshot, items.length);
    const factors = itemFactors(items, snapshot, () => this.#catalogue.texts());
    const fold = { ials: ialsFoldIn, logistic: logisticFoldIn }[snapshot.model];
    const foldIn = fold(factors, snapshot.hyperparameters);
    const { model, trainedAt, quality, hyperparameters } = snapshot;
    this.#trained = {
      model,
      about: { model, trainedAt, quality, hyperparameters },
      factors,
      foldIn,
      screen: null,
    };
  }

  /** The factors that would be ranked faster by a screen; null where there are none, or too few to matter. */
  get toScreen(): ItemFactors | null {
    // the logistic fold-in needs all scores anyway
    if (this.#trained?.model !== 'ials') return null;
    const { factors, screen } = this.#trained;
    return screen === null && factors.items >= SCREEN_FROM ? factors : null;
  }

  /** Ranks by a screen of these factors from now on, where they are still in use. Changes no answer. */
  useScreen(factors: ItemFactors, screen: ItemScreen): void {
    if (this.#trained?.factors === factors) this.#trained = { ...this.#trained, screen };
  }

  get screened(): boolean {
    return this.#trained !== null && this.#trained.screen !== null;
  }

  /** The shelves for a visitor with these events, each with at most `length` entries. Throws `input-invalid`. */
  shelves(events: readonly ProfileEvent[], length: number): Shelf[] {
    checkEvents(events, this.#catalogue.items.length);
    checkLength(length);
    const visitor = visitorOf(events);
    return fillShelves({
      catalogue: this.#catalogue,
      factors: this.#trained?.factors ?? null,
      events,
      visitor,
      preference: this.#preference(visitor),
      length,
    });
  }

  /** The items most like one, without those the visitor has settled. Throws `input-invalid`. */
  similar(item: ItemIndex, length: number, events: readonly ProfileEvent[]): SimilarItems {
    const { length: items } = this.#catalogue.items;
    checkItem(item, items);
    checkLength(length);
    checkEvents(events, items);
    const { basis, scores } = similarities(item, this.#trained?.factors ?? null, this.#catalogue);
    const excluded = settledItems(events, items);
    excluded[item] = 1;
    const entries = topK(scores, length, excluded, 0).map((other) => ({
      item: other,
      score: scores[other] ?? 0,
      reason: null,
    }));
    return { basis, entries };
  }

  /** Why an item has its score for a visitor with these events. Throws `input-invalid`. */
  explain(item: ItemIndex, events: readonly ProfileEvent[]): Explanation {
    const { items, popularity } = this.#catalogue;
    checkItem(item, items.length);
    checkEvents(events, items.length);
    const visitor = visitorOf(events);
    const excluded = settledOrBasketItems(events, items.length);
    const preference = this.#preference(visitor);
    const scores = preference?.scores.all ?? popularity;
    const score = scores[item] ?? 0;
    return {
      item,
      ...(preference === null
        ? {
            basis: 'popularity',
            terms: [{ type: 'popularity', contribution: score }],
            sharedWords: { en: [], zh: [] },
          }
        : this.#because(item, visitor, preference)),
      score,
      rank: excluded[item] === 1 ? null : rankOf(scores, item, excluded),
      candidates: items.length - excluded.reduce((sum, flag) => sum + flag, 0),
    };
  }

  /**
   * How well the model in use has predicted the visitor since it was trained; null without a model. Lets other calls
   * in between its steps. Throws `input-invalid`; rejects with `cancelled`.
   */
  async monitor(events: readonly ProfileEvent[], signal?: AbortSignal): Promise<MonitorReport | null> {
    checkEvents(events, this.#catalogue.items.length);
    if (this.#trained === null) return null;
    const { about: snapshot, factors, foldIn } = this.#trained;
    const steps = monitor(events, { catalogue: this.#catalogue, factors, foldIn, snapshot });
    return await runInSlices(steps, signal, 1);
  }

  /** First two principal components of the item factors, each in [-1, 1]; null without a trained model. */
  map(): ReturnType<typeof principalComponents> | null {
    if (this.#trained === null) return null;
    const { data, items, factors } = this.#trained.factors;
    return principalComponents(data, items, factors);
  }

  /** Null where nothing speaks for an item: no events, or dislikes only. */
  #preference(visitor: Visitor): Preference | null {
    if (!visitor.hasPositive) return null;
    if (this.#trained !== null) return this.#trained.foldIn.fold(visitor.row, this.#trained.screen);
    return textPreference(this.#catalogue.texts(), this.#catalogue.popularity, visitor);
  }

  #because(
    item: ItemIndex,
    visitor: Visitor,
    preference: Preference,
  ): Pick<Explanation, 'basis' | 'terms' | 'sharedWords'> {
    const fromText = preference.basis === 'text' || this.#trained?.factors.fromText[item] === 1;
    const texts = fromText ? this.#catalogue.texts() : null;
    return {
      basis: fromText ? 'text' : preference.basis,
      terms: termsOf(preference.contributions(item), visitor),
      sharedWords:
        texts === null
          ? { en: [], zh: [] }
          : sharedKeywords(texts, item, likedWords(texts, visitor), MAX_SHARED_WORDS),
    };
  }
}
