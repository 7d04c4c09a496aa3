import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

/** Folder of the real data sets, which are never part of the repository. */
export const DATA = process.env['FAIRSHELF_DATA'] ?? '../shared/data';

/** Path of a data set's file, or null where it is not on this machine: tests then report a skip. */
export function dataPath(...parts: string[]): string | null {
  const path = join(DATA, ...parts);
  return existsSync(path) ? path : null;
}
