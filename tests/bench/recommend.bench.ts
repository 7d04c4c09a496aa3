/**
 * How long a shelf takes: `npx vitest bench --run --project unit tests/bench/recommend.bench.ts`. Reported, never
 * a reason to fail.
 */
import { bench, describe } from 'vitest';
import { Recommender } from '../../src/lib/model/recommend/recommender.ts';
import { buildSearchIndex } from '../../src/lib/text/index.ts';
import { searchDocument } from '../../src/lib/model/recommend/item-texts.ts';
import { MODEL_KINDS, type ItemIndex } from '../../src/lib/types.ts';
import { plantedFactors, plantedItems, randomEvents, snapshotOf } from '../lib/model/recommend/planted.ts';

const SIZES = [
  { items: 420, factors: 32 },
  { items: 10_000, factors: 64 },
  { items: 100_000, factors: 64 },
] as const;
const QUICK = { time: 500, iterations: 3, warmupTime: 0, warmupIterations: 1 };

describe.each(SIZES)('$items items × $factors factors, 40 events', ({ items, factors }) => {
  const catalogue = plantedItems(items);
  const events = randomEvents(40, items, 7);
  for (const model of MODEL_KINDS) {
    const snapshot = snapshotOf(plantedFactors(items, factors), factors, model);
    const recommender = new Recommender(catalogue, snapshot);
    recommender.shelves(events, 18);
    bench(
      `${model}: open with a snapshot`,
      () => {
        new Recommender(catalogue, snapshot).useSnapshot(null);
      },
      QUICK,
    );
    bench(
      `${model}: fold in and fill all shelves`,
      () => {
        recommender.shelves(events, 18);
      },
      QUICK,
    );
    bench(
      `${model}: explain one item`,
      () => {
        recommender.explain(3 as ItemIndex, events);
      },
      QUICK,
    );
  }
});

describe.each([420, 10_000])('search over %i items', async (items) => {
  const documents = plantedItems(items).map(searchDocument);
  const index = await buildSearchIndex(documents);
  bench(
    'one word',
    () => {
      index.search('guitar', 'en', 50);
    },
    QUICK,
  );
  bench(
    'two words, one mistyped',
    () => {
      index.search('lantrn tent', 'en', 50);
    },
    QUICK,
  );
  bench(
    'Chinese',
    () => {
      index.search('露营灯', 'zh', 50);
    },
    QUICK,
  );
  bench(
    'build the index',
    async () => {
      await buildSearchIndex(documents);
    },
    QUICK,
  );
});
