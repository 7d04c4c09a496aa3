import * as v from 'valibot';
import { AppError } from '../errors.ts';
import {
  LANGUAGES,
  MODEL_KINDS,
  type Experiment,
  type ExperimentPlan,
  type ItemId,
  type ModelSnapshot,
  type PackId,
  type TrainingCheckpoint,
  type VisitorEvent,
} from '../types.ts';
import type { PackEntry, PackFileRecord, SettingsRecord } from './schema.ts';
import type { BasketLine, Order, QuarantinedRecord } from './types.ts';

/** What a record must look like to be trusted, whether the page hands it in or the database gives it back. */
export type RecordSchema<Value> = v.GenericSchema<unknown, Value>;

const key = v.pipe(v.string(), v.nonEmpty());
const packId = v.custom<PackId>((value) => typeof value === 'string' && value !== '', 'Expected a pack id.');
const itemId = v.custom<ItemId>((value) => typeof value === 'string' && value !== '', 'Expected an item id.');
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const quantity = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const finite = v.pipe(v.number(), v.finite());
/** Milliseconds since the Unix epoch, inside the range of `Date`. */
const time = v.pipe(v.number(), v.minValue(0), v.maxValue(8.64e15));
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'Expected a SHA-256.'));
const stars = v.picklist([1, 2, 3, 4, 5] as const);
const model = v.picklist(MODEL_KINDS);
const numbers = v.record(v.string(), finite);
const floats = v.custom<Float32Array<ArrayBuffer>>(
  (value) => value instanceof Float32Array && value.buffer instanceof ArrayBuffer,
  'Expected a Float32Array.',
);

const eventBase = { id: key, packId, itemId, at: time };

/** One event of the visitor. */
export const eventSchema: RecordSchema<VisitorEvent> = v.variant('kind', [
  v.object({ ...eventBase, kind: v.picklist(['view', 'click', 'like', 'hide']) }),
  v.object({ ...eventBase, kind: v.literal('dwell'), seconds: v.pipe(finite, v.minValue(0)) }),
  v.object({ ...eventBase, kind: v.literal('rate'), stars }),
  v.object({ ...eventBase, kind: v.literal('basket'), quantity }),
  v.object({ ...eventBase, kind: v.literal('order'), quantity, orderId: key }),
  v.object({ ...eventBase, kind: v.literal('review'), stars, text: v.string() }),
]);

export const orderSchema: RecordSchema<Order> = v.object({
  id: key,
  packId,
  at: time,
  currency: v.nullable(key),
  lines: v.pipe(
    v.array(v.object({ itemId, quantity, price: v.nullable(v.pipe(finite, v.minValue(0))) })),
    v.nonEmpty('An order has at least one line.'),
  ),
});

export const basketLineSchema: RecordSchema<BasketLine> = v.object({
  packId,
  itemId,
  quantity,
  addedAt: time,
});

export const settingsSchema: RecordSchema<SettingsRecord> = v.object({
  id: v.literal('settings'),
  language: v.nullable(v.picklist(LANGUAGES)),
  theme: v.picklist(['system', 'light', 'dark']),
  model,
  device: v.picklist(['auto', 'webgpu', 'cpu']),
  autoTrain: v.boolean(),
  activePack: v.nullable(packId),
});

export const packEntrySchema: RecordSchema<PackEntry> = v.object({
  packId,
  fingerprint: sha256,
  manifestText: key,
  kinds: v.array(key),
  storedAt: time,
  origin: v.exactOptional(v.literal('device')),
});

export const packFileSchema: RecordSchema<PackFileRecord> = v.object({
  packId,
  kind: key,
  bytes: v.custom<Uint8Array<ArrayBuffer>>(
    (value) => value instanceof Uint8Array && value.buffer instanceof ArrayBuffer,
    'Expected bytes.',
  ),
});

/** A saved model. An empty one is no model: it must never take the place of a trained one. */
export const snapshotSchema: RecordSchema<ModelSnapshot> = v.pipe(
  v.object({
    version: v.literal(1),
    packId,
    packFingerprint: sha256,
    model,
    items: quantity,
    factors: quantity,
    hyperparameters: numbers,
    itemFactors: floats,
    device: v.picklist(['webgpu', 'cpu', 'shop']),
    deviceName: v.string(),
    seed: finite,
    iterations: count,
    interactions: count,
    trainedAt: time,
    trainSeconds: v.pipe(finite, v.minValue(0)),
    quality: v.object({ users: count, ndcgAt10: finite, recallAt10: finite, popularityNdcgAt10: finite }),
    checksum: sha256,
  }),
  v.check((it) => it.itemFactors.length === it.items * it.factors, 'Expected items × factors values.'),
);

export const checkpointSchema: RecordSchema<TrainingCheckpoint> = v.pipe(
  v.object({
    version: v.literal(1),
    packId,
    packFingerprint: sha256,
    model,
    hyperparameters: numbers,
    seed: finite,
    iteration: count,
    users: quantity,
    items: quantity,
    factors: quantity,
    userFactors: floats,
    itemFactors: floats,
    optimizer: v.record(v.string(), floats),
    history: v.array(
      v.object({ iteration: count, loss: finite, ndcgAt10: v.nullable(finite), seconds: finite }),
    ),
    savedAt: time,
    checksum: sha256,
  }),
  v.check((it) => it.userFactors.length === it.users * it.factors, 'Expected users × factors values.'),
  v.check((it) => it.itemFactors.length === it.items * it.factors, 'Expected items × factors values.'),
);

const share = v.pipe(finite, v.gtValue(0), v.ltValue(1));

const ints = v.custom<Int32Array<ArrayBuffer>>(
  (value) => value instanceof Int32Array && value.buffer instanceof ArrayBuffer,
  'Expected an Int32Array.',
);
const estimate = v.object({ value: finite, low: v.nullable(finite), high: v.nullable(finite) });
const estimates = v.record(v.string(), estimate);
const groups = v.array(
  v.object({
    by: v.picklist(['activity', 'taste', 'popularity']),
    metric: key,
    groups: v.array(v.object({ group: key, count, estimate })),
  }),
);
const curve = v.array(
  v.object({
    iteration: count,
    loss: v.nullable(finite),
    validation: v.nullable(finite),
    seconds: finite,
  }),
);
const split = v.object({
  kind: v.picklist(['random', 'leave-k', 'time', 'users', 'kfold']),
  seed: finite,
  share,
  leave: quantity,
});

export const experimentSchema: RecordSchema<Experiment> = v.object({
  version: v.literal(1),
  id: key,
  name: v.string(),
  at: time,
  data: v.object({
    name: key,
    fingerprint: sha256,
    users: count,
    items: count,
    interactions: count,
    testUsers: count,
    known: v.optional(v.nullable(v.object({ data: key, part: v.picklist(['all', 'train']) })), null),
  }),
  split,
  model: key,
  hyperparameters: numbers,
  seed: finite,
  device: v.picklist(['webgpu', 'cpu']),
  deviceName: v.string(),
  iterations: count,
  fitSeconds: v.pipe(finite, v.minValue(0)),
  curve,
  metrics: estimates,
  // experiments of earlier versions have neither groups nor folds
  groups: v.optional(groups, []),
  folds: v.optional(v.array(numbers), []),
  paired: v.object({ metric: key, values: floats }),
});

export const experimentPlanSchema: RecordSchema<ExperimentPlan> = v.object({
  version: v.literal(1),
  id: v.literal('plan'),
  packId,
  fingerprint: sha256,
  models: v.pipe(v.array(key), v.nonEmpty()),
  done: count,
  hyperparameters: numbers,
  split,
  k: quantity,
  seed: finite,
  device: v.picklist(['auto', 'webgpu', 'cpu']),
  tuneSeconds: v.nullable(v.pipe(finite, v.gtValue(0))),
  search: v.nullable(v.string()),
  folds: v.optional(
    v.array(
      v.object({
        interactions: count,
        hyperparameters: numbers,
        iterations: count,
        fitSeconds: finite,
        curve,
        metrics: estimates,
        groups,
        users: ints,
        values: floats,
      }),
    ),
    [],
  ),
});

export const quarantinedSchema: RecordSchema<QuarantinedRecord> = v.object({
  id: key,
  store: v.picklist([
    'events',
    'orders',
    'basket',
    'settings',
    'snapshots',
    'checkpoints',
    'experiments',
    'plans',
  ]),
  record: v.unknown(),
  reason: v.string(),
  at: time,
});

/** Why a record is not valid, in one line with the path to the fault; null where it is valid. */
export function faultOf(schema: RecordSchema<unknown>, record: unknown): string | null {
  const result = v.safeParse(schema, record, { abortEarly: true });
  if (result.success) return null;
  const path = v.getDotPath(result.issues[0]);
  return path === null ? result.issues[0].message : `${path}: ${result.issues[0].message}`;
}

/** The record as its type, without unknown keys; null where it is not valid. */
export function parsed<Value>(schema: RecordSchema<Value>, record: unknown): Value | null {
  const result = v.safeParse(schema, record, { abortEarly: true });
  return result.success ? result.output : null;
}

/** The record as its type, without unknown keys. Throws `storage-record-invalid` naming the fault. */
export function required<Value>(schema: RecordSchema<Value>, record: unknown): Value {
  const value = parsed(schema, record);
  if (value !== null) return value;
  throw new AppError('storage-record-invalid', 'The record is not what the database keeps.', {
    values: { reason: faultOf(schema, record) ?? '' },
  });
}
