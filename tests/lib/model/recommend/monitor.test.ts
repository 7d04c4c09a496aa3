import { describe, expect, it } from 'vitest';
import { calibrationOf, MIN_OUTCOMES } from '../../../../src/lib/model/recommend/calibration.ts';
import {
  DRIFT_COSINE,
  HIT_AT,
  MAX_DRIFT_P,
  MAX_POINTS,
  retrainReasons,
  type MonitorReport,
} from '../../../../src/lib/model/recommend/monitor.ts';
import { Recommender } from '../../../../src/lib/model/recommend/recommender.ts';
import type { ProfileEvent } from '../../../../src/lib/model/recommend/types.ts';
import type { ItemIndex, ModelKind, ModelSnapshot } from '../../../../src/lib/types.ts';
import { Random } from '../../../../src/lib/model/matrix/random.ts';
import {
  event,
  plantedFactors,
  plantedItem,
  plantedItems,
  randomEvents,
  snapshotOf,
  TASTES,
} from './planted.ts';

const ITEMS = 80;
const FACTORS = 8;
const START = 1_700_000_000_000;
const items = plantedItems(ITEMS);

function trained(trainedAt: number, model: ModelKind = 'ials'): ModelSnapshot {
  return { ...snapshotOf(plantedFactors(ITEMS, FACTORS), FACTORS, model), trainedAt };
}

/** Events one minute apart from START on. */
function timed(list: readonly (Partial<ProfileEvent> & { readonly of: number })[]): ProfileEvent[] {
  return list.map(({ of, ...change }, minute) => event(of, { at: START + minute * 60_000, ...change }));
}

async function report(
  events: readonly ProfileEvent[],
  snapshot: ModelSnapshot = trained(START - 1),
): Promise<MonitorReport> {
  const made = await new Recommender(items, snapshot).monitor(events);
  expect(made).not.toBeNull();
  return made!;
}

/** Items of one planted taste, in order. */
const ofTaste = (taste: number, from: number, count: number): { of: number }[] =>
  Array.from({ length: count }, (_, at) => ({ of: taste + TASTES.length * (from + at) }));

describe('prequential figures', () => {
  it.each(['ials', 'logistic'] as const)(
    'rank as the page would have ranked just before (%s)',
    async (model) => {
      const recommender = new Recommender(items, trained(START - 1, model));
      const events = randomEvents(60, ITEMS, 5).toSorted((a, b) => a.at - b.at);
      const made = (await recommender.monitor(events))!;
      // trained in 2023 but events of the generator come later, so all of them are tested
      expect(made.eventsSince).toBe(60);
      expect(made.points.length).toBeGreaterThan(10);
      for (const { at, item, rank, candidates } of made.points) {
        const before = events.filter((other) => other.at < at);
        const explained = recommender.explain(item as ItemIndex, before);
        expect(rank).toBe(explained.rank);
        expect(candidates).toBe(explained.candidates);
      }
    },
  );

  it('count the first positive sign for a product not touched before, and nothing else', async () => {
    const events = timed([
      { of: 0 },
      { of: 4, kind: 'hide' },
      { of: 4 }, // touched already
      { of: 0, kind: 'order' }, // touched already
      { of: 8, kind: 'dwell', seconds: 2 }, // says nothing, but the visitor was there
      { of: 8 },
      { of: 12, kind: 'rate', stars: 2 }, // no interest
      { of: 16, kind: 'view' },
    ]);
    expect((await report(events)).points.map(({ item }) => item)).toEqual([0, 16]);
  });

  it('only fold in what the model was trained with', async () => {
    const events = timed(ofTaste(0, 0, 12));
    const { points, eventsSince } = await report(events, trained(START + 7 * 60_000));
    expect(eventsSince).toBe(4);
    expect(points.map(({ item }) => item)).toEqual([32, 36, 40, 44]);
    // the first eight had told the taste
    for (const { rank } of points) expect(rank).toBeLessThanOrEqual(ITEMS / TASTES.length);
  });

  it('beat popularity and chance for a visitor of one taste, and mean what they say', async () => {
    const { points, hitRate, reciprocalRank } = await report(timed(ofTaste(1, 0, 20)));
    const hits = points.filter(({ rank }) => rank <= HIT_AT).length;
    expect(hitRate!.model.mean).toBeCloseTo(hits / 20, 12);
    expect(hitRate!.model.mean).toBeGreaterThan(2 * hitRate!.popularity.mean);
    expect(hitRate!.model.low).toBeGreaterThan(hitRate!.chance);
    expect(reciprocalRank!.model).toBeGreaterThan(reciprocalRank!.popularity);
    const candidates = points.map((point) => point.candidates);
    expect(candidates).toEqual(Array.from({ length: 20 }, (_, liked) => ITEMS - liked));
    expect(hitRate!.chance).toBeCloseTo(candidates.reduce((sum, n) => sum + 10 / n, 0) / 20, 12);
  });

  it('know no product of an order before the others', async () => {
    const order = { kind: 'order', at: START + 600_000 } as const;
    const events = timed([{ of: 1 }, { of: 0, ...order }, { of: 4, ...order }, { of: 8, ...order }]);
    const { points } = await report(events);
    expect(points.map(({ candidates }) => candidates)).toEqual([ITEMS, ITEMS - 1, ITEMS - 1, ITEMS - 1]);
  });

  it('do not depend on the order of the list, and forget what was erased', async () => {
    const events = randomEvents(50, ITEMS, 9);
    const shuffled = [...events];
    new Random(3).shuffle(shuffled);
    expect(await report(shuffled)).toEqual(await report(events));
    const kept = events.filter((_, at) => at % 3 !== 0);
    const { points } = await report(kept);
    const times = new Set(kept.map(({ at }) => at));
    for (const { at } of points) expect(times.has(at)).toBe(true);
  });

  it('look at the newest points only', async () => {
    const many = plantedItems(MAX_POINTS + 30);
    const snapshot = { ...snapshotOf(plantedFactors(many.length, 8), 8), trainedAt: START - 1 };
    const events = timed(many.map((_, of) => ({ of, kind: 'view' })));
    const { points } = (await new Recommender(many, snapshot).monitor(events))!;
    expect(points).toHaveLength(MAX_POINTS);
    expect(points[0]?.item).toBe(30);
  });

  it('are none without a model, nothing without events; can be cancelled; refuse bad events', async () => {
    expect(await new Recommender(items, null).monitor([event(0)])).toBeNull();
    expect(await report([])).toMatchObject({
      points: [],
      hitRate: null,
      reciprocalRank: null,
      promised: null,
      calibration: null,
      reasons: [],
      taste: { itemsBefore: 0, itemsSince: 0, cosine: null, p: null },
    });
    const recommender = new Recommender(items, trained(0));
    await expect(recommender.monitor([event(0)], AbortSignal.abort())).rejects.toMatchObject({
      code: 'cancelled',
    });
    await expect(recommender.monitor([event(ITEMS)])).rejects.toMatchObject({ code: 'input-invalid' });
  });

  it('tell how many products are known by their words only', async () => {
    const some = [...plantedItems(ITEMS - 2), ...[78, 79].map((at) => cold(at))];
    const snapshot = trained(0);
    // nobody touched them: training leaves them at 0
    snapshot.itemFactors.fill(0, 78 * FACTORS);
    const made = await new Recommender(some, snapshot).monitor([]);
    expect(made?.catalogue).toEqual({ items: ITEMS, untrained: 2 });
  });
});

function cold(index: number): (typeof items)[number] {
  return plantedItem(index, { popularity: 0, ratingCounts: [0, 0, 0, 0, 0] });
}

describe('calibration', () => {
  it.each(['ials', 'logistic'] as const)(
    'tells liked from disliked before they are said (%s)',
    async (model) => {
      const likes = ofTaste(2, 0, 14);
      const hides = ofTaste(0, 0, 8).map((each) => ({ ...each, kind: 'hide' as const }));
      const events = timed(likes.flatMap((like, at) => [like, ...hides.slice(at, at + 1)]));
      const { outcomes, calibration } = await report(events, trained(START - 1, model));
      // before the first like nothing was predicted
      expect(outcomes).toBe(21);
      expect(calibration!.bins.map(({ count }) => count)).toEqual([5, 5, 5, 6]);
      expect(calibration!.concordance).toBeGreaterThan(0.9);
      const predicted = calibration!.bins.map((bin) => bin.predicted);
      expect(predicted).toEqual(predicted.toSorted((a, b) => a - b));
      if (model === 'logistic') for (const p of predicted) expect(p > 0 && p < 1).toBe(true);
    },
  );

  it('takes the first opinion of a product, and three stars for none', async () => {
    const { outcomes } = await report(
      timed([
        { of: 0 },
        { of: 4, kind: 'rate', stars: 3 },
        { of: 8, kind: 'rate', stars: 1 },
        { of: 8, kind: 'like' },
        { of: 12, kind: 'view' },
        { of: 4, kind: 'order' },
      ]),
    );
    expect(outcomes).toBe(2);
  });

  it('is right by hand', () => {
    const few = Array.from({ length: MIN_OUTCOMES - 1 }, () => ({ predicted: 0.5, liked: true }));
    expect(calibrationOf(few)).toBeNull();
    // five at 0.2, one of them liked; five at 1.4 (held to 1), four liked
    const made = calibrationOf([
      ...[true, false, false, false, false].map((liked) => ({ predicted: 0.2, liked })),
      ...[true, true, true, true, false].map((liked) => ({ predicted: 1.4, liked })),
    ])!;
    expect(made.bins.map(({ count, predicted, liked }) => [count, predicted, liked.mean])).toEqual([
      [5, expect.closeTo(0.2, 12), 0.2],
      [5, expect.closeTo(1.4, 12), 0.8],
    ]);
    expect(made.brier).toBeCloseTo((0.8 ** 2 + 4 * 0.2 ** 2 + 1) / 10, 12);
    expect(made.brierOfShare).toBeCloseTo(0.25, 12);
    // of 25 pairs: 16 won, 1 lost, 8 even
    expect(made.concordance).toBeCloseTo(20 / 25, 12);
  });
});

describe('drift of taste', () => {
  it.each(['ials', 'logistic'] as const)(
    'is seen where the visitor turns to other things (%s)',
    async (model) => {
      const events = timed([...ofTaste(0, 0, 12), ...ofTaste(3, 0, 12)]);
      const { taste, reasons } = await report(events, trained(START + 11 * 60_000, model));
      expect(taste).toMatchObject({ itemsBefore: 12, itemsSince: 12, p: 1 / 40 });
      expect(taste.cosine).toBeLessThan(DRIFT_COSINE);
      expect(reasons).toEqual(['taste']);
    },
  );

  it('is not where the visitor stays with one taste, nor where two always mixed', async () => {
    const same = await report(timed(ofTaste(0, 0, 20)), trained(START + 9 * 60_000));
    expect(same.taste.cosine).toBeGreaterThan(DRIFT_COSINE);
    expect(same.reasons).toEqual([]);
    const mixed = ofTaste(0, 0, 12).flatMap((first, at) => [first, ...ofTaste(3, at, 1)]);
    const made = await report(timed(mixed), trained(START + 11 * 60_000));
    expect(made.taste.p).toBeGreaterThan(MAX_DRIFT_P);
    expect(made.reasons).toEqual([]);
  });

  it('says nothing for few products, nor where only dislikes are known', async () => {
    const few = await report(timed(ofTaste(0, 0, 9)), trained(START + 4 * 60_000));
    expect(few.taste).toEqual({ itemsBefore: 5, itemsSince: 4, cosine: null, p: null });
    const hidden = ofTaste(0, 0, 12).map((each) => ({ ...each, kind: 'hide' as const }));
    expect((await report(timed(hidden), trained(START + 5 * 60_000))).taste.cosine).toBeNull();
  });
});

describe('the suggestion', () => {
  const interval = { mean: 0.1, low: 0.05, high: 0.2 };
  const figures = (promised: number | null): Parameters<typeof retrainReasons>[1] => ({
    hitRate: { model: interval, popularity: interval, chance: 0.1 },
    promised,
    taste: { itemsBefore: 9, itemsSince: 9, cosine: 0.4, p: 0.2 },
  });

  it('waits for enough points, and for an interval that lies below what was promised', () => {
    expect(retrainReasons(20, figures(0.21))).toEqual(['hit-rate']);
    expect(retrainReasons(19, figures(0.21))).toEqual([]);
    expect(retrainReasons(20, figures(0.19))).toEqual([]);
    expect(retrainReasons(20, figures(null))).toEqual([]);
  });

  it('comes from the events: a visitor that the model cannot follow', async () => {
    const random = new Random(11);
    const all = Array.from({ length: ITEMS }, (_, of) => ({ of }));
    random.shuffle(all);
    const snapshot = {
      ...trained(START - 1),
      quality: { users: 100, ndcgAt10: 0.5, recallAt10: 0.6, popularityNdcgAt10: 0.1 },
    };
    const lost = await report(timed(all.slice(0, 40)), snapshot);
    expect(lost.promised).toBe(0.6);
    expect(lost.reasons).toContain('hit-rate');
    const followed = await report(timed(ofTaste(1, 0, 20)), {
      ...snapshot,
      quality: { ...snapshot.quality, recallAt10: 0.3 },
    });
    expect(followed.reasons).toEqual([]);
  });
});
