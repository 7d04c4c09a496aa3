import { createLog } from './log.ts';
import { count, put, reading, writingStrictly, type RecordDatabase } from './operations.ts';
import type { Storage } from './types.ts';
import { eventSchema, required } from './validate.ts';

/** What the visitor did, one record an event. An event for a product that no pack knows is kept like any other. */
export function createEvents(database: RecordDatabase): Storage['events'] {
  return {
    ...createLog(database, 'events', eventSchema),
    // async: a record refused by validation rejects, as everything else does.
    async replace(event) {
      const record = required(eventSchema, event);
      await database.run(writingStrictly('events'), () => put('events', [record]));
    },
    count: () => database.run(reading('events'), () => count('events')),
  };
}
