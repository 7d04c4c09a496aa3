import { get, put, reading, remove, writing, type RecordDatabase } from './operations.ts';
import { moveToQuarantine } from './quarantine.ts';
import type { Storage } from './types.ts';
import { experimentPlanSchema, faultOf, parsed, required } from './validate.ts';

const KEY = 'plan';

/** The comparison of models that was interrupted, as the only record of its store. */
export function createPlans(database: RecordDatabase): Storage['plans'] {
  return {
    async get() {
      const stored = await database.run(reading('plans'), () => get('plans', KEY));
      if (stored === undefined) return null;
      const plan = parsed(experimentPlanSchema, stored);
      if (plan === null) {
        await moveToQuarantine(database, 'plans', (record) => faultOf(experimentPlanSchema, record));
      }
      return plan;
    },
    async put(plan) {
      const record = required(experimentPlanSchema, plan);
      await database.run(writing('plans'), () => put('plans', [record]));
    },
    remove: () => database.run(writing('plans'), () => remove('plans', [KEY])),
  };
}
