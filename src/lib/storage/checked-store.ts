import { checksumOf } from '../checksum.ts';
import { AppError } from '../errors.ts';
import type { ModelKind, PackId } from '../types.ts';
import { get, put, reading, remove, writing, type RecordDatabase } from './operations.ts';
import { moveToQuarantine } from './quarantine.ts';
import type { KeyOf, RecordOf } from './schema.ts';
import { faultOf, parsed, required, type RecordSchema } from './validate.ts';

type CheckedName = 'snapshots' | 'checkpoints';

/** A store of large records, one a pack and model, each with a checksum over all of its other fields. */
export interface CheckedStore<Value> {
  /** Rejects with `snapshot-corrupt` where the checksum does not fit: what is stored stays. */
  put(value: Value): Promise<void>;
  /** Null where there is none, or where the stored one is broken: that goes to quarantine. */
  get(packId: PackId, model: ModelKind): Promise<Value | null>;
  remove(packId: PackId, model: ModelKind): Promise<void>;
}

/** The store of that name, verified by its checksum on the way in and on the way out. */
export function createCheckedStore<Name extends CheckedName>(
  database: RecordDatabase,
  store: Name,
  schema: RecordSchema<RecordOf<Name>>,
): CheckedStore<RecordOf<Name>> {
  const keyFor = (packId: PackId, model: ModelKind): KeyOf<CheckedName> => [packId, model];
  return {
    async put(value) {
      const record = required(schema, value);
      if ((await checksumOf(record)) !== record.checksum) {
        throw new AppError('snapshot-corrupt', 'The model does not fit its checksum.', {
          values: { packId: record.packId, model: record.model },
          remedy: 'Train it again.',
        });
      }
      await database.run(writing(store), () => put(store, [record]));
    },
    async get(packId, model) {
      const stored = await database.run(reading(store), () => get(store, keyFor(packId, model)));
      if (stored === undefined) return null;
      const record = parsed(schema, stored);
      if (record !== null && (await checksumOf(record)) === record.checksum) return record;
      await moveToQuarantine(database, store, (candidate) => {
        const fault = faultOf(schema, candidate);
        if (fault !== null) return fault;
        // By now another tab may have put a good one under the key.
        return parsed(schema, candidate)?.checksum === record?.checksum ? 'checksum: Does not fit.' : null;
      });
      return null;
    },
    remove: (packId, model) => database.run(writing(store), () => remove(store, [keyFor(packId, model)])),
  };
}
