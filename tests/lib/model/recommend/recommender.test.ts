import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Recommender } from '../../../../src/lib/model/recommend/recommender.ts';
import type { ProfileEvent, Shelf, ShelfKind } from '../../../../src/lib/model/recommend/types.ts';
import { MODEL_KINDS, type ItemIndex, type ModelSnapshot } from '../../../../src/lib/types.ts';
import { event, plantedFactors, plantedItem, plantedItems, randomEvents, snapshotOf } from './planted.ts';

const ITEMS = 80;
const FACTORS = 8;
const LENGTH = 12;
const items = plantedItems(ITEMS);
const modelOf = (model: (typeof MODEL_KINDS)[number]): ModelSnapshot =>
  snapshotOf(plantedFactors(ITEMS, FACTORS), FACTORS, model);

/** Every source of scores a visitor can meet. */
const SOURCES: readonly (readonly [string, Recommender])[] = [
  ['ials', new Recommender(items, modelOf('ials'))],
  ['logistic', new Recommender(items, modelOf('logistic'))],
  ['texts only', new Recommender(items, null)],
];

const find = (shelves: readonly Shelf[], kind: ShelfKind): Shelf | undefined =>
  shelves.find((shelf) => shelf.kind === kind);
const itemsOf = (shelf: Shelf | undefined): number[] => shelf?.entries.map(({ item }) => item) ?? [];
const histories = fc.record({ count: fc.integer({ min: 0, max: 40 }), seed: fc.integer() });

describe.each(SOURCES)('recommender (%s)', (name, recommender) => {
  it('shows ten items of one taste to a visitor of that taste: at least 7 of 10', () => {
    for (const taste of [0, 1, 2, 3]) {
      const events = Array.from({ length: 10 }, (_, at) => event(taste + 4 * at));
      const shelf = find(recommender.shelves(events, 10), 'for-you');
      expect(itemsOf(shelf).filter((item) => item % 4 === taste).length).toBeGreaterThanOrEqual(7);
    }
  });

  it('explains every score as the sum of its terms, split over events, within 1e-4', () => {
    fc.assert(
      fc.property(histories, fc.nat(ITEMS - 1), ({ count, seed }, item) => {
        const explanation = recommender.explain(item as ItemIndex, randomEvents(count, ITEMS, seed));
        const sum = explanation.terms.reduce((total, term) => total + term.contribution, 0);
        expect(Math.abs(sum - explanation.score)).toBeLessThan(1e-4);
        for (const term of explanation.terms) {
          if (term.type !== 'history') continue;
          const parts = term.events.reduce((total, part) => total + part.contribution, 0);
          expect(Math.abs(parts - term.contribution)).toBeLessThan(1e-6 * (1 + Math.abs(term.contribution)));
        }
        const sizes = explanation.terms.map(({ contribution }) => contribution);
        expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
      }),
      { numRuns: 60 },
    );
  });

  it('answers after a removal as if the events had never been', () => {
    fc.assert(
      fc.property(histories, histories, (kept, removed) => {
        const stays = randomEvents(kept.count, ITEMS, kept.seed);
        const goes = randomEvents(removed.count, ITEMS, removed.seed);
        const gone = new Set(goes.map(({ id }) => id));
        recommender.shelves([...stays, ...goes], LENGTH);
        const after = [...goes, ...stays].filter(({ id }) => !gone.has(id));
        const fresh = new Recommender(items, name === 'texts only' ? null : modelOf(name as 'ials'));
        expect(recommender.shelves(after, LENGTH)).toEqual(fresh.shelves(stays, LENGTH));
        const item = 7 as ItemIndex;
        expect(recommender.explain(item, after)).toEqual(fresh.explain(item, stays));
      }),
      { numRuns: 15 },
    );
  });

  it('fills shelves without repeats and without what the visitor has settled', () => {
    fc.assert(
      fc.property(histories, ({ count, seed }) => {
        const events = randomEvents(count, ITEMS, seed);
        const settled = new Set(
          events
            .filter(({ kind }) => ['like', 'order', 'hide', 'rate', 'review'].includes(kind))
            .map(({ item }) => item as number),
        );
        const inBasket = new Set(
          events.filter(({ kind }) => kind === 'basket').map(({ item }) => item as number),
        );
        for (const shelf of recommender.shelves(events, LENGTH)) {
          const shown = itemsOf(shelf);
          expect(shown.length).toBeGreaterThan(0);
          expect(shown.length).toBeLessThanOrEqual(LENGTH);
          expect(new Set(shown).size).toBe(shown.length);
          expect(shown.filter((item) => settled.has(item))).toEqual([]);
          if (shelf.kind !== 'popular') expect(shown.filter((item) => inBasket.has(item))).toEqual([]);
          for (const { score, reason } of shelf.entries) {
            expect(score).not.toBeNaN();
            if (reason !== null) {
              expect(events.some(({ item, kind }) => item === reason.item && kind === reason.kind)).toBe(
                true,
              );
              expect(reason.share).toBeGreaterThan(0);
              expect(reason.share).toBeLessThanOrEqual(1);
            }
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('ranks as the shelf does, and not at all what is filtered out', () => {
    const events = [event(0), event(4), event(9, { kind: 'hide' }), event(8, { kind: 'basket' })];
    const shelf = find(recommender.shelves(events, LENGTH), 'for-you');
    shelf?.entries.forEach(({ item, score }, at) => {
      const explanation = recommender.explain(item, events);
      expect(explanation).toMatchObject({ rank: at + 1, score, candidates: ITEMS - 4 });
    });
    expect(shelf?.entries).toHaveLength(LENGTH);
    for (const filtered of [0, 8, 9]) {
      expect(recommender.explain(filtered as ItemIndex, events).rank).toBeNull();
    }
  });

  it('falls back to popularity for no, empty or only negative events (fault row 52)', () => {
    const histories: ProfileEvent[][] = [
      [],
      [event(3, { kind: 'rate', stars: 1 })],
      [event(3, { kind: 'dwell', seconds: 2 })],
      [event(3, { kind: 'hide' }), event(4, { kind: 'hide' })],
    ];
    for (const events of histories) {
      const shelves = recommender.shelves(events, LENGTH);
      expect(shelves.map(({ kind }) => kind)).toEqual(['new-here', 'popular']);
      expect(recommender.explain(11 as ItemIndex, events)).toMatchObject({
        basis: 'popularity',
        score: items[11]?.popularity,
      });
    }
  });

  it('stays finite for one rating and for equal ratings of everything (fault row 52)', () => {
    const one = [event(3, { kind: 'rate', stars: 4 })];
    expect(find(recommender.shelves(one, LENGTH), 'for-you')?.entries).toHaveLength(LENGTH);
    for (const stars of [1, 3, 5]) {
      const equal = items.map((_, item) => event(item, { kind: 'rate', stars }));
      for (const shelf of recommender.shelves(equal, LENGTH)) {
        for (const { score } of shelf.entries) expect(Number.isFinite(score)).toBe(true);
      }
      expect(Number.isFinite(recommender.explain(5 as ItemIndex, equal).score)).toBe(true);
    }
  });

  it('names up to two liked items that differ, and shows what is like each', () => {
    const events = [event(0), event(4), event(1), event(2, { kind: 'view' })];
    const because = recommender.shelves(events, 6).filter(({ kind }) => kind === 'because-you-liked');
    expect(because.map(({ anchor }) => anchor)).toEqual([1, 4]);
    for (const shelf of because) {
      for (const { item, reason } of shelf.entries) {
        expect(item % 4).toBe((shelf.anchor ?? 0) % 4);
        expect(reason?.item).toBe(shelf.anchor);
      }
    }
  });

  it('finds similar items of the same taste, without itself and what was hidden', () => {
    const { entries } = recommender.similar(5 as ItemIndex, 10, [event(9, { kind: 'hide' })]);
    expect(entries).toHaveLength(10);
    const found = entries.map(({ item }) => item as number);
    expect(found.filter((item) => item % 4 === 1).length).toBeGreaterThanOrEqual(9);
    expect(found).not.toContain(5);
    expect(found).not.toContain(9);
  });

  it('refuses what cannot be', () => {
    const bad: Partial<ProfileEvent>[] = [
      { item: ITEMS as ItemIndex },
      { item: -1 as ItemIndex },
      { item: 0.5 as ItemIndex },
      { stars: 7 },
      { stars: NaN },
      { seconds: -1 },
      { seconds: Infinity },
      { at: NaN },
      { kind: 'buy' as 'order' },
    ];
    for (const change of bad) {
      expect(() => recommender.shelves([event(0, change)], LENGTH)).toThrow(
        expect.objectContaining({ code: 'input-invalid' }),
      );
    }
    for (const length of [0, -1, 1.5, NaN, 1e9]) {
      expect(() => recommender.shelves([], length)).toThrow(
        expect.objectContaining({ code: 'input-invalid' }),
      );
    }
    expect(() => recommender.explain(ITEMS as ItemIndex, [])).toThrow();
    expect(() => recommender.similar(-1 as ItemIndex, 3, [])).toThrow();
  });
});

describe('recommender', () => {
  it('tells what it works from, and keeps the old model when it refuses a new one', () => {
    const recommender = new Recommender(items, modelOf('ials'));
    expect(recommender.status).toEqual({ items: ITEMS, model: 'ials', factors: FACTORS });
    const broken: ModelSnapshot[] = [
      { ...modelOf('ials'), items: ITEMS - 1 },
      { ...modelOf('ials'), factors: 3 },
      { ...modelOf('ials'), itemFactors: plantedFactors(ITEMS, FACTORS).fill(NaN, 17, 18) },
      { ...modelOf('ials'), model: 'oracle' as 'ials' },
    ];
    for (const snapshot of broken) {
      expect(() => recommender.useSnapshot(snapshot)).toThrow(
        expect.objectContaining({ code: 'snapshot-corrupt' }),
      );
    }
    expect(recommender.status.model).toBe('ials');
    recommender.useSnapshot(null);
    expect(recommender.status).toEqual({ items: ITEMS, model: null, factors: 0 });
    expect(recommender.map()).toBeNull();
  });

  it('gives items nobody has touched a place by their words, and says so', () => {
    // The last two have no shoppers; their trained factors are zero, as after training.
    const cold = [
      ...plantedItems(ITEMS),
      plantedItem(0, { popularity: 0, ratingCounts: [0, 0, 0, 0, 0] }),
      plantedItem(0, { popularity: 0, ratingCounts: [4, 0, 0, 0, 0] }),
    ];
    const factors = new Float32Array((ITEMS + 2) * FACTORS);
    factors.set(plantedFactors(ITEMS, FACTORS));
    const recommender = new Recommender(cold, snapshotOf(factors, FACTORS));
    const events = [event(0), event(4), event(8)];
    const unseen = recommender.explain(ITEMS as ItemIndex, events);
    const other = recommender.explain(1 as ItemIndex, events);
    expect(unseen.basis).toBe('text');
    expect(unseen.score).toBeGreaterThan(other.score);
    expect(unseen.sharedWords.en).toContain('coffee');
    expect(unseen.sharedWords.zh.length).toBeGreaterThan(0);
    // Rated, if only badly: the community has spoken, and its factors stand.
    expect(recommender.explain((ITEMS + 1) as ItemIndex, events)).toMatchObject({
      basis: 'factors',
      score: 0,
    });
  });

  it.each(MODEL_KINDS)('scores what it knows nothing of like the average item (%s)', (model) => {
    const unknown = plantedItem(0, {
      name: { en: 'zither' },
      brand: '',
      category: 'other',
      description: {},
      popularity: 0,
      ratingCounts: [0, 0, 0, 0, 0],
    });
    const trained = plantedFactors(ITEMS, FACTORS);
    // A direction all items share, as trained factors have: who likes a few items is against most.
    for (let item = 0; item < ITEMS; item++) trained[item * FACTORS + 7] = 1.5;
    const factors = new Float32Array((ITEMS + 1) * FACTORS);
    factors.set(trained);
    const recommender = new Recommender([...items, unknown], snapshotOf(factors, FACTORS, model));
    const liked = [0, 4].map((item) => event(item));
    const mean =
      items.reduce((sum, _, item) => sum + recommender.explain(item as ItemIndex, liked).score, 0) / ITEMS;
    expect(Math.abs(mean)).toBeGreaterThan(0.01);
    expect(Math.abs(recommender.explain(ITEMS as ItemIndex, liked).score - mean)).toBeLessThan(1e-5);
  });

  it('welcomes a new visitor with popular items of every category', () => {
    const shelf = find(new Recommender(items, modelOf('ials')).shelves([], 8), 'new-here');
    const categories = itemsOf(shelf).map((item) => item % 4);
    for (const taste of [0, 1, 2, 3]) expect(categories.filter((each) => each === taste)).toHaveLength(2);
    const median = items.map(({ popularity }) => popularity).toSorted((a, b) => a - b)[ITEMS / 2] ?? 0;
    for (const { item } of shelf?.entries ?? []) expect(items[item]?.popularity).toBeGreaterThan(median);
  });

  it('has something for a shop where nothing is popular, and for a single product', () => {
    const quiet = Array.from({ length: 5 }, (_, index) => plantedItem(index, { popularity: 0 }));
    expect(new Recommender(quiet, null).shelves([], 3).map(({ kind }) => kind)).toEqual(['new-here']);
    expect(new Recommender(quiet.slice(0, 1), null).shelves([event(0)], 3)).toEqual([]);
    expect(new Recommender([], null).shelves([], 3)).toEqual([]);
  });

  it('breaks ties by position, whatever the order of events', () => {
    const same = Array.from({ length: 6 }, () => plantedItem(0));
    const recommender = new Recommender(same, null);
    const events = [event(2), event(5, { kind: 'view' })];
    expect(itemsOf(find(recommender.shelves(events, 6), 'for-you'))).toEqual([0, 1, 3, 4, 5]);
    expect(recommender.shelves(events.toReversed(), 6)).toEqual(recommender.shelves(events, 6));
  });
});
