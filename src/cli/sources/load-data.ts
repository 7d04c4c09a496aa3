import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { AppError } from '../../lib/errors.ts';
import { datasetOf, type Dataset } from '../../lib/model/index.ts';
import { readInteractions, type Format, type RatingScale, type SourceRows } from './read-interactions.ts';

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
export function loadData(files: readonly string[], format: Format, scale: RatingScale | null): LoadedData {
  const sources = files.map((file) => readInteractions(file, format, scale));
  const users = idsOf(sources.map(({ user }) => user));
  const items = idsOf(sources.map(({ item }) => item));
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
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
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
  const ids = [...new Set(columns.flatMap((column) => [...new Set(column)]))];
  return ids.every((id) => /^\d{1,15}$/u.test(id)) ? ids.sort((a, b) => Number(a) - Number(b)) : ids;
}

function positionsOf(ids: readonly string[]): ReadonlyMap<string, number> {
  return new Map(ids.map((id, position) => [id, position]));
}

function partOf(
  { user, item, value, time }: SourceRows,
  userAt: ReadonlyMap<string, number>,
  itemAt: ReadonlyMap<string, number>,
): LoadedPart {
  return datasetOf({
    users: userAt.size,
    items: itemAt.size,
    user: Int32Array.from(user, (id) => userAt.get(id) ?? -1),
    item: Int32Array.from(item, (id) => itemAt.get(id) ?? -1),
    value: Float32Array.from(value),
    time: time === null ? null : Float64Array.from(time),
  });
}
