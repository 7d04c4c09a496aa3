import { sha256Hex } from '../../lib/checksum.ts';
import { AppError } from '../../lib/errors.ts';
import type { StoredPackBytes } from '../../lib/pack/protocol.ts';
import { readCatalogue } from '../../lib/pack/read-catalogue.ts';
import type { PackCatalogue, PackFactors, PackFileKind, PackProgress } from '../../lib/pack/types.ts';
import type { Storage } from '../../lib/storage/types.ts';
import type { InteractionColumns, Item, ItemId, ItemIndex, PackId, Review } from '../../lib/types.ts';
import { Art, NO_ART } from './art.ts';
import { CatalogueIndex } from './catalogue-index.ts';
import { nextTask } from '../ui/next-task.ts';
import { fetchManifestBytes, fetchPackFolders, toStoredBytes, type PackReader } from './pack-source.ts';

/** `loading`: no shop yet. `ready`: a shop is open. `failed`: none could be opened (`error` says why). */
export type CatalogueStatus = 'loading' | 'ready' | 'failed';

/** Files that the shop needs to open, and those that follow once it stands. */
const FIRST_FILES: readonly PackFileKind[] = ['items', 'art'];
const LATER_FILES: readonly PackFileKind[] = ['interactions', 'reviews', 'factors', 'sentiment'];
const NO_REVIEWS: ReadonlyMap<number, readonly Review[]> = new Map();

export interface CatalogueDependencies {
  readonly storage: Pick<Storage, 'packs' | 'settings'>;
  /** Starts the pack worker at the first call. */
  readonly reader: () => PackReader;
  /** The page's own address, under which packs lie in `packs/`. */
  readonly baseUrl: string;
  /** The pack opened last. */
  readonly activePack: PackId | null;
}

/**
 * The open shop. A kept pack opens first and works without a network; where it is the site's own, the site's pack is then
 * compared with it, and a newer one replaces it only once it is fetched, verified and parsed as a whole. A pack that
 * was imported on this device stays what it is.
 */
export class Catalogue {
  readonly #use: CatalogueDependencies;
  #status = $state<CatalogueStatus>('loading');
  #pack = $state.raw<PackCatalogue | null>(null);
  #error = $state.raw<AppError | null>(null);
  #updateError = $state.raw<AppError | null>(null);
  #saveError = $state.raw<AppError | null>(null);
  #progress = $state.raw<PackProgress | null>(null);
  #reviews = $state.raw<ReadonlyMap<number, readonly Review[]> | null>(null);
  #sentiment: string | null = null;
  #communityStored = $state(false);
  #art = $state.raw(NO_ART);
  /** Address of the site's pack; null until known. */
  #site: string | null = null;
  /** Files of the open pack that the device did not keep; training and reviews still work from them. */
  #unsaved: StoredPackBytes | null = null;
  /** False while a pack of this device's own is open, which no pack of the site may replace. */
  #fromSite = true;
  /** Goes up with every choice of the visitor's: what was under way for the shop before ends without a trace. */
  #choice = 0;
  #community: Promise<void> | null = null;
  #reviewsLoading: Promise<void> | null = null;
  readonly #index = $derived(new CatalogueIndex(this.#pack));

  constructor(dependencies: CatalogueDependencies) {
    this.#use = dependencies;
  }

  get status(): CatalogueStatus {
    return this.#status;
  }
  get pack(): PackCatalogue | null {
    return this.#pack;
  }
  get packId(): PackId | null {
    return this.#pack?.manifest.id ?? null;
  }
  get items(): readonly Item[] {
    return this.#pack?.items ?? [];
  }
  /** Why no shop could be opened. */
  get error(): AppError | null {
    return this.#error;
  }
  /** Why a newer shop was not taken over; the kept one is open. */
  get updateError(): AppError | null {
    return this.#updateError;
  }
  /** Why the open shop is not kept on the device. */
  get saveError(): AppError | null {
    return this.#saveError;
  }
  get progress(): PackProgress | null {
    return this.#progress;
  }
  /** True where a program made the community; the page says so wherever its data shows. */
  get simulated(): boolean {
    return this.#pack?.manifest.simulated ?? false;
  }
  get currency(): string | null {
    return this.#pack?.manifest.currency ?? null;
  }
  /** True once all files of the shop are at hand, so that training needs no network. */
  get communityStored(): boolean {
    return this.#communityStored;
  }
  /** Community reviews by item position; null until `loadReviews`. */
  get reviews(): ReadonlyMap<number, readonly Review[]> | null {
    return this.#reviews;
  }

  /** Text of the pack's model of what reviews say; null without one, and until `loadReviews`. */
  get sentiment(): string | null {
    return this.#sentiment;
  }

  item(id: ItemId): Item | null {
    return this.#index.item(id);
  }

  itemAt(index: ItemIndex): Item | null {
    return this.#pack?.items[index] ?? null;
  }

  category(key: string): PackCatalogue['manifest']['categories'][number] | null {
    return this.#index.category(key);
  }

  /** Which tint of styles/tokens.css a category has. */
  tint(category: string): number {
    return this.#index.tint(category);
  }

  /** True where the pack has an art of that name. */
  hasArt(key: string): boolean {
    return this.#pack?.art.has(key) ?? false;
  }

  /** Address of an art for <img>, where scripts in it do not run; null where the pack has none of that name. */
  artUrl(key: string | null): string | null {
    return key === null ? null : this.#art.url(key);
  }

  /** Opens the kept pack, else the site's; then looks for a newer one. Failures are in `error` and `updateError`. */
  async open(): Promise<void> {
    this.#status = this.#pack === null ? 'loading' : this.#status;
    this.#error = null;
    const kept = await this.#openKept();
    if (!this.#fromSite) return;
    try {
      this.#site ??= await this.#locate();
      if (!kept || (await this.#siteDiffers(this.#site))) await this.#fetch(this.#site);
    } catch (thrown) {
      this.#fail(AppError.from(thrown));
    }
  }

  /**
   * Opens another kept pack in place of the open one, and from now on at every start. Rejects with `pack-file-missing` or
   * what its files or the storage are wrong with: the shop that was open stays.
   */
  async openKept(packId: PackId): Promise<void> {
    const choice = ++this.#choice;
    const record = await this.#use.storage.packs.get(packId);
    if (record === null) {
      throw new AppError('pack-file-missing', 'The shop is not kept here any more.', {
        values: { file: 'pack.json' },
      });
    }
    const stored = toStoredBytes(record);
    const catalogue = await readCatalogue(this.#use.reader(), stored);
    if (choice !== this.#choice) return;
    await this.#use.storage.settings.update({ activePack: packId });
    this.#enter(catalogue, stored);
    this.#fromSite = record.origin === undefined;
    this.#unsaved = null;
    this.#saveError = null;
  }

  /** Opens the site's own pack in place of the open one. Rejects with why it cannot be had: the open one stays. */
  async openSite(): Promise<void> {
    this.#choice += 1;
    this.#site ??= await this.#locate();
    await this.#fetch(this.#site);
  }

  /** Fetches and keeps the community's events and reviews; at most once at a time. */
  loadCommunity(): Promise<void> {
    this.#community ??= this.#fetchCommunity().catch((error: unknown) => {
      this.#community = null;
      throw error;
    });
    return this.#community;
  }

  /** The community's events, parsed off this thread. Rejects with the pack's or the storage's error. */
  async interactions(): Promise<InteractionColumns> {
    await this.loadCommunity();
    return await this.#use.reader().call('interactions', await this.#bytes(['interactions']));
  }

  /** The model that the shop trained, read off this thread; null where it has none. Rejects as `interactions`. */
  async shopModel(): Promise<PackFactors | null> {
    if (this.#pack?.manifest.files.factors === undefined) return null;
    await this.loadCommunity();
    return await this.#use.reader().call('factors', await this.#bytes(['factors']));
  }

  /** Fills `reviews` and `sentiment`. */
  loadReviews(): Promise<void> {
    this.#reviewsLoading ??= this.#parseReviews().catch((error: unknown) => {
      this.#reviewsLoading = null;
      throw error;
    });
    return this.#reviewsLoading;
  }

  async #parseReviews(): Promise<void> {
    await this.loadCommunity();
    const pack = this.#pack;
    const reviews =
      pack?.manifest.files.reviews === undefined
        ? NO_REVIEWS
        : await this.#use.reader().call('reviews', await this.#bytes(['items', 'reviews']));
    const sentiment =
      pack?.manifest.files.sentiment === undefined
        ? null
        : await this.#use.reader().call('sentiment', await this.#bytes(['sentiment']));
    if (this.#pack !== pack) return;
    this.#sentiment = sentiment;
    this.#reviews = reviews;
  }

  async #openKept(): Promise<boolean> {
    const packId = this.#use.activePack;
    if (this.#pack !== null) return true;
    if (packId === null) return false;
    try {
      const record = await this.#use.storage.packs.get(packId);
      if (record === null) return false;
      const stored = toStoredBytes(record);
      this.#enter(await readCatalogue(this.#use.reader(), stored), stored);
      this.#fromSite = record.origin === undefined;
      return true;
    } catch {
      // A kept pack that cannot be read is fetched anew; where that fails too, its failure is the one to mend.
      return false;
    }
  }

  async #locate(): Promise<string> {
    const [first] = await fetchPackFolders(this.#use.baseUrl);
    return first;
  }

  async #siteDiffers(site: string): Promise<boolean> {
    return (await sha256Hex(await fetchManifestBytes(site))) !== this.#pack?.fingerprint;
  }

  async #fetch(site: string): Promise<void> {
    const choice = this.#choice;
    const reader = this.#use.reader();
    const fetched = await reader.call(
      'fetch',
      { baseUrl: site, files: FIRST_FILES },
      { onProgress: (progress) => (this.#progress = progress) },
    );
    this.#progress = null;
    const stored: StoredPackBytes = { manifestText: fetched.manifestText, files: fetched.files };
    const catalogue = await readCatalogue(reader, stored);
    // Receiving the products is one piece of work, showing them another.
    await nextTask();
    if (choice !== this.#choice) return;
    this.#enter(catalogue, stored);
    this.#fromSite = true;
    this.#unsaved = stored;
    const packId = catalogue.manifest.id;
    try {
      const { manifestText, files } = stored;
      await this.#use.storage.packs.put({
        packId,
        fingerprint: catalogue.fingerprint,
        manifestText,
        files,
        storedAt: Date.now(),
      });
      await this.#use.storage.settings.update({ activePack: packId });
      this.#unsaved = null;
      this.#saveError = null;
    } catch (thrown) {
      this.#saveError = AppError.from(thrown);
    }
  }

  async #fetchCommunity(): Promise<void> {
    const pack = this.#pack;
    if (pack === null || this.#communityStored) return;
    this.#site ??= await this.#locate();
    const wanted = LATER_FILES.filter((kind) => pack.manifest.files[kind] !== undefined);
    const fetched = await this.#use.reader().call('fetch', { baseUrl: this.#site, files: wanted });
    if (this.#pack !== pack) return;
    if (fetched.fingerprint !== pack.fingerprint) {
      throw new AppError('pack-checksum-mismatch', 'The shop changed while it was being loaded.', {
        values: { file: 'pack.json' },
        remedy: 'Reload the page.',
      });
    }
    try {
      await this.#use.storage.packs.addFiles(pack.manifest.id, pack.fingerprint, fetched.files);
    } catch (thrown) {
      this.#saveError ??= AppError.from(thrown);
      this.#unsaved = {
        manifestText: fetched.manifestText,
        files: [...(this.#unsaved?.files ?? []), ...fetched.files],
      };
    }
    this.#communityStored = true;
  }

  /** Manifest and the named files, from the device or, where it kept none, from memory. */
  async #bytes(kinds: readonly PackFileKind[]): Promise<StoredPackBytes> {
    const pack = this.#pack;
    const record = pack === null ? null : await this.#use.storage.packs.get(pack.manifest.id);
    const kept = record?.fingerprint === pack?.fingerprint && record !== null ? toStoredBytes(record) : null;
    const files = [...(kept?.files ?? []), ...(this.#unsaved?.files ?? [])];
    const found = kinds.map((kind) => files.find((file) => file.kind === kind));
    const missing = kinds.find((_kind, position) => found[position] === undefined);
    if (missing !== undefined) {
      throw new AppError('pack-file-missing', `The shop has no ${missing}.`, { values: { file: missing } });
    }
    return {
      manifestText: kept?.manifestText ?? this.#unsaved?.manifestText ?? '',
      files: found.filter((file) => file !== undefined),
    };
  }

  /** Makes a pack the open shop; what was read of the one before is let go. */
  #enter(catalogue: PackCatalogue, stored: StoredPackBytes): void {
    this.#communityStored = hasLaterFiles(stored, catalogue);
    this.#community = null;
    this.#reviewsLoading = null;
    this.#reviews = null;
    this.#sentiment = null;
    this.#art.release();
    this.#art = new Art(catalogue.art);
    this.#pack = catalogue;
    this.#status = 'ready';
    this.#error = null;
    this.#updateError = null;
  }

  #fail(error: AppError): void {
    this.#progress = null;
    if (this.#pack === null) {
      this.#error = error;
      this.#status = 'failed';
      return;
    }
    // Without a network the kept shop is simply the shop.
    if (error.code !== 'pack-unreachable') this.#updateError = error;
  }
}

function hasLaterFiles(stored: StoredPackBytes, pack: PackCatalogue | null): boolean {
  return LATER_FILES.every(
    (kind) => pack?.manifest.files[kind] === undefined || stored.files.some((file) => file.kind === kind),
  );
}
