import type { VisitorEvent } from '../types.ts';
import { add, count, get, put, reading, remove, writingStrictly, type RecordDatabase } from './operations.ts';
import { readValid } from './quarantine.ts';
import type { Storage } from './types.ts';
import { eventSchema, parsed, required } from './validate.ts';

/** What the visitor did, one record an event. An event for a product that no pack knows is kept like any other. */
export function createEvents(database: RecordDatabase): Storage['events'] {
  return {
    // async: a record refused by validation rejects, as everything else does.
    async add(events) {
      const records = events.map((event) => required(eventSchema, event));
      await database.run(writingStrictly('events'), () => add('events', records));
    },
    async replace(event) {
      const record = required(eventSchema, event);
      await database.run(writingStrictly('events'), () => put('events', [record]));
    },
    remove: (ids) =>
      database.run(writingStrictly('events'), function* () {
        const removed: VisitorEvent[] = [];
        for (const id of ids) {
          // A broken record is not removed here, where undo would lose it: reading quarantines it.
          const event = parsed(eventSchema, yield* get('events', id));
          if (event !== null) removed.push(event);
        }
        yield* remove(
          'events',
          removed.map((event) => event.id),
        );
        return removed;
      }),
    async list(packId) {
      const events = await readValid(database, 'events', eventSchema);
      return events.filter((event) => event.packId === packId).sort(byTime);
    },
    count: () => database.run(reading('events'), () => count('events')),
  };
}

/** Oldest first; the id settles ties, so that every reading gives one order. */
export function byTime(
  left: { readonly at: number; readonly id: string },
  right: { readonly at: number; readonly id: string },
): number {
  return left.at - right.at || (left.id < right.id ? -1 : 1);
}
