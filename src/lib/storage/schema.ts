import type { DBSchema, StoreKey, StoreNames, StoreValue } from 'idb';
import type {
  Experiment,
  ExperimentPlan,
  ModelKind,
  ModelSnapshot,
  PackId,
  TrainingCheckpoint,
  VisitorEvent,
} from '../types.ts';
import type { BasketLine, Order, PackRecord, QuarantinedRecord, Settings } from './types.ts';

/** Name of the one database of the app. Packs, models and events of every shop pack live in it side by side. */
export const DATABASE_NAME = 'fairshelf';

/** A pack without its files; `kinds` says which files are kept beside it in `packFiles`. */
export interface PackEntry extends Omit<PackRecord, 'files'> {
  readonly kinds: readonly string[];
}

/** One verified file of a pack. Apart from its entry, so that listing packs reads no megabytes. */
export interface PackFileRecord {
  readonly packId: PackId;
  readonly kind: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The settings, as the only record of their store. */
export interface SettingsRecord extends Settings {
  readonly id: 'settings';
}

/** The object stores at the newest version. Keys are inline; `KEY_PATHS` says where. */
export interface FairshelfSchema extends DBSchema {
  events: { key: string; value: VisitorEvent };
  orders: { key: string; value: Order };
  basket: { key: [string, string]; value: BasketLine };
  packs: { key: string; value: PackEntry };
  packFiles: { key: [string, string]; value: PackFileRecord };
  snapshots: { key: [string, ModelKind]; value: ModelSnapshot };
  checkpoints: { key: [string, ModelKind]; value: TrainingCheckpoint };
  settings: { key: 'settings'; value: SettingsRecord };
  quarantine: { key: string; value: QuarantinedRecord };
  experiments: { key: string; value: Experiment };
  plans: { key: 'plan'; value: ExperimentPlan };
}

export type StoreName = StoreNames<FairshelfSchema>;
export type KeyOf<Name extends StoreName> = StoreKey<FairshelfSchema, Name>;
export type RecordOf<Name extends StoreName> = StoreValue<FairshelfSchema, Name>;

/** Where each store's key lies in its records, at the newest version. */
export const KEY_PATHS = {
  events: 'id',
  orders: 'id',
  basket: ['packId', 'itemId'],
  packs: 'packId',
  packFiles: ['packId', 'kind'],
  snapshots: ['packId', 'model'],
  checkpoints: ['packId', 'model'],
  settings: 'id',
  quarantine: 'id',
  experiments: 'id',
  plans: 'id',
} as const satisfies Record<StoreName, string | readonly string[]>;

/** Every object store of the newest version. */
export const STORE_NAMES = Object.keys(KEY_PATHS) as StoreName[];

/** The inline key of a record. The record must be one that its store holds or accepts. */
export function keyOf<Name extends StoreName>(store: Name, record: unknown): KeyOf<Name> {
  const fields = record as Readonly<Record<string, unknown>>;
  const path: string | readonly string[] = KEY_PATHS[store];
  return (typeof path === 'string' ? fields[path] : path.map((name) => fields[name])) as KeyOf<Name>;
}
