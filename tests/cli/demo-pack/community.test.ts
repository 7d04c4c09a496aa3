import { describe, expect, it } from 'vitest';
import { TASTES } from '../../../src/cli/demo-pack/catalogue/types.ts';
import { simulateCommunity } from '../../../src/cli/demo-pack/community.ts';
import { DEMO_SEED, demoItems } from '../../../src/cli/demo-pack/demo-pack.ts';
import { COMMUNITY } from '../../../src/cli/demo-pack/parameters.ts';
import { CpuBackend } from '../../../src/lib/model/backends/cpu.ts';
import { evaluateScores } from '../../../src/lib/model/evaluate/evaluate.ts';
import { foldedMatrix, holdOutUsers } from '../../../src/lib/model/evaluate/split.ts';
import { IalsFit } from '../../../src/lib/model/ials/fit.ts';
import { ialsHyperparameters } from '../../../src/lib/model/ials/hyperparameters.ts';
import { strengthMatrix } from '../../../src/lib/model/matrix/interactions.ts';
import { EVENT_KINDS, type EventKind } from '../../../src/lib/types.ts';

const items = demoItems();
const { interactions, reviewOccasions, truth } = simulateCommunity(DEMO_SEED, items);
const rows = Array.from({ length: interactions.length }, (_, row) => row);
const kindOf = (row: number): EventKind => EVENT_KINDS[interactions.kind[row]!]!;
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Pearson's correlation. */
function correlation(x: readonly number[], y: readonly number[]): number {
  const [mx, my] = [mean(x), mean(y)];
  const cov = mean(x.map((value, n) => (value - mx) * (y[n]! - my)));
  return cov / Math.sqrt(mean(x.map((v) => (v - mx) ** 2)) * mean(y.map((v) => (v - my) ** 2)));
}

/** Opens of each item. */
const opens = new Int32Array(items.length);
for (const row of rows) if (kindOf(row) === 'view') opens[interactions.item[row]!]! += 1;

describe('the simulated community', () => {
  it('is as large as promised, with every kind of event that packs of shops have', () => {
    expect(interactions.users).toBeGreaterThanOrEqual(5000);
    expect(interactions.length).toBeGreaterThanOrEqual(250_000);
    const counts = Object.fromEntries(EVENT_KINDS.map((kind) => [kind, 0])) as Record<EventKind, number>;
    for (const row of rows) counts[kindOf(row)] += 1;
    for (const kind of ['view', 'like', 'basket', 'order', 'rate', 'review'] as const) {
      expect(counts[kind], kind).toBeGreaterThan(5000);
    }
    expect(counts.order).toBeLessThan(counts.basket);
    expect(counts.basket).toBeLessThan(counts.view);
    expect(reviewOccasions).toHaveLength(counts.review);
    expect(reviewOccasions.length).toBeGreaterThan(12_000);
  });

  it('has every number of stars, high ones more often', () => {
    const stars = [0, 0, 0, 0, 0, 0];
    for (const row of rows) stars[interactions.stars[row]!]! += 1;
    const rated = stars.slice(1).reduce((sum, count) => sum + count, 0);
    for (const count of stars.slice(1)) expect(count / rated).toBeGreaterThan(0.01);
    expect((stars[4]! + stars[5]!) / rated).toBeGreaterThan(0.5);
  });

  it('happens within its year', () => {
    const { firstDay, lastDay } = COMMUNITY;
    expect(
      rows.filter((row) => interactions.day[row]! < firstDay || interactions.day[row]! > lastDay),
    ).toEqual([]);
    expect(new Date(COMMUNITY.firstDay * 86_400_000).toISOString().slice(0, 10)).toBe('2025-01-01');
    expect(new Date(COMMUNITY.lastDay * 86_400_000).toISOString().slice(0, 10)).toBe('2025-12-31');
  });

  it('leaves the new products alone, and only them', () => {
    const fresh = items.flatMap(({ product }, index) => (product.fresh === true ? [index] : []));
    expect(fresh).toHaveLength(12);
    items.forEach((_, index) => expect(opens[index] === 0).toBe(fresh.includes(index)));
    for (const index of fresh) expect(truth.utility(0, index)).toBe(-Infinity);
  });

  it('is popular in a long tail: a tenth of the products gets a third of the opens, no more than half', () => {
    const sorted = [...opens].sort((a, b) => b - a);
    const top = sorted.slice(0, Math.round(items.length / 10)).reduce((sum, count) => sum + count, 0);
    const share = top / sorted.reduce((sum, count) => sum + count, 0);
    expect(share).toBeGreaterThan(1 / 3);
    expect(share).toBeLessThan(1 / 2);
  });

  it('opens dear products less often than the page shows them', () => {
    const users = rows.slice(0, 300);
    const touched = items.flatMap((_, index) => (opens[index]! > 0 ? [index] : []));
    // What the truth gives an item beyond its exposure falls with its price, in the mean over shoppers.
    const interest = touched.map((index) => mean(users.map((user) => truth.utility(user, index))));
    const popularity = touched.map((index) => Math.log(opens[index]!));
    const price = touched.map((index) => Math.log(items[index]!.product.price));
    const [ri, rp] = [correlation(interest, price), correlation(popularity, price)];
    expect(ri).toBeLessThan(-0.1);
    expect(rp).toBeLessThan(-0.05);
  });

  it('buys what its planted tastes say', () => {
    const inTaste = { order: 0, of: 0 };
    for (const row of rows) {
      if (kindOf(row) !== 'order') continue;
      const taste = TASTES.indexOf(truth.itemTastes[interactions.item[row]!]!);
      inTaste.of += 1;
      if (truth.shopperTastes[interactions.user[row]! * TASTES.length + taste]! > 0) inTaste.order += 1;
    }
    expect(inTaste.order / inTaste.of).toBeGreaterThan(0.8);
  });

  it('rates higher what its truth says it likes', () => {
    const rated = rows.filter((row) => interactions.stars[row]! > 0);
    const stars = rated.map((row) => interactions.stars[row]!);
    const tasteWeight = rated.map((row) => {
      const taste = TASTES.indexOf(truth.itemTastes[interactions.item[row]!]!);
      return truth.shopperTastes[interactions.user[row]! * TASTES.length + taste]!;
    });
    expect(correlation(stars, tasteWeight)).toBeGreaterThan(0.1);
  });

  it('gives the same events for the same seed, others for another', () => {
    const again = simulateCommunity(DEMO_SEED, items).interactions;
    for (const column of ['user', 'item', 'kind', 'stars', 'day'] as const) {
      expect(
        Buffer.compare(Buffer.from(again[column].buffer), Buffer.from(interactions[column].buffer)),
      ).toBe(0);
    }
    expect(simulateCommunity(DEMO_SEED + 1, items).interactions.length).not.toBe(interactions.length);
  });
});

describe('what a recommender can find in it', () => {
  it('ranks held-out shoppers: planted truth above iALS, iALS at least 2.5 times popularity', async () => {
    const strengths = strengthMatrix(interactions, null);
    const { train, heldOut } = holdOutUsers(strengths, { seed: 1, candidates: interactions.users });
    const popularity = new Float64Array(train.columns);
    train.data.forEach((strength, entry) => {
      if (strength > 0) popularity[train.indices[entry]!]! += 1;
    });
    const hyperparameters = ialsHyperparameters(train, {});
    const backend = await CpuBackend.open({ threads: 1 });
    const fit = IalsFit.start(backend, train, hyperparameters, 1);
    for (let iteration = 0; iteration < hyperparameters.iterations; iteration++) await fit.iterate();
    const folded = await fit.foldIn(foldedMatrix(heldOut, train.columns));
    const userFactors = await backend.read(folded);
    const { itemFactors } = await fit.factors();
    const k = hyperparameters.factors;
    const rowOf = new Map(heldOut.map(({ user }, row) => [user, row]));
    const score = (user: number, item: number): number => {
      let sum = 0;
      for (let f = 0; f < k; f++) sum += userFactors[rowOf.get(user)! * k + f]! * itemFactors[item * k + f]!;
      return sum;
    };
    const all = items.map((_, item) => item);
    const ndcg = {
      popularity: evaluateScores(heldOut, () => popularity, 10).ndcg,
      ials: evaluateScores(heldOut, ({ user }) => all.map((item) => score(user, item)), 10).ndcg,
      // No score but a finite one is taken; the new products' -Infinity becomes the lowest.
      truth: evaluateScores(
        heldOut,
        ({ user }) => all.map((item) => Math.max(-1e9, truth.utility(user, item))),
        10,
      ).ndcg,
    };
    console.info(
      `NDCG@10 of ${heldOut.length} held-out shoppers: popularity ${ndcg.popularity.toFixed(4)}, iALS ${ndcg.ials.toFixed(4)}, planted truth ${ndcg.truth.toFixed(4)}`,
    );
    expect(ndcg.ials).toBeGreaterThan(2.5 * ndcg.popularity);
    expect(ndcg.truth).toBeGreaterThan(1.1 * ndcg.ials);
    // A real signal: ten items at random out of 420 would give about .02.
    expect(ndcg.popularity).toBeGreaterThan(0.05);
    fit.dispose();
  });
});
