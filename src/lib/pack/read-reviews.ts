import { LANGUAGES, type ItemIndex, type Language, type Review, type Stars } from '../types.ts';
import { optionalText, readColumns, wholeNumber } from './cells.ts';
import { MAX_ROWS, MAX_TEXT } from './limits.ts';
import { MAX_DAY } from './read-interactions.ts';
import { rowError } from './row-error.ts';
import { Table } from './table.ts';
import type { PackManifest } from './types.ts';

/**
 * Reads reviews.parquet, in the file's order. Throws `pack-file-invalid` or, for the first bad row,
 * `pack-row-invalid`.
 */
export async function readReviews(
  bytes: Uint8Array<ArrayBuffer>,
  manifest: PackManifest,
): Promise<readonly Review[]> {
  const file = manifest.files.reviews?.path ?? '';
  const table = await Table.open(file, bytes, MAX_ROWS.reviews);
  const columns = await readColumns(table, ['item', 'stars', 'language', 'text', 'day'], []);
  const reviews: Review[] = [];
  for (let row = 0; row < table.rows; row++) {
    const place = (column: string) => ({ file, row, column });
    const text = optionalText(columns.text[row], MAX_TEXT.review, place('text'), 'keep');
    if (text === '') throw rowError(file, row, 'text', text, 'Leave out reviews without words.');
    reviews.push({
      item: wholeNumber(columns.item[row], 0, manifest.counts.items - 1, place('item')) as ItemIndex,
      stars: wholeNumber(columns.stars[row], 1, 5, place('stars')) as Stars,
      language: readLanguage(columns.language[row], file, row),
      text,
      day: wholeNumber(columns.day[row], 0, MAX_DAY, place('day')),
    });
  }
  return reviews;
}

/** Reviews by item position, each list in the file's order. */
export function groupReviews(reviews: readonly Review[]): ReadonlyMap<number, readonly Review[]> {
  const groups = new Map<number, Review[]>();
  for (const review of reviews) {
    const group = groups.get(review.item);
    if (group === undefined) groups.set(review.item, [review]);
    else group.push(review);
  }
  return groups;
}

function readLanguage(value: unknown, file: string, row: number): Language {
  const language = LANGUAGES.find((known) => known === value);
  if (language === undefined) {
    throw rowError(file, row, 'language', value, `Use one of ${LANGUAGES.join(', ')}.`);
  }
  return language;
}
