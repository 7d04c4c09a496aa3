import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../lib/errors.ts';
import type { InteractionColumns } from '../../lib/types.ts';
import { csvError, readCsv } from '../csv.ts';
import { toColumns } from './interaction-columns.ts';
import { lineError, readLines } from './lines.ts';
import { starsOfRating } from './movielens.ts';

const SECONDS_PER_DAY = 86_400;
const TSV_FILE = 'u.data';
const CSV_FILE = 'ratings.csv';

interface Rating {
  readonly user: number;
  readonly item: number;
  readonly rating: number;
  readonly seconds: number;
}

/**
 * The ratings of a MovieLens data set, without its films: `u.data` of ml-100k (or a fold of it), `ratings.csv` of the
 * later ones, or the folder of either. Each becomes a `rate` (stars as in a pack made of the data). Positions follow the order of
 * the ids. Throws `import-invalid` naming file, line or row, and value.
 */
export function readMovielensRatings(path: string): InteractionColumns {
  const file = ratingsFile(path);
  const ratings = file.endsWith('.csv') || file.endsWith('.csv.gz') ? readRatingsCsv(file) : readTsv(file);
  const users = positions(ratings.map(({ user }) => user));
  const items = positions(ratings.map(({ item }) => item));
  return toColumns(
    file,
    ratings.map(({ user, item, rating, seconds }) => ({
      user: users.get(user) ?? 0,
      item: items.get(item) ?? 0,
      kind: 'rate',
      stars: starsOfRating(rating),
      day: Math.floor(seconds / SECONDS_PER_DAY),
    })),
  );
}

function ratingsFile(path: string): string {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return path;
  const found = [TSV_FILE, CSV_FILE].map((name) => join(path, name)).find((file) => existsSync(file));
  if (found !== undefined) return found;
  throw new AppError('import-invalid', `${path} holds neither ${TSV_FILE} nor ${CSV_FILE}.`, {
    values: { file: path },
    remedy: 'Give the folder of a MovieLens data set, or the file with its ratings.',
  });
}

/** user, item, rating and time, with tabs between them and no header. */
function readTsv(file: string): Rating[] {
  const ratings: Rating[] = [];
  readLines(file, (text, line) => {
    const cells = text.split('\t');
    if (cells.length !== 4) throw lineError(file, line, text, 'Give user, item, rating and time, by tabs.');
    const fail = (value: string, remedy: string) => lineError(file, line, value, remedy);
    ratings.push(toRating(cells, fail));
  });
  return ratings;
}

function readRatingsCsv(file: string): Rating[] {
  const ratings: Rating[] = [];
  readCsv(file, ['userId', 'movieId', 'rating', 'timestamp'], ({ cells, row }) => {
    const fail = (value: string, remedy: string) => csvError(file, row, '', value, remedy);
    ratings.push(toRating([cells.userId, cells.movieId, cells.rating, cells.timestamp], fail));
  });
  return ratings;
}

function toRating(
  [user = '', item = '', rating = '', time = '']: readonly string[],
  fail: (value: string, remedy: string) => AppError,
): Rating {
  for (const id of [user, item]) {
    if (!/^\d{1,9}$/u.test(id)) throw fail(id, 'Give users and films by whole numbers.');
  }
  const value = Number(rating);
  if (rating === '' || !(value >= 0.5 && value <= 5)) throw fail(rating, 'Give a rating from 0.5 to 5.');
  if (!/^\d{1,12}$/u.test(time)) throw fail(time, 'Give seconds since 1970.');
  return { user: Number(user), item: Number(item), rating: value, seconds: Number(time) };
}

/** Dense positions of ids in ascending order. */
function positions(ids: readonly number[]): ReadonlyMap<number, number> {
  const distinct = [...new Set(ids)].sort((first, second) => first - second);
  return new Map(distinct.map((id, position) => [id, position]));
}
