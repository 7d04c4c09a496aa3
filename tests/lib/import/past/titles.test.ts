import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { authorNames, compareAuthors } from '../../../../src/lib/import/past/authors.ts';
import { isbn13 } from '../../../../src/lib/import/past/isbn.ts';
import { fold, titleForms } from '../../../../src/lib/import/past/titles.ts';

describe('titleForms', () => {
  it.each([
    ['The Matrix', 'Matrix, The (1999)'],
    ['Misérables, Les (1995)', 'LES MISERABLES'],
    ['A Wizard of Earthsea (Earthsea Cycle, #1)', 'Wizard of Earthsea'],
    ['Portal™', 'portal'],
    ['Pride & Prejudice', 'Pride and Prejudice'],
    ['Rocky II', 'Rocky 2'],
    ["Ender's Game", 'Ender’s Game (Special 20th Anniversary Edition)'],
    ['The Witcher 3: Wild Hunt - Game of the Year Edition', 'The Witcher 3: Wild Hunt'],
    ['Blade Runner: The Final Cut', 'Blade Runner'],
    ['三体', '《三体》（典藏版）'],
    ['三体 2', '三体2'],
    ['三体 珍藏版', '三体（地球往事三部曲）'],
    ['Ｆｕｌｌ ｗｉｄｔｈ', 'full width'],
    ['Die Straße', 'strasse'],
    ['[REC]', 'REC'],
  ])('takes %s and %s for one title', (a, b) => {
    expect(titleForms(a).full).toBe(titleForms(b).full);
  });

  it.each([
    ['Rocky II', 'Rocky III'],
    ['三体', '三体2'],
    ['Alien', 'Aliens'],
    ['Malcolm X', 'Malcolm'],
    ['A', 'B'],
  ])('tells %s from %s', (a, b) => {
    expect(titleForms(a).full).not.toBe(titleForms(b).full);
    expect(titleForms(a).full).not.toBe('');
  });

  it('reads years and other titles from brackets, and the title before a colon', () => {
    expect(titleForms('Seven (a.k.a. Se7en) (1995)')).toEqual({
      full: 'seven',
      main: 'seven',
      others: ['se7en'],
      year: 1995,
    });
    expect(titleForms("Amelie (Fabuleux destin d'Amélie Poulain, Le) (2001)").others).toEqual([
      'fabuleux destin damelie poulain',
    ]);
    expect(titleForms('Sapiens: A Brief History of Humankind').main).toBe('sapiens');
    expect(titleForms('人类简史：从动物到上帝').main).toBe('人类简史');
  });

  it('is folded for any text, and folding twice changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
        const { full, main, others } = titleForms(text);
        for (const form of [full, main, ...others])
          expect(form).toMatch(/^(?:[\p{L}\p{N}]+(?: [\p{L}\p{N}]+)*)?$/u);
        expect(fold(fold(text))).toBe(fold(text));
      }),
      { numRuns: 500 },
    );
  });
});

describe('isbn13', () => {
  it.each([
    ['0-547-77374-9', '9780547773742'],
    ['9780547773742', '9780547773742'],
    ['039363552X', '9780393635522'],
    ['439023483', '9780439023481'],
  ])('reads %s as %s', (text, isbn) => expect(isbn13(text)).toBe(isbn));

  it('refuses numbers with a wrong digit, wherever it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 1, max: 9 }), (at, by) => {
        const digits = Array.from('9780547773742');
        digits[at] = String((Number(digits[at]) + by) % 10);
        expect(isbn13(digits.join(''))).toBeNull();
      }),
    );
    for (const text of ['', 'B00004TXYZ', '123', 'isbn']) expect(isbn13(text)).toBeNull();
  });
});

describe('compareAuthors', () => {
  it.each([
    ['Suzanne Collins', 'Suzanne Collins', 'agree'],
    ['J.R.R. Tolkien', 'J. R. R. Tolkien, Alan Lee', 'agree'],
    ['Cixin Liu', 'Liu Cixin', 'agree'],
    ['刘慈欣', '刘慈欣', 'agree'],
    ['刘慈欣', 'Cixin Liu', 'unknown'],
    ['Kurt Vonnegut Jr.', 'Kurt Vonnegut', 'agree'],
    ['John Green', 'John Grisham', 'differ'],
    ['', 'Anybody', 'unknown'],
  ])('of %s and %s says %s', (a, b, said) => {
    expect(compareAuthors(authorNames(a), authorNames(b))).toBe(said);
  });
});
