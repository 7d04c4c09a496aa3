import { AppError } from '../errors.ts';
import type { Experiment } from '../types.ts';
import { byTime } from './events.ts';
import { get, put, remove, writing, writingStrictly, type RecordDatabase } from './operations.ts';
import { readValid } from './quarantine.ts';
import type { Storage } from './types.ts';
import { experimentSchema, parsed, required } from './validate.ts';

/** Models compared on this device, newest first. */
export function createExperiments(database: RecordDatabase): Storage['experiments'] {
  return {
    async put(experiment) {
      const record = required(experimentSchema, experiment);
      await database.run(writing('experiments'), () => put('experiments', [record]));
    },
    async list() {
      const experiments = await readValid(database, 'experiments', experimentSchema);
      return [...experiments].sort((left, right) => byTime(right, left));
    },
    async rename(id, name) {
      await database.run(writingStrictly('experiments'), function* () {
        const stored = parsed(experimentSchema, yield* get('experiments', id));
        if (stored === null) {
          throw new AppError('storage-constraint', 'This experiment is not there any more.', {
            values: { id },
          });
        }
        yield* put('experiments', [{ ...stored, name }]);
      });
    },
    remove: (ids) =>
      database.run(writing('experiments'), function* () {
        const removed: Experiment[] = [];
        for (const id of ids) {
          const stored = parsed(experimentSchema, yield* get('experiments', id));
          if (stored !== null) removed.push(stored);
        }
        yield* remove(
          'experiments',
          removed.map(({ id }) => id),
        );
        return removed;
      }),
  };
}
