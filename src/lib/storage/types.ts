import type {
  Experiment,
  ExperimentPlan,
  ItemId,
  ModelKind,
  ModelSnapshot,
  PackId,
  TrainingCheckpoint,
  VisitorEvent,
} from '../types.ts';

/** `durable`: IndexedDB. `memory`: IndexedDB is absent or refused; everything is gone when the page closes. */
export type StorageMode = 'durable' | 'memory';

export interface OrderLine {
  readonly itemId: ItemId;
  readonly quantity: number;
  /** Price of one at the time, in major units; null where the pack names none. */
  readonly price: number | null;
}

/** A simulated order. It exists on this device only. */
export interface Order {
  readonly id: string;
  readonly packId: PackId;
  readonly at: number;
  readonly currency: string | null;
  readonly lines: readonly OrderLine[];
}

export interface BasketLine {
  readonly packId: PackId;
  readonly itemId: ItemId;
  /** Whole, at least 1. */
  readonly quantity: number;
  readonly addedAt: number;
}

/** A pack as kept: its manifest verbatim and the verified bytes of its files by kind. */
export interface PackRecord {
  readonly packId: PackId;
  /** SHA-256 (hex) of the manifest text. */
  readonly fingerprint: string;
  readonly manifestText: string;
  readonly files: readonly { readonly kind: string; readonly bytes: Uint8Array<ArrayBuffer> }[];
  readonly storedAt: number;
  /**
   * `device`: the visitor made or fetched it here (an import), and the site's own pack never takes its place. Absent: the
   * site's own.
   */
  readonly origin?: 'device';
}

export interface Settings {
  readonly language: 'en' | 'zh' | null;
  readonly theme: 'system' | 'light' | 'dark';
  readonly model: ModelKind;
  readonly device: 'auto' | 'webgpu' | 'cpu';
  /** Train on its own once there is something to learn from. */
  readonly autoTrain: boolean;
  readonly activePack: PackId | null;
}

export type QuarantineStore =
  'events' | 'orders' | 'basket' | 'settings' | 'snapshots' | 'checkpoints' | 'experiments' | 'plans';

/** A stored record that failed validation on reading: kept aside, never deleted silently. */
export interface QuarantinedRecord {
  readonly id: string;
  readonly store: QuarantineStore;
  readonly record: unknown;
  readonly reason: string;
  readonly at: number;
}

export interface StorageUsage {
  readonly datasets: readonly {
    readonly name:
      | 'events'
      | 'orders'
      | 'basket'
      | 'packs'
      | 'snapshots'
      | 'checkpoints'
      | 'experiments'
      | 'settings'
      | 'quarantine';
    readonly records: number;
    /** Estimated from the records' own size. */
    readonly bytes: number;
  }[];
  /** From `navigator.storage.estimate()`; null where the browser does not say. */
  readonly quotaBytes: number | null;
  readonly persisted: boolean | null;
}

/** The one-file JSON export of everything the visitor owns (no pack, no model: both can be had again). */
export interface ExportDocument {
  readonly format: 'fairshelf-export';
  readonly version: 1;
  readonly exportedAt: string;
  readonly settings: Settings;
  readonly events: readonly VisitorEvent[];
  readonly orders: readonly Order[];
  readonly basket: readonly BasketLine[];
  readonly quarantine: readonly QuarantinedRecord[];
}

/**
 * Every method resolves only when its transaction is complete ("saved" means saved) and rejects with an
 * AppError (`storage-quota`, `storage-terminated`, …) leaving what was there before untouched.
 */
export interface Storage {
  readonly mode: StorageMode;
  /** Why the storage is in memory, for the banner; null when durable. */
  readonly memoryReason: string | null;

  readonly events: {
    /** Strict durability. Rejects with `storage-constraint` on an id that is there already. */
    add(events: readonly VisitorEvent[]): Promise<void>;
    /** Replaces the event of the same id (an edit by the visitor). Strict durability. */
    replace(event: VisitorEvent): Promise<void>;
    /** Removes and returns what was there, so that undo can add it again. */
    remove(ids: readonly string[]): Promise<readonly VisitorEvent[]>;
    /** Valid events of a pack, oldest first; broken records go to quarantine and are counted there. */
    list(packId: PackId): Promise<readonly VisitorEvent[]>;
    count(): Promise<number>;
  };
  readonly orders: {
    /** One transaction: stores the order, adds its events, empties the pack's basket. Strict durability. */
    place(order: Order, events: readonly VisitorEvent[]): Promise<void>;
    list(packId: PackId): Promise<readonly Order[]>;
  };
  readonly basket: {
    list(packId: PackId): Promise<readonly BasketLine[]>;
    set(line: BasketLine): Promise<void>;
    remove(packId: PackId, itemId: ItemId): Promise<void>;
  };
  readonly packs: {
    /** All files or none. Replaces an older version of the same pack. */
    put(pack: PackRecord): Promise<void>;
    /** Adds files to a kept pack of the same fingerprint (files that load later). */
    addFiles(packId: PackId, fingerprint: string, files: PackRecord['files']): Promise<void>;
    get(packId: PackId): Promise<PackRecord | null>;
    /** Everything but the files. */
    list(): Promise<readonly Omit<PackRecord, 'files'>[]>;
    /** One transaction: the pack, the models trained on it, and a comparison of models on it that was interrupted. */
    remove(packId: PackId): Promise<void>;
  };
  readonly snapshots: {
    put(snapshot: ModelSnapshot): Promise<void>;
    /** The saved snapshot, verified by its checksum; a corrupt one is quarantined and null returned. */
    get(packId: PackId, model: ModelKind): Promise<ModelSnapshot | null>;
    remove(packId: PackId, model: ModelKind): Promise<void>;
  };
  readonly checkpoints: {
    put(checkpoint: TrainingCheckpoint): Promise<void>;
    get(packId: PackId, model: ModelKind): Promise<TrainingCheckpoint | null>;
    remove(packId: PackId, model: ModelKind): Promise<void>;
  };
  /** Models compared on this device, of any pack: on community data alone, nothing of the visitor is in them. */
  readonly experiments: {
    put(experiment: Experiment): Promise<void>;
    /** Newest first; broken records go to quarantine. */
    list(): Promise<readonly Experiment[]>;
    /** Strict durability. Rejects with `storage-constraint` where it is not there any more. */
    rename(id: string, name: string): Promise<void>;
    /** Removes and returns what was there, so that undo can put it again. */
    remove(ids: readonly string[]): Promise<readonly Experiment[]>;
  };
  /** A comparison of models that was interrupted. */
  readonly plans: {
    /** Null where there is none, or where it is broken: that goes to quarantine. */
    get(): Promise<ExperimentPlan | null>;
    put(plan: ExperimentPlan): Promise<void>;
    remove(): Promise<void>;
  };
  readonly settings: {
    get(): Promise<Settings>;
    update(change: Partial<Settings>): Promise<Settings>;
  };
  readonly quarantine: {
    list(): Promise<readonly QuarantinedRecord[]>;
    remove(ids: readonly string[]): Promise<void>;
  };

  usage(): Promise<StorageUsage>;
  /** Asks the browser not to evict; false where it refuses or cannot say. */
  persist(): Promise<boolean>;
  exportAll(): Promise<ExportDocument>;
  /** Deletes what the visitor did and every model trained on it; packs, settings and experiments stay. One transaction. */
  eraseVisitor(): Promise<void>;
  /**
   * Deletes the database, caches, localStorage, sessionStorage and the service worker's registration. The
   * storage is closed then; the page reloads.
   */
  eraseEverything(): Promise<void>;
  close(): void;
}
