import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { AppError } from '../../lib/errors.ts';
import { datasetOf, type Dataset } from '../../lib/model/index.ts';
import type { ReadEvents } from '../../lib/import/index.ts';
import { isFolder } from './file-sources.ts';
import { readInteractions, type Format, type RatingScale } from './read-interactions.ts';

/** Data sets that share their users and items. */
export interface LoadedData {
  readonly parts: readonly LoadedPart[];
  /** Ids by position: whole numbers in numeric order, else in the order of their first appearance. */
  readonly users: readonly string[];
  readonly items: readonly string[];
  readonly rated: boolean;
}

export interface LoadedPart {
  readonly dataset: Dataset;
  /** Repeated pairs of which only the latest counts. */
  readonly duplicates: number;
}

/**
 * Reads several files over one set of users and items. Of a pair that comes more than once in a file the latest
 * counts (the last line where times are equal or absent). Throws what the readers throw.
 */
export async function loadData(
  files: readonly string[],
  format: Format,
  scale: RatingScale | null,
): Promise<LoadedData> {
  const sources: ReadEvents[] = [];
  for (const file of files) sources.push(await readInteractions(file, format, scale));
  const users = idsOf(sources.map((source) => source.users));
  const items = idsOf(sources.map((source) => source.items));
  const userAt = positionsOf(users);
  const itemAt = positionsOf(items);
  return {
    parts: sources.map((source) => partOf(source, userAt, itemAt)),
    users,
    items,
    rated: sources.every(({ rated }) => rated),
  };
}

/** Pairs of train and test files of a folder: `u1.base` and `u1.test`, or `1.train` and `1.test`. Throws `input-invalid`. */
export function foldFiles(folder: string): readonly { readonly train: string; readonly test: string }[] {
  if (!isFolder(folder)) {
    throw new AppError('input-invalid', `--folds: ${folder} is no folder.`, {
      remedy: 'Give a folder with u1.base, u1.test, u2.base …',
    });
  }
  const folds = readdirSync(folder)
    .filter((name) => /^[a-z]*\d+\.(?:base|train)$/u.test(name))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map((name) => ({
      train: join(folder, name),
      test: join(folder, basename(name).replace(/\.(?:base|train)$/u, '.test')),
    }))
    .filter(({ test }) => existsSync(test));
  if (folds.length > 0) return folds;
  throw new AppError('input-invalid', `${folder} holds no folds.`, {
    values: { folder },
    remedy: 'Name them u1.base and u1.test, or 1.train and 1.test.',
  });
}

function idsOf(columns: readonly (readonly string[])[]): readonly string[] {
  const ids = [...new Set(columns.flat())];
  return ids.every((id) => /^\d{1,15}$/u.test(id)) ? ids.sort((a, b) => Number(a) - Number(b)) : ids;
}

function positionsOf(ids: readonly string[]): ReadonlyMap<string, number> {
  return new Map(ids.map((id, position) => [id, position]));
}

function partOf(
  { users, items, user, item, value, seconds }: ReadEvents,
  userAt: ReadonlyMap<string, number>,
  itemAt: ReadonlyMap<string, number>,
): LoadedPart {
  return datasetOf({
    users: userAt.size,
    items: itemAt.size,
    user: positioned(user, users, userAt),
    item: positioned(item, items, itemAt),
    value,
    time: seconds,
  });
}

function positioned(
  numbers: Uint32Array,
  ids: readonly string[],
  at: ReadonlyMap<string, number>,
): Int32Array<ArrayBuffer> {
  const positions = ids.map((id) => at.get(id) ?? -1);
  return Int32Array.from(numbers, (number) => positions[number] ?? -1);
}
