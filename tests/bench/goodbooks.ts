/** Goodbooks-10k as a shop: books with their texts, and readers' ratings. For the benches that need texts. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Papa from 'papaparse';
import { datasetOf } from '../../src/lib/model/evaluate/dataset.ts';
import type { CsrMatrix } from '../../src/lib/model/matrix/csr.ts';
import type { RecommenderItem } from '../../src/lib/model/recommend/types.ts';
import type { ItemId, ItemIndex } from '../../src/lib/types.ts';

/** Ratings from here on are positive, as in `fairshelf evaluate`. */
export const POSITIVE = 4;

export interface Book {
  readonly title: string;
  readonly authors: string;
  readonly genres: string;
}

export interface Ratings {
  readonly user: number[];
  readonly book: number[];
  readonly value: number[];
}

type Row = Readonly<Record<string, string>>;

function rows(path: string): readonly Row[] {
  return Papa.parse<Row>(readFileSync(path, 'utf8'), { header: true, skipEmptyLines: true }).data;
}

export function readBooks(folder: string): Book[] {
  const genres = new Map(rows(join(folder, 'book_genres.csv')).map((row) => [row['book_id'], row['genres']]));
  return rows(join(folder, 'books.csv'))
    .toSorted((a, b) => Number(a['book_id']) - Number(b['book_id']))
    .map((row) => ({
      title: row['title'] ?? '',
      authors: row['authors'] ?? '',
      genres: genres.get(row['book_id']) ?? '',
    }));
}

/** Books by position (id − 1), readers in the order of their ids. */
export function readRatings(folder: string): Ratings {
  const readers = new Map<string, number>();
  const ratings: Ratings = { user: [], book: [], value: [] };
  for (const row of rows(join(folder, 'ratings_5pct_users.csv'))) {
    const id = row['user_id'] ?? '';
    if (!readers.has(id)) readers.set(id, readers.size);
    ratings.user.push(readers.get(id) ?? 0);
    ratings.book.push(Number(row['book_id']) - 1);
    ratings.value.push(Number(row['rating']));
  }
  return ratings;
}

/** Positive ratings as a readers × books matrix of ones. */
export function matrixOf(ratings: Ratings, books: number, keep: (entry: number) => boolean): CsrMatrix {
  const entries = ratings.user.flatMap((_user, entry) => (keep(entry) ? [entry] : []));
  const users = ratings.user.reduce((most, user) => Math.max(most, user), 0) + 1;
  return datasetOf({
    users,
    items: books,
    user: Int32Array.from(entries, (entry) => ratings.user[entry] ?? 0),
    item: Int32Array.from(entries, (entry) => ratings.book[entry] ?? 0),
    value: new Float32Array(entries.length).fill(1),
    time: null,
  }).dataset.matrix;
}

export function shopItem(book: Book, index: number, popularity: number): RecommenderItem {
  const [author = ''] = book.authors.split(',');
  const attribute = (name: string, value: string): RecommenderItem['attributes'][number] => ({
    name: { en: name },
    value: { en: value },
  });
  return {
    index: index as ItemIndex,
    id: String(index + 1) as ItemId,
    name: { en: book.title },
    brand: author.trim(),
    category: 'books',
    price: null,
    description: {},
    attributes: [attribute('Authors', book.authors), attribute('Genres', book.genres.replaceAll(',', ' '))],
    art: null,
    popularity,
    ratingCounts: [0, 0, 0, 0, 0],
  } as RecommenderItem;
}
