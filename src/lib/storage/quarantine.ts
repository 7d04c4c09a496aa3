import { add, getAll, reading, remove, writing, type RecordDatabase, type Steps } from './operations.ts';
import { keyOf } from './schema.ts';
import type { QuarantinedRecord, QuarantineStore, Storage } from './types.ts';
import { faultOf, parsed, quarantinedSchema, type RecordSchema } from './validate.ts';

/** The quarantine as the visitor sees it: what was broken, kept until they remove it. */
export function createQuarantine(database: RecordDatabase): Storage['quarantine'] {
  return {
    async list() {
      const records = await database.run(reading('quarantine'), () => getAll('quarantine'));
      return records
        .flatMap((record) => parsed(quarantinedSchema, record) ?? [])
        .sort((left, right) => left.at - right.at);
    },
    remove: (ids) => database.run(writing('quarantine'), () => remove('quarantine', ids)),
  };
}

/** The valid records of a store; broken ones are moved to quarantine. */
export async function readValid<Value>(
  database: RecordDatabase,
  store: QuarantineStore,
  schema: RecordSchema<Value>,
): Promise<readonly Value[]> {
  const records = await database.run(reading(store), () => getAll(store));
  const valid = records.flatMap((record) => parsed(schema, record) ?? []);
  if (valid.length < records.length) {
    await moveToQuarantine(database, store, (record) => faultOf(schema, record));
  }
  return valid;
}

/** Moves every record of a store for which `fault` gives a reason to quarantine, in one transaction. */
export function moveToQuarantine(
  database: RecordDatabase,
  store: QuarantineStore,
  fault: (record: unknown) => string | null,
): Promise<void> {
  // Read again inside: another tab may have mended or replaced a record since.
  return database.run(writing(store, 'quarantine'), function* () {
    for (const record of yield* getAll(store)) {
      const reason = fault(record);
      if (reason !== null) yield* setAside(store, record, reason);
    }
  });
}

/** Moves one stored record to quarantine; part of a transaction that writes the store and the quarantine. */
export function* setAside(store: QuarantineStore, record: unknown, reason: string): Steps<void> {
  const aside: QuarantinedRecord = { id: crypto.randomUUID(), store, record, reason, at: Date.now() };
  yield* add('quarantine', [aside]);
  yield* remove(store, [keyOf(store, record)]);
}
