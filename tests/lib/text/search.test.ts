import { describe, expect, it } from 'vitest';
import { buildSearchIndex, type SearchDocument } from '../../../src/lib/text/search.ts';

const entry = (change: Partial<SearchDocument>): SearchDocument => ({
  name: {},
  brand: '',
  category: '',
  description: {},
  attributes: {},
  popularity: 0,
  ...change,
});

const CATALOGUE = [
  entry({
    name: { en: 'Moka pot', zh: '意式摩卡咖啡壶' },
    brand: 'Tamari',
    category: 'kitchen',
    description: { en: 'Coffee for three cups on any hob.' },
  }),
  entry({ name: { en: 'Coffee grinder', zh: '手摇磨豆机' }, category: 'kitchen' }),
  entry({ name: { en: 'Camping lantern', zh: '露营灯' }, category: 'outdoor', popularity: 5 }),
  entry({ name: { en: 'Rechargeable batteries', zh: '充电电池' }, category: 'electronics' }),
  entry({ name: { en: 'Reading lamp', zh: '阅读台灯' }, category: 'home', popularity: 5 }),
  entry({ name: { en: 'Reading lamp', zh: '阅读台灯' }, category: 'home', popularity: 90 }),
  entry({ name: { en: 'Green tea', zh: '绿茶' }, description: { en: 'See constructor and __proto__.' } }),
];

describe('search', async () => {
  const index = await buildSearchIndex(CATALOGUE);
  const find = (query: string, limit = 10): number[] => index.search(query, 'en', limit);

  it('prefers the name over the description', () => {
    expect(find('coffee')).toEqual([1, 0]);
  });

  it('finds by brand, by category, and the unfinished last word', () => {
    expect(find('tamari')).toEqual([0]);
    expect(find('outdoor')).toEqual([2]);
    expect(find('camping lan')).toEqual([2]);
  });

  it('forgives a typing error and other forms of a word', () => {
    expect(find('cofee grindr')).toEqual([1]);
    expect(find('battery')).toEqual([3]);
    expect(find('gren tee')).toEqual([6]);
    expect(find('LAMPS')).toEqual([5, 4]);
  });

  it('looks for typing errors only where nothing is spelled like that', async () => {
    const pets = await buildSearchIndex([
      entry({ name: { en: 'Door mat' } }),
      entry({ name: { en: 'Cat bed' } }),
    ]);
    expect(pets.search('cat', 'en', 5)).toEqual([1]);
    expect(pets.search('cet', 'en', 5)).toEqual([1]);
  });

  it('wants all words, and takes some where nothing has all', () => {
    expect(find('coffee pot')).toEqual([0]);
    expect(find('coffee lantern').toSorted()).toEqual([0, 1, 2]);
  });

  it('finds Chinese by parts of a compound and by one character', () => {
    expect(index.search('咖啡壶', 'zh', 10)).toEqual([0]);
    expect(index.search('茶', 'zh', 10)).toEqual([6]);
    expect(index.search('灯', 'zh', 10).toSorted()).toEqual([2, 4, 5]);
  });

  it('puts the more popular of two equals first, and cuts at the limit', () => {
    expect(find('reading lamp', 1)).toEqual([5]);
  });

  it('takes names of object properties as words', () => {
    expect(find('constructor')).toEqual([6]);
    expect(find('hasOwnProperty')).toEqual([]);
    expect(find('__proto__')).toEqual([6]);
  });

  it('finds nothing for nothing', () => {
    expect(find('')).toEqual([]);
    expect(find('?!…')).toEqual([]);
    expect(find('zzzzqqqq')).toEqual([]);
  });

  it('answers a 50,000-character pattern at once, as plain text (fault row 37)', () => {
    for (const query of [
      '(a+)+$'.repeat(9_000),
      'a'.repeat(50_000),
      '灯'.repeat(50_000),
      '(a+)+$ '.repeat(9_000),
    ]) {
      const start = performance.now();
      index.search(query, 'en', 50);
      expect(performance.now() - start).toBeLessThan(100);
    }
  });
});
