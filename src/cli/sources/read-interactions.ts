import { join } from 'node:path';
import { AppError } from '../../lib/errors.ts';
import { readEvents, type RatingScale, type ReadEvents } from '../../lib/import/index.ts';
import { fileSources, isFolder } from './file-sources.ts';

export const FORMATS = ['lightgcn', 'movielens', 'csv'] as const;
export type Format = (typeof FORMATS)[number];
export type { RatingScale };

/** MovieLens rates in halves up to 5, the first sets in whole stars. */
export const MOVIELENS_SCALE: RatingScale = { min: 0.5, max: 5 };
const LIGHTGCN_TRAIN_FILE = 'train.txt';

/**
 * Reads interactions: `lightgcn` (a line a user, positions; of a folder its train.txt), `movielens` (u.data or a fold of
 * it, ratings.csv, ratings.dat, or their folder), `csv`: user, item[, rating[, time]] by a header's names or in this
 * order, in any format of the import library. Throws what it throws (`import-invalid` naming file, line and value), and for a folder given as `csv`.
 */
export async function readInteractions(
  path: string,
  format: Format,
  scale: RatingScale | null,
): Promise<ReadEvents> {
  switch (format) {
    case 'lightgcn':
      return readEvents(
        await fileSources(isFolder(path) ? join(path, LIGHTGCN_TRAIN_FILE) : path),
        'rows',
        null,
      );
    case 'movielens':
      return readEvents(await fileSources(path), isFolder(path) ? 'any' : 'table', scale ?? MOVIELENS_SCALE);
    case 'csv':
      if (isFolder(path)) {
        throw new AppError('import-invalid', `${path} is a folder.`, {
          values: { file: path },
          remedy: 'Give the file with the interactions.',
        });
      }
      return readEvents(await fileSources(path), 'table', scale);
    default:
      return format satisfies never;
  }
}
