import { describe, expect, it } from 'vitest';
import {
  differencesFrom,
  KNOWN_DATA,
  publishedFor,
  recognise,
} from '../../../../src/lib/model/evaluate/published.ts';
import { PUBLISHED } from '../../../../src/lib/model/evaluate/published-tables.ts';

const ML = { users: 943, items: 1_682, interactions: 100_000, rated: true };
const own = { split: 'random', k: 20, part: 'all', wholeStars: true } as const;

describe('recognise', () => {
  it('knows data by what can be counted in it', () => {
    expect(recognise(ML)).toEqual({ data: 'ml-100k', part: 'all' });
    const gowalla = { users: 29_858, items: 40_981, rated: false };
    expect(recognise({ ...gowalla, interactions: 810_128 })).toEqual({ data: 'gowalla', part: 'train' });
    expect(recognise({ ...gowalla, interactions: 1_027_370 })).toEqual({ data: 'gowalla', part: 'all' });
  });

  it('takes nothing else for it', () => {
    for (const change of [{ users: 944 }, { items: 1_681 }, { interactions: 99_999 }, { rated: false }]) {
      expect(recognise({ ...ML, ...change })).toBeNull();
    }
    // MovieLens latest-small has no published table
    expect(recognise({ users: 610, items: 9_742, interactions: 100_836, rated: true })).toBeNull();
  });
});

describe('published rows', () => {
  it('name a source and a protocol, and are plausible, best first', async () => {
    for (const data of KNOWN_DATA) expect((await publishedFor(data)).length).toBeGreaterThan(0);
    for (const { source, url, protocol, rows } of PUBLISHED) {
      expect([source, protocol.words].every((text) => text.length > 5)).toBe(true);
      expect(url).toMatch(/^https:\/\//u);
      const [first = ''] = Object.keys(rows[0]!.metrics);
      const values = rows.map(({ metrics }) => metrics[first]!);
      const rising = first === 'rmse';
      expect(values).toEqual(values.toSorted((a, b) => (rising ? a - b : b - a)));
      if (!rising) for (const value of values) expect(value > 0 && value < 1).toBe(true);
    }
    expect(await publishedFor('demo')).toEqual([]);
  });
});

describe('differencesFrom', async () => {
  const [movielens] = await publishedFor('ml-100k');
  const [gowalla] = await publishedFor('gowalla');
  const [tenMillion] = await publishedFor('ml-10m');

  it('is silent only where figures were measured alike', () => {
    expect(differencesFrom(gowalla!.protocol, { ...own, split: 'given', part: 'train' })).toEqual([]);
    expect(differencesFrom(gowalla!.protocol, { ...own, part: 'train', k: 10 })).toEqual([
      'split',
      'part',
      'length',
    ]);
    expect(differencesFrom(movielens!.protocol, own)).toEqual(['split']);
    expect(differencesFrom(movielens!.protocol, { ...own, split: 'kfold' })).toEqual(['draw']);
    expect(differencesFrom(movielens!.protocol, { ...own, split: 'folds' })).toEqual(['draw']);
    expect(differencesFrom(tenMillion!.protocol, own)).toEqual(['draw', 'stars']);
    expect(differencesFrom(tenMillion!.protocol, { ...own, wholeStars: false })).toEqual(['draw']);
  });
});
