import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { InteractionColumns } from '../../lib/types.ts';
import { toColumns, type SourceInteraction } from './interaction-columns.ts';
import { lineError, readLines } from './lines.ts';

const TRAIN_FILE = 'train.txt';
/** Far above every public data set; a slip of the keyboard would otherwise ask for gigabytes. */
const MAX_POSITION = 100_000_000;

/**
 * Calls `onUser` with the items of each line of a file in LightGCN's format: a line a user, `user item item …`,
 * positions from 0 (He et al. 2020, and the KGAT and NGCF splits). Of a folder, its train.txt. A user without items is
 * allowed. Throws `import-invalid` naming file, line and value: for what is no position, for a user who comes twice,
 * and for an item that comes twice in a line.
 */
export function eachLightGcnUser(
  path: string,
  onUser: (user: number, items: readonly number[]) => void,
): void {
  const file = isFolder(path) ? join(path, TRAIN_FILE) : path;
  const users = new Set<number>();
  readLines(file, (text, line) => {
    const [user = -1, ...items] = text.split(/\s+/u).map((token) => position(file, line, token));
    if (users.has(user)) throw lineError(file, line, String(user), 'Give every user one line.');
    users.add(user);
    const own = new Set<number>();
    for (const item of items) {
      if (own.has(item)) throw lineError(file, line, String(item), 'Name an item once in a line.');
      own.add(item);
    }
    onUser(user, items);
  });
}

/** The interactions of such a file; each becomes a `like`. Throws as `eachLightGcnUser`, and where there are none. */
export function readLightGcn(path: string): InteractionColumns {
  const interactions: SourceInteraction[] = [];
  eachLightGcnUser(path, (user, items) => {
    for (const item of items) interactions.push({ user, item, kind: 'like', stars: 0, day: 0 });
  });
  return toColumns(isFolder(path) ? join(path, TRAIN_FILE) : path, interactions);
}

function position(file: string, line: number, token: string): number {
  const value = Number(token);
  if (/^\d+$/u.test(token) && value <= MAX_POSITION) return value;
  throw lineError(file, line, token, `Give positions: whole numbers from 0 to ${MAX_POSITION}.`);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
