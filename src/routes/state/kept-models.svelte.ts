import type { Storage } from '../../lib/storage/types.ts';
import { MODEL_KINDS, type ModelKind, type ModelSnapshot, type TrainingCheckpoint } from '../../lib/types.ts';
import { isResumable, isStale } from './training-plan.ts';
import type { TrainingPack } from './training-types.ts';

export interface KeptModelsDependencies {
  readonly storage: Pick<Storage, 'snapshots' | 'checkpoints' | 'quarantine'>;
  /** Hands a model to the shelves; null takes it away. */
  readonly serve: (snapshot: ModelSnapshot | null) => Promise<void>;
}

/** The trained models and unfinished runs of the open shop: read, checked against their checksums, kept, served. */
export class KeptModels {
  readonly #use: KeptModelsDependencies;
  #pack = $state.raw<TrainingPack | null>(null);
  #snapshots = $state.raw<readonly ModelSnapshot[]>([]);
  #outdated = $state.raw<ModelSnapshot | null>(null);
  #checkpoints = $state.raw<readonly TrainingCheckpoint[]>([]);
  #serving = $state.raw<ModelSnapshot | null>(null);
  #corrupt = $state(0);

  constructor(dependencies: KeptModelsDependencies) {
    this.#use = dependencies;
  }

  /** The shop whose models these are; null until they are read. */
  get pack(): TrainingPack | null {
    return this.#pack;
  }
  /** Newest first. */
  get snapshots(): readonly ModelSnapshot[] {
    return this.#snapshots;
  }
  /** The newest model of an earlier version of the shop, where there is none of this one; it is not used. */
  get outdated(): ModelSnapshot | null {
    return this.#snapshots.length === 0 ? this.#outdated : null;
  }
  /** The model that the shelves use now. */
  get serving(): ModelSnapshot | null {
    return this.#serving;
  }
  /** Models and unfinished runs that were set aside because their checksum did not fit: not used, to be trained again. */
  get corrupt(): number {
    return this.#corrupt;
  }

  /** The interrupted run of a model that can be gone on with; null where there is none. */
  checkpointOf(model: ModelKind): TrainingCheckpoint | null {
    return this.#checkpoints.find((checkpoint) => checkpoint.model === model) ?? null;
  }

  /**
   * Reads what is kept for a shop. Returns the model to open the shelves with: the preferred one, else the newest,
   * else null; it counts as served. Corrupt records are counted and left out, stale ones (of another version of
   * the shop) left out; finding nothing is no error.
   */
  async read(pack: TrainingPack, preferred: ModelKind): Promise<ModelSnapshot | null> {
    const { storage } = this.#use;
    const snapshots: ModelSnapshot[] = [];
    const stale: ModelSnapshot[] = [];
    const checkpoints: TrainingCheckpoint[] = [];
    for (const model of MODEL_KINDS) {
      // The storage gives out what its checksum vouches for, and sets the rest aside.
      const snapshot = await storage.snapshots.get(pack.packId, model);
      if (snapshot !== null) (isStale(snapshot, pack.fingerprint) ? stale : snapshots).push(snapshot);
      const checkpoint = await storage.checkpoints.get(pack.packId, model);
      if (checkpoint !== null && isResumable(checkpoint, pack.fingerprint)) checkpoints.push(checkpoint);
    }
    const aside = await storage.quarantine.list();
    this.#snapshots = newestFirst(snapshots);
    this.#outdated = newestFirst(stale)[0] ?? null;
    this.#checkpoints = checkpoints;
    this.#corrupt = aside.filter(({ store }) => store === 'snapshots' || store === 'checkpoints').length;
    this.#pack = pack;
    this.#serving = this.#choose(preferred);
    return this.#serving;
  }

  /** Reads again what another tab has kept meanwhile, and gives it to the shelves. */
  async reread(preferred: ModelKind): Promise<void> {
    if (this.#pack === null) return;
    const snapshot = await this.read(this.#pack, preferred);
    await this.#use.serve(snapshot);
  }

  /** Gives the shelves the kept model of a kind, else the newest of another kind, else none. */
  async prefer(model: ModelKind): Promise<void> {
    await this.#serve(this.#choose(model));
  }

  /** Gives the shelves a fresh model. */
  async adopt(snapshot: ModelSnapshot): Promise<void> {
    const others = this.#snapshots.filter((kept) => kept.model !== snapshot.model);
    this.#snapshots = newestFirst([...others, snapshot]);
    await this.#serve(snapshot);
  }

  /** Keeps a model on the device; only then its checkpoint goes. Rejects with the storage's error. */
  async save(snapshot: ModelSnapshot): Promise<void> {
    await this.#use.storage.snapshots.put(snapshot);
    await this.#use.storage.checkpoints.remove(snapshot.packId, snapshot.model);
    this.#checkpoints = this.#checkpoints.filter((kept) => kept.model !== snapshot.model);
  }

  /** Keeps an unfinished run on the device, in place of an older state of it. Rejects with the storage's error. */
  async saveCheckpoint(checkpoint: TrainingCheckpoint): Promise<void> {
    await this.#use.storage.checkpoints.put(checkpoint);
    const others = this.#checkpoints.filter((kept) => kept.model !== checkpoint.model);
    this.#checkpoints = [...others, checkpoint];
  }

  /** Forgets all of it in memory, for after it was erased from the device. The shelves get no model. */
  async forget(): Promise<void> {
    this.#snapshots = [];
    this.#outdated = null;
    this.#checkpoints = [];
    this.#corrupt = 0;
    await this.#serve(null);
  }

  #choose(model: ModelKind): ModelSnapshot | null {
    return this.#snapshots.find((snapshot) => snapshot.model === model) ?? this.#snapshots[0] ?? null;
  }

  async #serve(snapshot: ModelSnapshot | null): Promise<void> {
    if (snapshot === this.#serving) return;
    this.#serving = snapshot;
    await this.#use.serve(snapshot);
  }
}

function newestFirst(snapshots: readonly ModelSnapshot[]): readonly ModelSnapshot[] {
  return snapshots.toSorted((left, right) => right.trainedAt - left.trainedAt);
}
