import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  catalogueOf,
  entriesOf,
  joinCatalogues,
  type CatalogueEntry,
} from '../../../../src/lib/import/past/catalogue.ts';
import { DOUBTFUL, Matcher } from '../../../../src/lib/import/past/match.ts';
import { TitleIndex } from '../../../../src/lib/import/past/title-index.ts';
import { fold } from '../../../../src/lib/import/past/titles.ts';
import type { MatchedWork, PastWork } from '../../../../src/lib/import/past/types.ts';
import type { ItemId } from '../../../../src/lib/types.ts';
import { makeItem } from '../../../routes/support/shop.ts';

const entry = (id: string, en: string, change: Partial<CatalogueEntry> = {}): CatalogueEntry => ({
  id,
  en,
  zh: '',
  brand: '',
  numbers: [],
  year: null,
  ...change,
});

const work = (title: string, change: Partial<PastWork> = {}): PastWork => ({
  source: 'goodreads',
  title,
  author: '',
  year: null,
  ids: [],
  deeds: [],
  ...change,
});

/** What was found, as `+id` for certain, `?id …` to choose from, `-` for nothing. */
function said(entries: readonly CatalogueEntry[], { certain, candidates }: MatchedWork): string {
  const ids = candidates.map(({ item }) => entries[item]?.id ?? '');
  if (ids.length === 0) return '-';
  return certain ? `+${ids[0]!}` : `?${ids.join(' ')}`;
}

const BOOKS = [
  entry('1', 'The Hunger Games (The Hunger Games, #1)', { brand: 'Suzanne Collins', year: 2008 }),
  entry('2', "Harry Potter and the Sorcerer's Stone (Harry Potter, #1)", {
    brand: 'J.K. Rowling, Mary GrandPré',
    year: 1997,
  }),
  entry('3', 'Sapiens: A Brief History of Humankind', { brand: 'Yuval Noah Harari', year: 2011 }),
  entry('4', 'The Stand', { brand: 'Stephen King' }),
  entry('5', 'Emma', { brand: 'Jane Austen' }),
  entry('9780547773742', 'Earthsea', {
    brand: 'Ursula K. Le Guin',
    numbers: [{ scheme: 'isbn', value: '9780547773742' }],
  }),
  entry('7', 'The Three-Body Problem', { zh: '三体', brand: 'Liu Cixin' }),
  entry('8', 'The Dark Forest', { zh: '三体Ⅱ：黑暗森林', brand: 'Liu Cixin' }),
];
const FILMS = [
  entry('10', 'Matrix, The (1999)'),
  entry('11', 'Suspiria (1977)'),
  entry('12', 'Suspiria (2018)'),
  entry('13', 'Amelie (Fabuleux destin d’Amélie Poulain, Le) (2001)'),
  entry('14', 'Emma (1996)'),
  entry('15', 'Twin (1999)'),
  entry('16', 'Twin (1999)'),
];

describe('Matcher', () => {
  const books = new Matcher(BOOKS);
  const films = new Matcher(FILMS);

  it.each([
    ['the same title', work('Hunger Games'), '+1'],
    ['the same title by another author', work('Emma', { author: 'Alexander McCall Smith' }), '?5'],
    ['the same title and author', work('EMMA', { author: 'Jane Austen' }), '+5'],
    ['the title before the colon', work('Sapiens'), '?3'],
    [
      'the title before the colon, author and year',
      work('Sapiens', { author: 'Yuval Noah Harari', year: 2011 }),
      '+3',
    ],
    ['words in common', work('Harry Potter and the Philosopher’s Stone', { author: 'J.K. Rowling' }), '?2'],
    [
      'an ISBN, whatever the title',
      work('Erdsee', { ids: [{ scheme: 'isbn', value: '9780547773742' }] }),
      '+9780547773742',
    ],
    ['nothing', work('Gravity’s Rainbow', { author: 'Thomas Pynchon' }), '-'],
    ['a Chinese title', work('《三体》（典藏版）', { author: '刘慈欣' }), '+7'],
    ['a Chinese part of a series', work('三体2：黑暗森林'), '+8'],
    // its number is the shop's key of another book
    ['a number of another book', work('The Stand', { ids: [{ scheme: 'goodreads', value: '5' }] }), '+4'],
    [
      'a number of this book',
      work('Hunger Games, Deluxe', { ids: [{ scheme: 'goodreads', value: '1' }] }),
      '+1',
    ],
    ['a number without a title', work('', { ids: [{ scheme: 'steam', value: '4' }] }), '-'],
  ])('by %s', (_by, thing, expected) => {
    expect(said(BOOKS, books.match(thing))).toBe(expected);
  });

  it.each([
    ['an article at the end', 'The Matrix', 1999, '+10'],
    ['the year, of two films of one title', 'Suspiria', 2018, '+12'],
    ['no year, of two films of one title', 'Suspiria', null, '?11 12'],
    ['a title in brackets', 'Le fabuleux destin d’Amélie Poulain', 2001, '+13'],
    ['another film of the title', 'Emma', 2020, '?14'],
    ['two products that are the same', 'Twin', 1999, '?15 16'],
  ])('films by %s', (_by, title, year, expected) => {
    expect(said(FILMS, films.match(work(title, { source: 'letterboxd', year })))).toBe(expected);
  });

  it('finds a title among many, however it is written, and says nothing certain of others', () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{3,8}$/u), { minLength: 2, maxLength: 5 });
    const titles = fc.uniqueArray(words, { minLength: 3, maxLength: 30, selector: (list) => list.join(' ') });
    fc.assert(
      fc.property(titles, fc.nat(), (lists, pick) => {
        const entries = lists.map((list, index) => entry(`k${index}`, list.join(' ')));
        const matcher = new Matcher(entries);
        const chosen = pick % lists.length;
        const written = `The ${lists[chosen]!.map((word) => word.toUpperCase()).join('  ')} (Some Series, #3)`;
        const [best] = matcher.match(work(written)).candidates;
        // titles may come to be one and the same, as "the abc" and "abc" do
        const form = fold(lists[chosen]!.join(' ')).replace(
          /^(?:the|les?|las?|los|der|die|das|una?|une|gli) /u,
          '',
        );
        const found = fold(lists[best!.item]!.join(' ')).replace(
          /^(?:the|les?|las?|los|der|die|das|una?|une|gli) /u,
          '',
        );
        expect(found).toBe(form);
        const other = matcher.match(work('zzzzzzzzz yyyyyyyyy'));
        expect(other).toMatchObject({ certain: false, candidates: [] });
      }),
      { numRuns: 100 },
    );
  });

  it('gives candidates in the order of their scores, none below the least', () => {
    for (const title of ['Emma', 'The Dark', 'Harry', 'A Brief History of Time']) {
      const { candidates } = books.match(work(title));
      const scores = candidates.map(({ score }) => score);
      expect(scores).toEqual(scores.toSorted((a, b) => b - a));
      expect(scores.every((score) => score >= DOUBTFUL && score <= 1)).toBe(true);
    }
  });
});

describe('TitleIndex', () => {
  /** Dice's coefficient by going through all titles. */
  function plain(titles: readonly string[], text: string): readonly number[] {
    const sets = titles.map((title) => new Set(title.split(' ')));
    const weight = (word: string): number =>
      Math.log((1 + sets.length) / (1 + sets.filter((set) => set.has(word)).length)) + 0.1;
    const sum = (set: Iterable<string>): number => [...set].reduce((total, word) => total + weight(word), 0);
    const own = new Set(text.split(' '));
    return sets.map((set) => (2 * sum([...own].filter((word) => set.has(word)))) / (sum(own) + sum(set)));
  }

  it('weighs words as a plain loop over all titles does', () => {
    const title = fc
      .array(fc.stringMatching(/^[a-h]$/u), { minLength: 1, maxLength: 5 })
      .map((list) => list.join(' '));
    fc.assert(
      fc.property(fc.array(title, { minLength: 1, maxLength: 20 }), title, (titles, text) => {
        const index = new TitleIndex();
        titles.forEach((one, item) => index.add(item, one));
        index.settle();
        const likeness = plain(titles, text);
        const found = index.find(text, titles.length, 0.3);
        const expected = likeness.flatMap((value, item) => (value >= 0.3 ? [item] : []));
        expect(found.map(({ item }) => item).sort((a, b) => a - b)).toEqual(expected);
        for (const match of found) expect(match.likeness).toBeCloseTo(likeness[match.item]!, 10);
        // asked again it says the same: nothing is left of the first time
        expect(index.find(text, titles.length, 0.3)).toEqual(found);
      }),
    );
  });
});

describe('catalogueOf', () => {
  it('hands products over as they are, in parts too', () => {
    const items = [
      makeItem(0, {
        id: 'B00004TXYZ' as ItemId,
        name: { en: 'Moka\tPot' },
        attributes: [
          { name: { en: 'ISBN-13' }, value: { en: '978-0-547-77374-2' } },
          { name: { en: 'Year', zh: '年份' }, value: { en: '1968', zh: '1968' } },
          { name: { zh: 'IMDb' }, value: { zh: 'tt0133093' } },
          { name: { en: 'ISBN' }, value: { en: 'none' } },
        ],
      }),
      makeItem(1, { brand: '' }),
    ];
    const whole = catalogueOf(items);
    expect(joinCatalogues(items.map((item) => catalogueOf([item])))).toEqual(whole);
    expect(entriesOf(whole)).toEqual([
      {
        id: 'B00004TXYZ',
        en: 'Moka Pot',
        zh: '',
        brand: 'Brand',
        year: 1968,
        numbers: [
          { scheme: 'isbn', value: '9780547773742' },
          { scheme: 'imdb', value: 'tt0133093' },
          { scheme: 'asin', value: 'B00004TXYZ' },
        ],
      },
      { id: 'item-1', en: 'Item 1', zh: '商品 1', brand: '', numbers: [], year: null },
    ]);
    expect(entriesOf(catalogueOf([]))).toEqual([]);
  });
});
