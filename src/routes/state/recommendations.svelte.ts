import { AppError } from '../../lib/errors.ts';
import type {
  Explanation,
  MonitorReport,
  ProfileEvent,
  RecommenderService,
  RecommenderStatus,
  Shelf,
  ShelfEntry,
} from '../../lib/model/index.ts';
import type { RpcClient } from '../../lib/rpc/index.ts';
import type { Item, ItemIndex, Language, ModelSnapshot } from '../../lib/types.ts';
import { changedPlaces, withoutRepeats } from './shelf-places.ts';
import type { Change } from './visitor.svelte.ts';

/** The recommender worker as the page uses it. */
export type Recommender = Pick<RpcClient<RecommenderService>, 'call'>;

/** What moved the shelf last, and how much. */
export interface Move {
  readonly cause: Change | 'model';
  /** Places of the first shelf whose product changed. */
  readonly moved: number;
}

/** Products on a shelf. */
const SHELF_LENGTH = 12;
/** Asked of the worker: enough to fill a shelf whose best products stand on an earlier one. */
const ASKED_LENGTH = 30;

/** The shelves, re-ranked after every event by the recommender worker; never by this thread. */
export class Recommendations {
  readonly #start: () => Recommender;
  #worker: Recommender | null = null;
  #shelves = $state.raw<readonly Shelf[]>([]);
  #status = $state.raw<RecommenderStatus | null>(null);
  #milliseconds = $state<number | null>(null);
  #move = $state.raw<Move | null>(null);
  #error = $state.raw<AppError | null>(null);
  /** Counts catalogues and models, so that whoever shows results knows to ask again. */
  #version = $state(0);
  #profile: readonly ProfileEvent[] = [];
  #pending: { readonly profile: readonly ProfileEvent[]; readonly cause: Change | 'model' | null } | null =
    null;
  #running: Promise<void> | null = null;

  /** `start` starts the worker, at the first call. */
  constructor(start: () => Recommender) {
    this.#start = start;
  }

  get shelves(): readonly Shelf[] {
    return this.#shelves;
  }
  get status(): RecommenderStatus | null {
    return this.#status;
  }
  /** Time the last re-ranking took in the worker. */
  get milliseconds(): number | null {
    return this.#milliseconds;
  }
  get move(): Move | null {
    return this.#move;
  }
  get error(): AppError | null {
    return this.#error;
  }
  get version(): number {
    return this.#version;
  }

  /** Opens a catalogue with the model kept for it, if any. */
  async open(items: readonly Item[], snapshot: ModelSnapshot | null): Promise<void> {
    this.#shelves = [];
    this.#move = null;
    this.#status = await this.#open().call('open', { items, snapshot });
    this.#version++;
  }

  /** Takes a newly trained model into use (null: none) and re-ranks. */
  async useSnapshot(snapshot: ModelSnapshot | null): Promise<void> {
    this.#status = await this.#open().call('useSnapshot', { snapshot });
    this.#version++;
    await this.refresh(this.#profile, 'model');
  }

  /**
   * Re-ranks the shelves for a history. While one re-ranking runs only the newest request waits. A failure is in
   * `error`; the shelves stay as they were.
   */
  async refresh(profile: readonly ProfileEvent[], cause: Change | 'model' | null): Promise<void> {
    this.#pending = { profile, cause };
    this.#running ??= this.#drain();
    await this.#running;
  }

  /** Resolves when no re-ranking is under way. */
  async ranked(): Promise<void> {
    await this.#running;
  }

  async similar(
    item: ItemIndex,
    profile: readonly ProfileEvent[],
    length = SHELF_LENGTH,
  ): Promise<readonly ShelfEntry[]> {
    return (await this.#open().call('similar', { item, length, events: profile })).entries;
  }

  async explain(item: ItemIndex, profile: readonly ProfileEvent[]): Promise<Explanation> {
    return await this.#open().call('explain', { item, events: profile });
  }

  /** Items that match a text, best first. */
  async search(query: string, language: Language, limit: number): Promise<readonly ItemIndex[]> {
    return (await this.#open().call('search', { query, language, limit })).items;
  }

  /** What the reviews of a product say for and against it. */
  async opinions(
    params: RecommenderService['opinions']['params'],
  ): Promise<RecommenderService['opinions']['result']> {
    return await this.#open().call('opinions', params);
  }

  /** Item positions for the map of tastes: of the given factors, else of the model in use; null without one. */
  async map(factors: RecommenderService['map']['params']): Promise<RecommenderService['map']['result']> {
    return await this.#open().call('map', factors);
  }

  /** How well the model in use has predicted this history since it was trained; null without a model. */
  async monitor(profile: readonly ProfileEvent[], signal: AbortSignal): Promise<MonitorReport | null> {
    return await this.#open().call('monitor', { events: profile }, { signal });
  }

  async #drain(): Promise<void> {
    try {
      for (let next = this.#pending; next !== null; next = this.#pending) {
        this.#pending = null;
        this.#profile = next.profile;
        await this.#rank(next.profile, next.cause);
      }
    } finally {
      this.#running = null;
    }
  }

  async #rank(profile: readonly ProfileEvent[], cause: Change | 'model' | null): Promise<void> {
    try {
      const before = this.#shelves[0] ?? null;
      const result = await this.#open().call('shelves', { events: profile, length: ASKED_LENGTH });
      this.#shelves = withoutRepeats(result.shelves, SHELF_LENGTH);
      this.#milliseconds = result.milliseconds;
      const after = this.#shelves[0];
      this.#move =
        cause === null || before === null || after === undefined
          ? null
          : { cause, moved: changedPlaces(before, after) };
      this.#error = null;
    } catch (error) {
      this.#error = AppError.from(error);
    }
  }

  #open(): Recommender {
    this.#worker ??= this.#start();
    return this.#worker;
  }
}
