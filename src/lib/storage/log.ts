import type { PackId } from '../types.ts';
import { add, get, remove, writingStrictly, type RecordDatabase } from './operations.ts';
import { readValid } from './quarantine.ts';
import type { RecordOf } from './schema.ts';
import { parsed, required, type RecordSchema } from './validate.ts';

type LogName = 'events' | 'sayings';

/** A store of small records that the visitor made, in time, each of one pack. */
export interface Log<Value> {
  add(records: readonly Value[]): Promise<void>;
  remove(ids: readonly string[]): Promise<readonly Value[]>;
  list(packId: PackId): Promise<readonly Value[]>;
}

/** The log of that name, written with strict durability. */
export function createLog<Name extends LogName>(
  database: RecordDatabase,
  store: Name,
  schema: RecordSchema<RecordOf<Name>>,
): Log<RecordOf<Name>> {
  return {
    // async: a record refused by validation rejects, as everything else does.
    async add(given) {
      const records = given.map((record) => required(schema, record));
      await database.run(writingStrictly(store), () => add(store, records));
    },
    remove: (ids) =>
      database.run(writingStrictly(store), function* () {
        const removed: RecordOf<Name>[] = [];
        for (const id of ids) {
          // A broken record is not removed here, where undo would lose it: reading quarantines it.
          const record = parsed(schema, yield* get<LogName>(store, id));
          if (record !== null) removed.push(record);
        }
        yield* remove<LogName>(
          store,
          removed.map((record) => record.id),
        );
        return removed;
      }),
    async list(packId) {
      const records = await readValid(database, store, schema);
      return records.filter((record) => record.packId === packId).sort(byTime);
    },
  };
}

/** Oldest first; the id settles ties, so that every reading gives one order. */
export function byTime(
  left: { readonly at: number; readonly id: string },
  right: { readonly at: number; readonly id: string },
): number {
  return left.at - right.at || (left.id < right.id ? -1 : 1);
}
