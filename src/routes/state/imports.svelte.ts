import { AppError } from '../../lib/errors.ts';
import { createImporter } from '../../lib/import/import-client.ts';
import type { FinishedPack, ImportService, NamedFile } from '../../lib/import/protocol.ts';
import type {
  ImportMapping,
  ImportOptions,
  ImportProgress,
  ImportReport,
  Inspection,
  Role,
  TableKind,
  TableMapping,
} from '../../lib/import/types.ts';
import { createPackReader } from '../../lib/pack/pack-client.ts';
import { PACK_FILE_KINDS, type PackManifest } from '../../lib/pack/types.ts';
import type { SpawnedWorker } from '../../lib/rpc/index.ts';
import type { PackRecord, Storage } from '../../lib/storage/types.ts';
import type { PackId } from '../../lib/types.ts';
import type { AppState } from './app-state.ts';
import { columnRoles } from './column-roles.ts';

/** Where an import stands. `look`: tables were found and their mapping can be changed. `pack`: a finished pack was. */
export type ImportStep = 'choose' | 'inspecting' | 'look' | 'pack' | 'importing' | 'done';

/** What became of a pack: kept for the first time, there already, or in place of an older one of its key. */
export type Keeping = 'added' | 'unchanged' | 'replaced';

export interface ImportDone {
  readonly manifest: PackManifest;
  readonly keeping: Keeping;
  /** Null for a pack that was finished already. */
  readonly report: ImportReport | null;
}

export interface ShownProgress extends ImportProgress {
  /** By the bytes so far; null while nothing is known. */
  readonly secondsLeft: number | null;
}

export type ImportChoice = Required<Pick<ImportOptions, 'onProblem' | 'minEvents' | 'reviews'>> & {
  /** Of the shop; empty for the one that the import finds. */
  readonly packName: string;
};

export interface ImportsDependencies {
  readonly storage: Pick<Storage, 'packs'>;
  readonly catalogue: Pick<AppState['catalogue'], 'packId' | 'openKept' | 'openSite'>;
  /** Ends what works on the open shop, before another one is opened. */
  readonly settle: () => Promise<void>;
  readonly startImporter?: () => SpawnedWorker<ImportService>;
}

const FIRST_CHOICE: ImportChoice = { onProblem: 'skip', minEvents: 0, reviews: true, packName: '' };

/** Imports, one at a time, each in a worker of its own that ends with it. */
export class Imports {
  readonly #use: ImportsDependencies;
  #worker: SpawnedWorker<ImportService> | null = null;
  #abort: AbortController | null = null;
  #files: readonly NamedFile[] = [];
  #kinds: Readonly<Record<string, TableKind>> = {};
  #pack: FinishedPack | null = null;
  /** What `undo` puts back; null where there was nothing. */
  #before: PackRecord | null = null;

  #step = $state<ImportStep>('choose');
  #inspection = $state.raw<Inspection | null>(null);
  #mapping = $state.raw<ImportMapping | null>(null);
  #choice = $state.raw<ImportChoice>(FIRST_CHOICE);
  #found = $state.raw<PackManifest | null>(null);
  #progress = $state.raw<ShownProgress | null>(null);
  #done = $state.raw<ImportDone | null>(null);
  #error = $state.raw<AppError | null>(null);

  constructor(dependencies: ImportsDependencies) {
    this.#use = dependencies;
  }

  get step(): ImportStep {
    return this.#step;
  }
  /** What the files hold; null before they are looked into. */
  get inspection(): Inspection | null {
    return this.#inspection;
  }
  /** How the files will be read: as recognised or guessed, with what was changed since. */
  get mapping(): ImportMapping | null {
    return this.#mapping;
  }
  get choice(): ImportChoice {
    return this.#choice;
  }
  /** The pack that was found finished, verified. */
  get found(): PackManifest | null {
    return this.#found;
  }
  get progress(): ShownProgress | null {
    return this.#progress;
  }
  get done(): ImportDone | null {
    return this.#done;
  }
  /** Why the last step could not be done; nothing was kept. */
  get error(): AppError | null {
    return this.#error;
  }

  /** Looks into files. Nothing is read but their beginnings, unless they are a pack. */
  async inspect(files: readonly NamedFile[]): Promise<void> {
    if (files.length === 0) return;
    this.#files = files;
    this.#kinds = {};
    this.#choice = FIRST_CHOICE;
    await this.#work('inspecting', 'choose', (signal) => this.#look(signal));
  }

  /** Fetches a pack from a folder of this site, which is an absolute address. */
  async fetchPack(baseUrl: string): Promise<void> {
    await this.#work('inspecting', 'choose', async (signal) => {
      const reader = createPackReader();
      try {
        this.#propose(
          await reader.client.call(
            'fetch',
            { baseUrl, files: PACK_FILE_KINDS },
            {
              signal,
              onProgress: ({ file, loadedBytes, totalBytes }) =>
                this.#show({ stage: 'inspect', file, doneBytes: loadedBytes, totalBytes }, 0),
            },
          ),
        );
      } finally {
        reader.terminate();
      }
    });
  }

  /** Says what a table is; its columns are guessed anew. */
  async setTable(name: string, kind: TableKind): Promise<void> {
    const before = this.#mapping;
    this.#kinds = { ...this.#kinds, [name]: kind };
    await this.#work('inspecting', 'look', (signal) => this.#look(signal));
    const now = this.#mapping;
    const anew = now?.tables[name];
    if (before === null || now === null || anew === undefined) return;
    // the others stay as somebody may have put them
    this.#mapping = { ...before, tables: { ...before.tables, [name]: anew } };
  }

  /** Says what a column is: a role that another column of the table had goes to this one. */
  setRole(table: string, column: string, role: Role | null): void {
    const mapping = this.#mapping?.tables[table];
    if (mapping === undefined) return;
    this.#changeTable(table, { roles: columnRoles(mapping.roles, column, role) });
  }

  /** Says what each row of a table is; null for what its columns suggest. */
  setKind(table: string, kind: TableMapping['kind']): void {
    this.#changeTable(table, { kind });
  }

  /** Says how numbers, dates and prices are written; null to find out. */
  setStyle(change: Partial<Pick<ImportMapping, 'scale' | 'dayOrder' | 'decimal' | 'currency'>>): void {
    if (this.#mapping !== null) this.#mapping = { ...this.#mapping, ...change };
  }

  choose(change: Partial<ImportChoice>): void {
    this.#choice = { ...this.#choice, ...change };
  }

  /** Imports the files as the mapping says, and keeps what came of them. */
  async run(): Promise<void> {
    const mapping = this.#mapping;
    if (mapping === null) return;
    await this.#work('importing', 'look', async (signal) => {
      const started = performance.now();
      const { packName, ...options } = this.#choice;
      const name = packName.trim();
      const { report, pack } = await this.#importer().client.call(
        'run',
        { files: this.#files, mapping, options: name === '' ? options : { ...options, packName: name } },
        { signal, onProgress: (progress) => this.#show(progress, performance.now() - started) },
      );
      await this.#keep(pack, report);
    });
  }

  /** Keeps the finished pack that was found. */
  async keepFound(): Promise<void> {
    const pack = this.#pack;
    if (pack !== null) await this.#work('importing', 'pack', () => this.#keep(pack, null));
  }

  /** Takes back what the import kept: the pack goes, with the models trained on it, and an older one of its key returns. */
  async undo(): Promise<void> {
    const done = this.#done;
    if (done === null || done.keeping === 'unchanged') return;
    const { id } = done.manifest;
    if (this.#before === null) await this.remove(id);
    else {
      await this.#use.storage.packs.put(this.#before);
      if (this.#use.catalogue.packId === id) await this.open(id);
    }
    this.restart();
  }

  /** Ends what is under way; nothing of it stays. */
  cancel(): void {
    this.#abort?.abort();
    this.#end();
  }

  /** Forgets the files and what was found in them. */
  restart(): void {
    this.cancel();
    // what was under way must not come back to its step
    this.#abort = null;
    this.#progress = null;
    this.#files = [];
    this.#pack = null;
    this.#before = null;
    this.#inspection = null;
    this.#mapping = null;
    this.#found = null;
    this.#done = null;
    this.#error = null;
    this.#step = 'choose';
  }

  /** Opens a kept pack as the shop; null for the site's own. Rejects with why it cannot be had. */
  async open(packId: PackId | null): Promise<void> {
    await this.#use.settle();
    if (packId === null) await this.#use.catalogue.openSite();
    else await this.#use.catalogue.openKept(packId);
  }

  /**
   * Removes a pack and the models trained on it. Where it is open, the site's own shop is opened first; rejects where that
   * cannot be had, with the pack kept.
   */
  async remove(packId: PackId): Promise<void> {
    if (this.#use.catalogue.packId === packId) {
      const kept = await this.#use.storage.packs.list();
      await this.open(kept.find(({ origin }) => origin === undefined)?.packId ?? null);
    }
    await this.#use.storage.packs.remove(packId);
  }

  /** Runs one piece of work: `during` is its step, `otherwise` the one to go back to where it fails or is cancelled. */
  async #work(
    during: ImportStep,
    otherwise: ImportStep,
    work: (signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    this.cancel();
    const abort = new AbortController();
    this.#abort = abort;
    this.#error = null;
    this.#progress = null;
    this.#step = during;
    try {
      await work(abort.signal);
    } catch (thrown) {
      const error = AppError.from(thrown);
      if (this.#abort !== abort) return;
      this.#error = error.code === 'cancelled' ? null : error;
      this.#step = otherwise;
    } finally {
      if (this.#abort === abort) {
        this.#progress = null;
        this.#abort = null;
        this.#end();
      }
    }
  }

  async #look(signal: AbortSignal): Promise<void> {
    const found = await this.#importer().client.call(
      'inspect',
      { files: this.#files, kinds: this.#kinds },
      { signal, onProgress: (progress) => this.#show(progress, 0) },
    );
    if (found.type === 'pack') {
      this.#propose(found.pack);
      return;
    }
    const unread = firstUnread(found.inspection);
    if (unread !== null && !Object.hasOwn(this.#kinds, unread)) {
      // nobody has said what it is, and it says nothing itself: show its columns as those of a log, to be told
      this.#kinds = { ...this.#kinds, [unread]: 'events' };
      await this.#look(signal);
      return;
    }
    this.#inspection = found.inspection;
    this.#mapping = found.inspection.mapping;
    // a data set has a name of its own; of other files two shops would be called the same
    if (!found.inspection.recognised && this.#choice.packName === '') {
      this.choose({ packName: plainName(this.#files[0]?.name ?? '') });
    }
    this.#step = 'look';
  }

  #propose(pack: FinishedPack): void {
    this.#pack = pack;
    this.#found = pack.manifest;
    this.#step = 'pack';
  }

  async #keep(pack: FinishedPack, report: ImportReport | null): Promise<void> {
    const { manifest, fingerprint, manifestText, files } = pack;
    const before = await this.#use.storage.packs.get(manifest.id);
    const isSame = before?.fingerprint === fingerprint;
    if (!isSame && before !== null && before.origin === undefined) {
      throw new AppError('import-invalid', `The site's own shop has the key ${manifest.id}.`, {
        values: { file: 'pack.json', value: manifest.id, reason: 'taken' },
        remedy: 'Give the pack another id.',
      });
    }
    if (!isSame) {
      const record = { packId: manifest.id, fingerprint, manifestText, files, storedAt: Date.now() };
      await this.#use.storage.packs.put({ ...record, origin: 'device' });
      // an older pack of this key is open
      if (this.#use.catalogue.packId === manifest.id) await this.open(manifest.id);
    }
    this.#before = before;
    this.#pack = null;
    this.#done = { manifest, report, keeping: isSame ? 'unchanged' : before === null ? 'added' : 'replaced' };
    this.#step = 'done';
  }

  #changeTable(name: string, change: Partial<TableMapping>): void {
    const mapping = this.#mapping;
    const table = mapping?.tables[name];
    if (mapping === null || table === undefined) return;
    this.#mapping = { ...mapping, tables: { ...mapping.tables, [name]: { ...table, ...change } } };
  }

  #show(progress: ImportProgress, elapsedMs: number): void {
    const { doneBytes, totalBytes } = progress;
    const isTelling = progress.stage === 'read' && doneBytes > 0 && elapsedMs > 1000;
    const secondsLeft = isTelling ? ((elapsedMs / 1000) * (totalBytes - doneBytes)) / doneBytes : null;
    this.#progress = { ...progress, secondsLeft };
  }

  #importer(): SpawnedWorker<ImportService> {
    return (this.#worker ??= (this.#use.startImporter ?? createImporter)());
  }

  #end(): void {
    this.#worker?.terminate();
    this.#worker = null;
  }
}

/** A folder's name, or a file's without what follows the first dot. */
function plainName(path: string): string {
  const [first = ''] = path.split('/');
  return first.split('.')[0] ?? '';
}

/** The first table where none holds what shoppers did or what there is; null where one does. */
function firstUnread({ mapping, recognised }: Inspection): string | null {
  const tables = Object.entries(mapping.tables);
  if (recognised || tables.some(([, { table }]) => table !== 'ignored')) return null;
  return tables[0]?.[0] ?? null;
}

const made = new WeakMap<AppState, Imports>();

/** The imports of this page's life: one that runs goes on while the visitor looks at other pages. */
export function importsOf(app: AppState): Imports {
  const known = made.get(app);
  if (known !== undefined) return known;
  const imports = new Imports({
    storage: app.storage,
    catalogue: app.catalogue,
    settle: async () => {
      app.experiments.pause();
      await app.training.stop();
    },
  });
  made.set(app, imports);
  return imports;
}
