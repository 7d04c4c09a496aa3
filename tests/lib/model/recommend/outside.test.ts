import { describe, expect, it } from 'vitest';
import { Random } from '../../../../src/lib/model/matrix/random.ts';
import { Catalogue } from '../../../../src/lib/model/recommend/catalogue.ts';
import {
  MIN_COSINE,
  outsideItems,
  SAID_NEAREST,
  SHOP_NEAREST,
  TAKE_OVER,
} from '../../../../src/lib/model/recommend/outside.ts';
import { Recommender } from '../../../../src/lib/model/recommend/recommender.ts';
import type { OutsideTaste, Shelf } from '../../../../src/lib/model/recommend/types.ts';
import { visitorOf } from '../../../../src/lib/model/recommend/visitor.ts';
import { buildTextVectors } from '../../../../src/lib/text/index.ts';
import { MODEL_KINDS, type ItemIndex, type ModelKind } from '../../../../src/lib/types.ts';
import {
  event,
  plantedFactors,
  plantedItem,
  plantedItems,
  randomEvents,
  snapshotOf,
  TASTES,
} from './planted.ts';

const ITEMS = 60;
const FACTORS = 8;
const items = plantedItems(ITEMS);
const catalogue = new Catalogue(items);
const nobody = visitorOf([]).row;

const words = (text: string, id = text): OutsideTaste => ({ type: 'words', id, text });
const foreign = (taste: number, strength: number, id = `item-${taste}-${strength}`): OutsideTaste => {
  const { name, brand, description, attributes } = plantedItem(taste, { brand: 'elsewhere' });
  return { type: 'item', id, item: { name, brand, description, attributes }, strength };
};

/** Everything at once, seeded. */
function randomOutside(seed: number): OutsideTaste[] {
  const random = new Random(seed);
  return Array.from({ length: 1 + random.below(6) }, (_, at): OutsideTaste => {
    const taste = random.below(TASTES.length);
    const id = `source-${at}`;
    const kind = random.below(3);
    if (kind === 0) return words(TASTES[taste]!.en.split(' ')[random.below(4)]!, id);
    if (kind === 1) return { type: 'category', id, category: TASTES[taste]!.category };
    return foreign(taste, 10 * random.uniform() - 4, id);
  });
}

/** s_j by the formula of every product that could be among the nearest of a saying, strongest first: the cosine worked out over dense vectors of rows and text together. */
function referenceOfWords(text: string, scale: number): Map<number, number> {
  const vectors = catalogue.texts();
  const idf = (df: number): number => Math.log((1 + ITEMS) / (1 + df)) + 1;
  const alone = buildTextVectors([{ fields: [{ text, weight: 1 }], labels: [] }]);
  // a text of different words: each counts once
  const weights = [...alone.vocabulary.keys()].map((key) => {
    const feature = vectors.vocabulary.get(key) ?? -1;
    return { feature, weight: idf(vectors.documentFrequency[feature] ?? 0) };
  });
  const length = Math.hypot(...weights.map(({ weight }) => weight));
  const near = items
    .map((_, item) => {
      let sum = 0;
      for (const { feature, weight } of weights) {
        for (let at = vectors.indptr[item]!; at < vectors.indptr[item + 1]!; at++) {
          if (vectors.indices[at] === feature) sum += (weight / length) * vectors.data[at]!;
        }
      }
      return { item, cosine: sum };
    })
    .filter(({ cosine }) => cosine >= MIN_COSINE)
    .sort((a, b) => b.cosine - a.cosine);
  const total = near.slice(0, SAID_NEAREST).reduce((sum, { cosine }) => sum + cosine, 0);
  return new Map(near.map(({ item, cosine }) => [item, (3 * scale * cosine * cosine) / total]));
}

describe('outside taste', () => {
  it('gives the nearest products the strengths of the formula, less the more the visitor does here', () => {
    const random = new Random(11);
    for (let draw = 0; draw < 20; draw++) {
      const taste = TASTES[random.below(4)]!.en.split(' ');
      const text = random
        .shuffle([...taste, 'unheard'])
        .slice(0, 1 + random.below(4))
        .join(' ');
      const own = Array.from({ length: random.below(4) }, () => event(random.below(ITEMS)));
      const { row } = visitorOf(own);
      const scale = TAKE_OVER / (TAKE_OVER + row.strength.reduce((sum, s) => sum + Math.abs(s), 0));
      const expected = referenceOfWords(text, scale);
      const found = outsideItems([words(text)], catalogue, row);
      // equal cosines may fall either side of the cut by their last digit: the strengths are the same
      expect(found).toHaveLength(Math.min(SAID_NEAREST, expected.size));
      [...expected.values()].slice(0, SAID_NEAREST).forEach((strength, at) => {
        expect(found[at]!.strength).toBeCloseTo(strength, 10);
      });
      for (const { item, strength } of found) expect(strength).toBeCloseTo(expected.get(item)!, 10);
    }
  });

  it('adds up over sources, each with its part; of two that disagree the stronger is left', () => {
    const [up, down] = [foreign(0, 4), foreign(0, -1)];
    const alone = new Map(
      outsideItems([up], catalogue, nobody).map(({ item, strength }) => [item, strength]),
    );
    expect(alone.size).toBeLessThanOrEqual(SHOP_NEAREST);
    for (const { item, strength, parts } of outsideItems([up, down], catalogue, nobody)) {
      expect(strength).toBeCloseTo((3 / 4) * alone.get(item)!, 10);
      expect(parts).toEqual([{ source: 0, strength }]);
    }
  });

  it('says nothing for words that no product has, and nothing against what own events speak for', () => {
    expect(outsideItems([words('zeppelin'), words('')], catalogue, nobody)).toEqual([]);
    const liked = visitorOf([event(0)]).row;
    expect(outsideItems([foreign(0, -5)], catalogue, liked).some(({ item }) => item === 0)).toBe(false);
  });

  it('takes the most popular products of a category that was chosen', () => {
    const chosen = outsideItems([{ type: 'category', id: 'c', category: 'music' }], catalogue, nobody);
    const music = items.flatMap(({ category, popularity }) => (category === 'music' ? [popularity] : []));
    const popular = music.sort((a, b) => b - a).slice(0, SAID_NEAREST);
    expect(chosen.map(({ item }) => items[item]!.popularity).sort((a, b) => b - a)).toEqual(popular);
  });
});

const SOURCES: readonly (readonly [ModelKind | 'texts only', Recommender])[] = [
  ...MODEL_KINDS.map(
    (model) =>
      [model, new Recommender(items, snapshotOf(plantedFactors(ITEMS, FACTORS), FACTORS, model))] as const,
  ),
  ['texts only', new Recommender(items, null)],
];
const forYou = (shelves: readonly Shelf[]): Shelf | undefined =>
  shelves.find(({ kind }) => kind === 'for-you');

describe.each(SOURCES)('a recommender with outside taste (%s)', (_name, recommender) => {
  it('explains every score as the sum of its terms within 1e-4, own events and sources apart', () => {
    for (let seed = 1; seed <= 25; seed++) {
      const events = randomEvents(seed % 7, ITEMS, seed);
      const outside = randomOutside(seed);
      const item = ((seed * 13) % ITEMS) as ItemIndex;
      const { score, terms } = recommender.explain(item, events, outside);
      expect(Math.abs(terms.reduce((sum, { contribution }) => sum + contribution, 0) - score)).toBeLessThan(
        1e-4,
      );
      const own = new Set(events.map((one) => one.item));
      const said = new Set(outside.map(({ id }) => id));
      for (const term of terms) {
        if (term.type === 'history') expect(own.has(term.item)).toBe(true);
        if (term.type === 'outside') expect(said.has(term.id)).toBe(true);
      }
      const ids = terms.flatMap((term) => (term.type === 'outside' ? [term.id] : []));
      expect(new Set(ids).size).toBe(ids.length);
    }
  });

  it('fills a shelf for a visitor who did nothing but say a word, and names the word', () => {
    TASTES.forEach(({ en, category }, taste) => {
      const [word = ''] = en.split(' ');
      const shelf = forYou(recommender.shelves([], 10, [words(word)]));
      expect(shelf?.entries.filter(({ item }) => item % 4 === taste).length).toBeGreaterThanOrEqual(8);
      for (const { reason } of shelf?.entries.slice(0, 5) ?? []) {
        expect(reason).toMatchObject({ type: 'outside', id: word });
        expect(reason?.share).toBeGreaterThan(0);
        expect(reason?.share).toBeLessThanOrEqual(1);
      }
      const chosen = forYou(recommender.shelves([], 10, [{ type: 'category', id: 'c', category }]));
      expect(chosen?.entries.filter(({ item }) => item % 4 === taste).length).toBeGreaterThanOrEqual(8);
    });
  });

  it('is taken over by what the visitor does here', () => {
    const likes = Array.from({ length: 12 }, (_, at) => event(1 + 4 * at));
    const shelf = forYou(recommender.shelves(likes, 10, [words('coffee')]));
    // two of fifteen products of the taste are left to show; the rest of the shelf is what comes after them
    expect(shelf?.entries.slice(0, 2).every(({ item }) => item % 4 === 1)).toBe(true);
    expect(shelf?.entries[0]?.reason).toMatchObject({ type: 'history' });
  });

  it('leaves no trace once it is withdrawn', () => {
    const events = randomEvents(6, ITEMS, 5);
    const before = recommender.shelves(events, 12);
    recommender.shelves(events, 12, randomOutside(3));
    expect(recommender.shelves(events, 12, [])).toEqual(before);
    expect(recommender.explain(3 as ItemIndex, events, [])).toEqual(
      recommender.explain(3 as ItemIndex, events),
    );
  });

  it('refuses what is no taste', () => {
    const wrong: OutsideTaste[][] = [
      [foreign(0, NaN)],
      [words('x'.repeat(201))],
      Array.from({ length: 201 }, (_, at) => words('tent', `s${at}`)),
    ];
    for (const outside of wrong) {
      expect(() => recommender.shelves([], 10, outside)).toThrow(
        expect.objectContaining({ code: 'input-invalid' }),
      );
    }
  });
});
