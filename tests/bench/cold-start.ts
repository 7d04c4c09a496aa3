/**
 * Cold start on Goodbooks-10k: a random tenth of the books is hidden from training, every rating of theirs taken out.
 * Their factors are then predicted from their texts, by the code that the shop uses for a product nobody has touched
 * (`recommend/item-factors`), and the hidden books are ranked for each reader who has rated one of them 4 or 5. Run by
 * cold-start.mjs.
 *
 *     FOLDER [--hide 0.1] [--seeds 1,2,3] [--set factors=64]
 *
 * Recall@20 and NDCG@20 of the hidden books alone (all of them candidates), by:
 *
 *   text     the reader's factors times the book's factors by text
 *   author   ratings of the author's other books; ties at random
 *   popular  ratings of the book in train. There are none, so that all are tied: at random, another draw than `random`
 *   random   a random order
 *
 * and, `among all`, Recall@20 where the hidden books stand among every book that the reader has not rated in train.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Papa from 'papaparse';
import { ndcgAtK, recallAtK } from '../../src/lib/model/evaluate/metrics.ts';
import { datasetOf } from '../../src/lib/model/evaluate/dataset.ts';
import { bootstrapMean } from '../../src/lib/model/evaluate/statistics.ts';
import type { CsrMatrix } from '../../src/lib/model/matrix/csr.ts';
import { Random } from '../../src/lib/model/matrix/random.ts';
import { itemFactors } from '../../src/lib/model/recommend/item-factors.ts';
import { itemVectors } from '../../src/lib/model/recommend/item-texts.ts';
import type { RecommenderItem } from '../../src/lib/model/recommend/types.ts';
import { closeDevice } from '../../src/lib/model/train/devices.ts';
import { openDevice } from '../../src/lib/model/zoo/device.ts';
import { adapter } from '../../src/lib/model/zoo/ials.ts';
import { dotAt, rowOf } from '../../src/lib/model/linear/dense.ts';
import type { ItemId, ItemIndex } from '../../src/lib/types.ts';

const K = 20;
/** Ratings from here on are positive, as in `fairshelf evaluate`. */
const POSITIVE = 4;

interface Book {
  readonly title: string;
  readonly authors: string;
  readonly genres: string;
}

interface Ratings {
  readonly user: number[];
  readonly book: number[];
  readonly value: number[];
}

type Row = Readonly<Record<string, string>>;

function rows(path: string): readonly Row[] {
  return Papa.parse<Row>(readFileSync(path, 'utf8'), { header: true, skipEmptyLines: true }).data;
}

function readBooks(folder: string): Book[] {
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
function readRatings(folder: string): Ratings {
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
function matrixOf(ratings: Ratings, books: number, keep: (entry: number) => boolean): CsrMatrix {
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

function shopItem(book: Book, index: number, popularity: number): RecommenderItem {
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

interface Measured {
  readonly recall: Record<string, number[]>;
  readonly ndcg: Record<string, number[]>;
}

async function measure(
  books: readonly Book[],
  ratings: Ratings,
  { hide, seed, set }: { hide: number; seed: number; set: Readonly<Record<string, number>> },
): Promise<Measured> {
  const random = new Random(seed);
  const order = random.shuffle(books.map((_, book) => book));
  const hidden = order.slice(0, Math.round(hide * books.length)).sort((a, b) => a - b);
  const isHidden = new Uint8Array(books.length);
  for (const book of hidden) isHidden[book] = 1;
  const positive = (entry: number): boolean => (ratings.value[entry] ?? 0) >= POSITIVE;
  const isOut = (entry: number): boolean => isHidden[ratings.book[entry] ?? 0] === 1;
  const train = matrixOf(ratings, books.length, (entry) => positive(entry) && !isOut(entry));
  const test = matrixOf(ratings, books.length, (entry) => positive(entry) && isOut(entry));

  const popularity = new Float64Array(books.length);
  for (const book of train.indices) popularity[book] = (popularity[book] ?? 0) + 1;
  const byAuthor = new Map<string, number>();
  const authorOf = (book: number): string => books[book]?.authors.split(',')[0]?.trim() ?? '';
  popularity.forEach((count, book) =>
    byAuthor.set(authorOf(book), (byAuthor.get(authorOf(book)) ?? 0) + count),
  );

  const device = await openDevice({ wish: 'cpu' });
  const hyperparameters = adapter.hyperparameters(train, set);
  const model = await adapter.fit({
    ...{ train, timestamps: null, features: null, hyperparameters, seed, device },
    signal: undefined,
  });
  closeDevice(device);
  const { userFactors, itemFactors: trained } = model.save().arrays;
  const factors = trained?.shape[1] ?? 0;
  const items = books.map((book, index) => shopItem(book, index, popularity[index] ?? 0));
  const started = process.cpuUsage();
  const mapped = itemFactors(
    items,
    { model: 'ials', itemFactors: trained?.values as Float32Array<ArrayBuffer>, factors },
    () => itemVectors(items),
  );
  const { user: cpu } = process.cpuUsage(started);
  console.log(
    `  text map: ${(cpu / 1e6).toFixed(1)} s of CPU, ${mapped.fromText.reduce((a, b) => a + b)} books by text`,
  );

  const measured: Measured = { recall: {}, ndcg: {} };
  const record = (name: string, ranked: readonly number[], relevant: ReadonlySet<number>): void => {
    (measured.recall[name] ??= []).push(recallAtK(ranked, relevant, K));
    (measured.ndcg[name] ??= []).push(ndcgAtK(ranked, relevant, K));
  };
  for (let user = 0; user < test.rows; user++) {
    const relevant = new Set(test.indices.subarray(test.indptr[user], test.indptr[user + 1]));
    const seen = new Set(train.indices.subarray(train.indptr[user], train.indptr[user + 1]));
    if (relevant.size === 0 || seen.size === 0) continue;
    const own = rowOf(userFactors?.values as Float32Array<ArrayBuffer>, user, factors);
    const score = (book: number): number => dotAt(own, mapped.data, book * factors);
    const rank = (candidates: readonly number[], by: (book: number) => number): number[] =>
      best(candidates, by, random);
    record('text', rank(hidden, score), relevant);
    record(
      'author',
      rank(hidden, (book) => byAuthor.get(authorOf(book)) ?? 0),
      relevant,
    );
    record(
      'popular',
      rank(hidden, (book) => popularity[book] ?? 0),
      relevant,
    );
    record(
      'random',
      rank(hidden, () => 0),
      relevant,
    );
    const unread = books.flatMap((_, book) => (seen.has(book) ? [] : [book]));
    record('text, among all', rank(unread, score), relevant);
    record(
      'popular, among all',
      rank(unread, (book) => popularity[book] ?? 0),
      relevant,
    );
    record(
      'random, among all',
      rank(unread, () => 0),
      relevant,
    );
  }
  return measured;
}

/** The K candidates of the greatest values, best first; ties are broken by chance. */
function best(candidates: readonly number[], by: (book: number) => number, random: Random): number[] {
  const top: { readonly book: number; readonly value: number; readonly tie: number }[] = [];
  for (const book of candidates) {
    const value = by(book);
    const last = top.length === K ? top.at(-1) : undefined;
    const tie = random.uniform();
    if (last !== undefined && (value < last.value || (value === last.value && tie <= last.tie))) continue;
    let at = top.length;
    while (at > 0) {
      const above = top[at - 1];
      if (above === undefined || above.value > value || (above.value === value && above.tie >= tie)) break;
      at--;
    }
    top.splice(at, 0, { book, value, tie });
    if (top.length > K) top.pop();
  }
  return top.map(({ book }) => book);
}

export async function run(args: readonly string[]): Promise<void> {
  const [folder = '', ...rest] = args;
  const option = (name: string, fallback: string): string => {
    const at = rest.indexOf(`--${name}`);
    return at === -1 ? fallback : (rest[at + 1] ?? fallback);
  };
  const set = Object.fromEntries(
    rest.flatMap((word, at) => {
      const [name = '', value = ''] = rest[at - 1] === '--set' ? word.split('=') : [];
      return name === '' ? [] : [[name, Number(value)] as const];
    }),
  );
  const hide = Number(option('hide', '0.1'));
  const books = readBooks(folder);
  const ratings = readRatings(folder);
  for (const seed of option('seeds', '1').split(',').map(Number)) {
    console.log(`seed ${seed}, ${hide} of ${books.length} books hidden`);
    const { recall, ndcg } = await measure(books, ratings, { hide, seed, set });
    for (const [name, values] of Object.entries(recall)) {
      const { mean, low, high } = bootstrapMean(values, seed);
      const gain = bootstrapMean(ndcg[name] ?? [], seed).mean;
      console.log(
        `  ${name.padEnd(20)} recall@${K} ${mean.toFixed(4)} [${low.toFixed(4)}, ${high.toFixed(4)}]  ndcg@${K} ${gain.toFixed(4)}  ${values.length} readers`,
      );
    }
  }
}
