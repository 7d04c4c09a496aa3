import { MODEL_KINDS } from '../types.ts';
import {
  get,
  getAll,
  reading,
  remove,
  writingStrictly,
  type RecordDatabase,
  type Steps,
} from './operations.ts';
import { keyOf, type KeyOf, type StoreName } from './schema.ts';
import type { RangeCounts, TimeRange } from './types.ts';

type Keys = { readonly [Name in (typeof ERASED)[number]]: readonly KeyOf<Name>[] };
type ModelKeys = { readonly [Name in 'snapshots' | 'checkpoints']: readonly KeyOf<Name>[] };

const ERASED = ['events', 'sayings', 'orders', 'basket', 'quarantine'] as const;
const STORES: readonly StoreName[] = [...ERASED, 'snapshots', 'checkpoints'];

/** Counts what `eraseRange` would delete; changes nothing. */
export function countRange(database: RecordDatabase, range: TimeRange): Promise<RangeCounts> {
  return database.run(reading(...STORES), function* () {
    const { counts } = yield* find(range);
    return counts;
  });
}

/**
 * Deletes what the visitor did in a range of time, in one transaction: events, what they said to like, orders (with the events they made), basket
 * lines, broken records that name such a time. Models and unfinished runs of the shops concerned go, too, since they
 * may have been trained on it; a shop's own model never was.
 */
export function eraseRange(database: RecordDatabase, range: TimeRange): Promise<RangeCounts> {
  return database.run(writingStrictly(...STORES), function* () {
    const { keys, models, counts } = yield* find(range);
    for (const store of ERASED) {
      yield* remove(store, keys[store]);
    }
    for (const store of ['snapshots', 'checkpoints'] as const) yield* remove(store, models[store]);
    return counts;
  });
}

function* find({ from, to }: TimeRange): Steps<{ keys: Keys; models: ModelKeys; counts: RangeCounts }> {
  const isInside = (time: unknown): boolean => typeof time === 'number' && time >= from && time < to;
  const orders = (yield* getAll('orders')).filter((order) => isInside(fieldOf(order, 'at')));
  const orderIds = new Set(orders.map((order) => fieldOf(order, 'id')));
  // The event of an order is of its time, whatever a clock that was set back has written.
  const events = (yield* getAll('events')).filter(
    (event) => isInside(fieldOf(event, 'at')) || orderIds.has(fieldOf(event, 'orderId') ?? null),
  );
  const sayings = (yield* getAll('sayings')).filter((saying) => isInside(fieldOf(saying, 'at')));
  const basket = (yield* getAll('basket')).filter((line) => isInside(fieldOf(line, 'addedAt')));
  const quarantine = (yield* getAll('quarantine')).filter((aside) => {
    const record = fieldOf(aside, 'record');
    return isInside(fieldOf(record, 'at')) || isInside(fieldOf(record, 'addedAt'));
  });
  const packIds = new Set(
    [...events, ...quarantine.map((aside) => fieldOf(aside, 'record'))].map((event) =>
      fieldOf(event, 'packId'),
    ),
  );
  const models = {
    snapshots: yield* trained('snapshots', packIds),
    checkpoints: yield* trained('checkpoints', packIds),
  };
  return {
    keys: {
      events: keysOf('events', events),
      sayings: keysOf('sayings', sayings),
      orders: keysOf('orders', orders),
      basket: keysOf('basket', basket),
      quarantine: keysOf('quarantine', quarantine),
    },
    models,
    counts: {
      events: events.length,
      sayings: sayings.length,
      orders: orders.length,
      basket: basket.length,
      quarantine: quarantine.length,
      models: models.snapshots.length + models.checkpoints.length,
    },
  };
}

function* trained<Name extends 'snapshots' | 'checkpoints'>(
  store: Name,
  packIds: ReadonlySet<unknown>,
): Steps<readonly KeyOf<Name>[]> {
  const keys: KeyOf<Name>[] = [];
  for (const packId of packIds) {
    if (typeof packId !== 'string') continue;
    for (const model of MODEL_KINDS) {
      const record = yield* get<'snapshots' | 'checkpoints'>(store, [packId, model]);
      if (record !== undefined && fieldOf(record, 'device') !== 'shop') keys.push(keyOf(store, record));
    }
  }
  return keys;
}

const keysOf = <Name extends StoreName>(store: Name, records: readonly unknown[]): readonly KeyOf<Name>[] =>
  records.map((record) => keyOf(store, record));

/** A field of a stored record, which may be anything. */
function fieldOf(record: unknown, name: string): unknown {
  return typeof record === 'object' && record !== null
    ? (record as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
