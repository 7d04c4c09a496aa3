/**
 * Taste carried from one shop to another by text, on Goodbooks-10k: the books are dealt at random to two shops, A and B,
 * that share readers but no book. A fifth of the readers are visitors: nothing they rated trains anything. Shop B's model
 * (iALS) learns from the other readers' ratings of its books; a visitor comes with what they liked in A and an empty
 * history in B, and what they liked in B (4 or 5) is to be found among all books of B. Run by cross-shop.mjs.
 *
 *     FOLDER [--seeds 1,2,3] [--readers test|validation] [--set factors=64]
 *
 * `validation` takes another tenth of the readers, for choosing constants. Recall@20 and NDCG@20 of:
 *
 *   carried          the page's shelf "for you", from likes in A alone
 *   carried, texts   the same in a shop without a trained model
 *   popular          by readers in B who liked the book
 *   random           a random order
 *   own history      for scale: from half of the visitor's likes in B, finding the other half
 */
import { ndcgAtK, recallAtK } from '../../src/lib/model/evaluate/metrics.ts';
import { bootstrapMean, comparePaired } from '../../src/lib/model/evaluate/statistics.ts';
import { EVENT_STRENGTH } from '../../src/lib/model/matrix/strength.ts';
import { Random } from '../../src/lib/model/matrix/random.ts';
import { Recommender } from '../../src/lib/model/recommend/recommender.ts';
import type { OutsideTaste, ProfileEvent } from '../../src/lib/model/recommend/types.ts';
import { closeDevice } from '../../src/lib/model/train/devices.ts';
import { openDevice } from '../../src/lib/model/zoo/device.ts';
import { adapter } from '../../src/lib/model/zoo/ials.ts';
import type { ItemIndex, ModelSnapshot, PackId } from '../../src/lib/types.ts';
import {
  matrixOf,
  POSITIVE,
  readBooks,
  readRatings,
  shopItem,
  type Book,
  type Ratings,
} from './goodbooks.ts';

const K = 20;
const TEST_SHARE = 0.2;
const VALIDATION_SHARE = 0.1;
/** As the page takes from one visitor at most. */
const MAX_CARRIED = 100;

type Values = Record<string, number[]>;

interface Choice {
  readonly seed: number;
  readonly readers: string;
  readonly set: Readonly<Record<string, number>>;
}

async function measure(
  books: readonly Book[],
  ratings: Ratings,
  { seed, readers, set }: Choice,
): Promise<{ recall: Values; ndcg: Values }> {
  const random = new Random(seed);
  const order = random.shuffle(books.map((_, book) => book));
  const inB = new Uint8Array(books.length);
  for (const book of order.slice(0, books.length / 2)) inB[book] = 1;
  const ofB = books.flatMap((_, book) => (inB[book] === 1 ? [book] : []));
  const positionInB = new Map(ofB.map((book, at) => [book, at]));

  const count = ratings.user.reduce((most, user) => Math.max(most, user), 0) + 1;
  const people = random.shuffle(Array.from({ length: count }, (_, user) => user));
  const testEnd = Math.round(TEST_SHARE * count);
  const validationEnd = Math.round((TEST_SHARE + VALIDATION_SHARE) * count);
  const visitors = readers === 'validation' ? people.slice(testEnd, validationEnd) : people.slice(0, testEnd);
  const apart = new Set(people.slice(0, validationEnd));

  const inShopB: Ratings = { user: [], book: [], value: [] };
  const likes = new Map<number, { a: number[]; b: number[] }>();
  ratings.user.forEach((user, entry) => {
    const book = ratings.book[entry] ?? 0;
    if ((ratings.value[entry] ?? 0) < POSITIVE) return;
    if (apart.has(user)) {
      const own = likes.get(user) ?? { a: [], b: [] };
      likes.set(user, own);
      const at = positionInB.get(book);
      if (at === undefined) own.a.push(book);
      else own.b.push(at);
    } else if (inB[book] === 1) {
      inShopB.user.push(user);
      inShopB.book.push(positionInB.get(book) ?? 0);
      inShopB.value.push(1);
    }
  });
  const train = matrixOf(inShopB, ofB.length, () => true);
  const popularity = new Float64Array(ofB.length);
  for (const book of train.indices) popularity[book] = (popularity[book] ?? 0) + 1;
  const items = ofB.flatMap((book, at) => {
    const own = books[book];
    return own === undefined ? [] : [shopItem(own, at, popularity[at] ?? 0)];
  });
  const snapshot = await trained(train, items.length, seed, set);
  const shop = new Recommender(items, snapshot);
  const untrained = new Recommender(items, null);
  const shelf = (
    recommender: Recommender,
    events: readonly ProfileEvent[],
    outside: readonly OutsideTaste[],
  ) => {
    const shelves = recommender.shelves(events, K, outside);
    const personal = shelves.find(({ kind }) => kind === 'for-you');
    return (
      (personal ?? shelves.find(({ kind }) => kind === 'popular'))?.entries.map(({ item }) => item) ?? []
    );
  };

  const measured: { recall: Values; ndcg: Values } = { recall: {}, ndcg: {} };
  const record = (name: string, ranked: readonly number[], relevant: ReadonlySet<number>): void => {
    (measured.recall[name] ??= []).push(recallAtK(ranked, relevant, K));
    (measured.ndcg[name] ??= []).push(ndcgAtK(ranked, relevant, K));
  };
  const byPopularity = items
    .map((_, at) => at)
    .sort((a, b) => (popularity[b] ?? 0) - (popularity[a] ?? 0) || a - b);
  for (const visitor of visitors) {
    const own = likes.get(visitor);
    if (own === undefined || own.a.length === 0 || own.b.length < 2) continue;
    const relevant = new Set(own.b);
    const carried = random
      .shuffle([...own.a])
      .slice(0, MAX_CARRIED)
      .flatMap((book): OutsideTaste[] => {
        const found = books[book];
        if (found === undefined) return [];
        return [
          { type: 'item', id: String(book), item: shopItem(found, 0, 0), strength: EVENT_STRENGTH.like },
        ];
      });
    record('carried', shelf(shop, [], carried), relevant);
    record('carried, texts', shelf(untrained, [], carried), relevant);
    record('popular', byPopularity.slice(0, K), relevant);
    record('random', random.shuffle(items.map((_, at) => at)).slice(0, K), relevant);
    const shuffled = random.shuffle([...own.b]);
    const half = shuffled.length >> 1;
    const known = shuffled.slice(0, half).map((item, at): ProfileEvent => ({
      ...{ id: String(at), item: item as ItemIndex, kind: 'like', stars: 0, seconds: 0, at: at + 1 },
    }));
    record('own history', shelf(shop, known, []), new Set(shuffled.slice(half)));
  }
  return measured;
}

async function trained(
  train: ReturnType<typeof matrixOf>,
  items: number,
  seed: number,
  set: Choice['set'],
): Promise<ModelSnapshot> {
  const device = await openDevice({ wish: 'cpu' });
  const hyperparameters = adapter.hyperparameters(train, set);
  const model = await adapter.fit({
    ...{ train, timestamps: null, features: null, hyperparameters, seed, device },
    signal: undefined,
  });
  closeDevice(device);
  const factors = model.save().arrays['itemFactors'];
  return {
    ...{ version: 1, packId: 'b' as PackId, packFingerprint: '', model: 'ials', items, hyperparameters },
    factors: factors?.shape[1] ?? 0,
    itemFactors: factors?.values as Float32Array<ArrayBuffer>,
    ...{ device: 'cpu', deviceName: 'bench', seed, iterations: 1, interactions: train.indices.length },
    ...{ trainedAt: 0, trainSeconds: 0, checksum: '' },
    quality: { users: 0, ndcgAt10: 0, recallAt10: 0, popularityNdcgAt10: 0 },
  };
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
  const books = readBooks(folder);
  const ratings = readRatings(folder);
  for (const seed of option('seeds', '1').split(',').map(Number)) {
    const { recall, ndcg } = await measure(books, ratings, { seed, readers: option('readers', 'test'), set });
    console.log(`seed ${seed}, ${option('readers', 'test')} readers`);
    for (const [name, values] of Object.entries(recall)) {
      const { mean, low, high } = bootstrapMean(values, seed);
      const gain = bootstrapMean(ndcg[name] ?? [], seed).mean;
      console.log(
        `  ${name.padEnd(16)} recall@${K} ${mean.toFixed(4)} [${low.toFixed(4)}, ${high.toFixed(4)}]  ndcg@${K} ${gain.toFixed(4)}  ${values.length} readers`,
      );
    }
    const against = comparePaired(recall['carried'] ?? [], recall['popular'] ?? [], seed);
    console.log(`  carried − popular: ${JSON.stringify(against)}`);
  }
}
