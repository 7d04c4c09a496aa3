import { put, remove, writingStrictly, type RecordDatabase } from './operations.ts';
import { readValid } from './quarantine.ts';
import type { Storage } from './types.ts';
import { basketLineSchema, required } from './validate.ts';

/** The basket: one line a product of a pack, in the order they were added. */
export function createBasket(database: RecordDatabase): Storage['basket'] {
  return {
    async list(packId) {
      const lines = await readValid(database, 'basket', basketLineSchema);
      return lines
        .filter((line) => line.packId === packId)
        .sort((left, right) => left.addedAt - right.addedAt || (left.itemId < right.itemId ? -1 : 1));
    },
    async set(line) {
      const record = required(basketLineSchema, line);
      await database.run(writingStrictly('basket'), () => put('basket', [record]));
    },
    remove: (packId, itemId) =>
      database.run(writingStrictly('basket'), () => remove('basket', [[packId, itemId]])),
  };
}
