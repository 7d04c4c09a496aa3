import { AppError } from '../../lib/errors.ts';
import { createImporter } from '../../lib/import/import-client.ts';
import { catalogueOf, joinCatalogues, type PastCatalogue } from '../../lib/import/past/catalogue.ts';
import { pastEvents, type PastChoice, type PastEvents } from '../../lib/import/past/past-events.ts';
import type { MatchedWork, PastResult } from '../../lib/import/past/types.ts';
import type { ImportService, NamedFile } from '../../lib/import/protocol.ts';
import type { ImportProgress } from '../../lib/import/types.ts';
import type { SpawnedWorker } from '../../lib/rpc/index.ts';
import type { Item, ItemIndex } from '../../lib/types.ts';
import { nextTask } from '../ui/next-task.ts';
import type { AppState } from './app-state.ts';

/** Where it stands. `review`: things were found, and the visitor says which of them count. */
export type PastStep = 'choose' | 'reading' | 'review' | 'saving' | 'done';

/** A thing of the past on the review screen. */
export interface ReviewRow extends MatchedWork {
  readonly ticked: boolean;
  /** The product that it is taken for, one of the candidates. */
  readonly chosen: ItemIndex;
}

export interface PastDone extends Omit<PastEvents, 'added'> {
  /** What was added, by id, for undo. */
  readonly added: readonly string[];
}

export interface PastDependencies {
  readonly catalogue: Pick<AppState['catalogue'], 'packId' | 'items'>;
  readonly visitor: Pick<AppState['visitor'], 'events' | 'restore' | 'remove'>;
  readonly startImporter?: () => SpawnedWorker<ImportService>;
}

const FIRST_CHOICE: PastChoice = { ratings: true, had: true, liked: true, wanted: false, reviews: false };
/** Products that are put into columns at a time: a few milliseconds. */
const AT_ONCE = 5_000;

/**
 * Brings what the visitor did elsewhere into the open shop: reads and matches it in a worker, lets it be looked at, and keeps
 * what is ticked in one transaction. Nothing is kept before.
 */
export class Past {
  readonly #use: PastDependencies;
  #worker: SpawnedWorker<ImportService> | null = null;
  #abort: AbortController | null = null;
  /** The products among which those of the past were found. */
  #items = $state.raw<readonly Item[]>([]);

  #step = $state<PastStep>('choose');
  #onProblem = $state<'skip' | 'stop'>('skip');
  #progress = $state.raw<ImportProgress | null>(null);
  #result = $state.raw<PastResult | null>(null);
  #rows = $state.raw<readonly ReviewRow[]>([]);
  #choice = $state.raw<PastChoice>(FIRST_CHOICE);
  #done = $state.raw<PastDone | null>(null);
  #error = $state.raw<AppError | null>(null);

  constructor(dependencies: PastDependencies) {
    this.#use = dependencies;
  }

  /** A review is of one shop's products: it is over when another shop opens, and so is its undo. */
  get step(): PastStep {
    const isOver = this.#step === 'review' || this.#step === 'done' ? this.#isElsewhere() : false;
    return isOver ? 'choose' : this.#step;
  }
  get onProblem(): 'skip' | 'stop' {
    return this.#onProblem;
  }
  get progress(): ImportProgress | null {
    return this.#progress;
  }
  /** What was read and found; null before. */
  get result(): PastResult | null {
    return this.#result;
  }
  /** Things for which there are products, in the order of the files. */
  get rows(): readonly ReviewRow[] {
    return this.#rows;
  }
  get choice(): PastChoice {
    return this.#choice;
  }
  get done(): PastDone | null {
    return this.#done;
  }
  /** Why the last step could not be done; nothing was kept. */
  get error(): AppError | null {
    return this.#error;
  }

  /** The product at a position of the shop that was matched. */
  item(index: ItemIndex): Item | null {
    return this.#items[index] ?? null;
  }

  setOnProblem(what: 'skip' | 'stop'): void {
    this.#onProblem = what;
  }

  choose(change: Partial<PastChoice>): void {
    this.#choice = { ...this.#choice, ...change };
  }

  /** Reads files and finds the open shop's products in them. */
  async read(files: readonly NamedFile[]): Promise<void> {
    const { packId, items } = this.#use.catalogue;
    if (files.length === 0 || packId === null) return;
    this.restart();
    await this.#work('reading', 'choose', async (signal) => {
      const catalogue = await columnsOf(items);
      if (signal.aborted) throw new AppError('cancelled', 'The import was stopped.');
      const result = await this.#importer().client.call(
        'past',
        { files, catalogue, onProblem: this.#onProblem },
        { signal, onProgress: (progress) => (this.#progress = progress) },
      );
      this.#items = items;
      this.#result = result;
      this.#choice = FIRST_CHOICE;
      this.#rows = result.matches.flatMap((match) => {
        const [best] = match.candidates;
        return best === undefined ? [] : [{ ...match, ticked: match.certain, chosen: best.item }];
      });
      this.#step = 'review';
    });
  }

  /** Says whether a thing counts, and as which product. */
  change(row: ReviewRow, change: Partial<Pick<ReviewRow, 'ticked' | 'chosen'>>): void {
    this.#rows = this.#rows.map((other) => (other === row ? { ...row, ...change } : other));
  }

  /** Ticks or unticks all things that are certain, or all that are not. */
  tickAll(certain: boolean, ticked: boolean): void {
    this.#rows = this.#rows.map((row) => (row.certain === certain ? { ...row, ticked } : row));
  }

  /** Keeps what is ticked, in one transaction. */
  async keep(): Promise<void> {
    const { packId } = this.#use.catalogue;
    if (packId === null || this.step !== 'review') return;
    const matches = this.#rows.flatMap(({ ticked, chosen, work }) => {
      const item = this.item(chosen);
      return ticked && item !== null ? [{ work, itemId: item.id }] : [];
    });
    await this.#work('saving', 'review', async (signal) => {
      const { added, ...report } = await pastEvents(
        matches,
        this.#choice,
        packId,
        this.#use.visitor.events,
        Date.now(),
      );
      if (signal.aborted || this.#isElsewhere()) {
        throw new AppError('cancelled', 'The import was stopped, or another shop was opened.');
      }
      await this.#use.visitor.restore(added);
      this.#done = {
        ...report,
        added: added.map(({ id }) => id),
      };
      this.#step = 'done';
    });
  }

  /** Takes back what was kept. What the visitor has deleted since stays deleted. */
  async undo(): Promise<void> {
    if (this.#done === null || this.step !== 'done') return;
    await this.#use.visitor.remove(this.#done.added);
    this.restart();
  }

  /** Ends what is under way; nothing of it stays. */
  cancel(): void {
    this.#abort?.abort();
    this.#worker?.terminate();
    this.#worker = null;
  }

  /** Forgets the files and what was found in them. */
  restart(): void {
    this.cancel();
    this.#abort = null;
    this.#progress = null;
    this.#result = null;
    this.#rows = [];
    this.#done = null;
    this.#error = null;
    this.#step = 'choose';
  }

  #isElsewhere(): boolean {
    return this.#items !== this.#use.catalogue.items;
  }

  async #work(
    during: PastStep,
    otherwise: PastStep,
    work: (signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    this.#error = null;
    this.#step = during;
    try {
      await work(abort.signal);
    } catch (thrown) {
      if (this.#abort !== abort) return;
      const error = AppError.from(thrown);
      this.#error = error.code === 'cancelled' ? null : error;
      this.#step = otherwise;
    } finally {
      if (this.#abort === abort) {
        this.#progress = null;
        this.cancel();
      }
    }
  }

  #importer(): SpawnedWorker<ImportService> {
    return (this.#worker ??= (this.#use.startImporter ?? createImporter)());
  }
}

/** A shop's products as the worker takes them, some at a time: the page answers in between. */
async function columnsOf(items: readonly Item[]): Promise<PastCatalogue> {
  const parts: PastCatalogue[] = [];
  for (let from = 0; from < items.length; from += AT_ONCE) {
    parts.push(catalogueOf(items.slice(from, from + AT_ONCE)));
    await nextTask();
  }
  return joinCatalogues(parts);
}

const made = new WeakMap<AppState, Past>();

/** The past of this page's life: a review goes on after a look at other pages. */
export function pastOf(app: AppState): Past {
  const known = made.get(app);
  if (known !== undefined) return known;
  const past = new Past({ catalogue: app.catalogue, visitor: app.visitor });
  made.set(app, past);
  return past;
}
