import { createCheckedStore } from './checked-store.ts';
import type { RecordDatabase } from './operations.ts';
import type { Storage } from './types.ts';
import { checkpointSchema } from './validate.ts';

/** The latest checkpoint of each training run. */
export const createCheckpoints = (database: RecordDatabase): Storage['checkpoints'] =>
  createCheckedStore(database, 'checkpoints', checkpointSchema);
