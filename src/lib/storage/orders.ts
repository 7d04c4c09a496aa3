import { byTime } from './events.ts';
import { add, getAll, remove, writingStrictly, type RecordDatabase } from './operations.ts';
import { readValid } from './quarantine.ts';
import { keyOf } from './schema.ts';
import type { Storage } from './types.ts';
import { basketLineSchema, eventSchema, orderSchema, parsed, required } from './validate.ts';

/** The simulated orders, newest first. */
export function createOrders(database: RecordDatabase): Storage['orders'] {
  return {
    async place(order, events) {
      const record = required(orderSchema, order);
      const eventRecords = events.map((event) => required(eventSchema, event));
      await database.run(writingStrictly('orders', 'events', 'basket'), function* () {
        yield* add('orders', [record]);
        yield* add('events', eventRecords);
        const lines = (yield* getAll('basket')).flatMap((line) => parsed(basketLineSchema, line) ?? []);
        yield* remove(
          'basket',
          lines.filter((line) => line.packId === record.packId).map((line) => keyOf('basket', line)),
        );
      });
    },
    async list(packId) {
      const orders = await readValid(database, 'orders', orderSchema);
      return orders.filter((order) => order.packId === packId).sort((left, right) => byTime(right, left));
    },
  };
}
