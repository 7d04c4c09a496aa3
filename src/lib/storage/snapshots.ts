import { createCheckedStore } from './checked-store.ts';
import type { RecordDatabase } from './operations.ts';
import type { Storage } from './types.ts';
import { snapshotSchema } from './validate.ts';

/** The trained models. */
export const createSnapshots = (database: RecordDatabase): Storage['snapshots'] =>
  createCheckedStore(database, 'snapshots', snapshotSchema);
