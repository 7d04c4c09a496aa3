import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clauses, isNegation } from '../../../../src/lib/text/sentiment/clauses.ts';
import { sentimentFeatures } from '../../../../src/lib/text/sentiment/features.ts';

describe('sentimentFeatures', () => {
  it('holds stems, pairs, and what a negation reaches, up to the clause’s end', () => {
    const found = sentimentFeatures("It isn't working well at all, sounds great!");
    for (const key of [
      "isn't",
      'work',
      "isn't work",
      'not:work',
      'not:well',
      'not:at',
      'not:all',
      'mark:!',
    ]) {
      expect(found).toContain(key);
    }
    expect(found).toContain('great');
    expect(found).not.toContain('not:great');
    expect(found).not.toContain('all sound');
  });

  it('marks no more than four words', () => {
    const found = sentimentFeatures('never one two three four five');
    expect(found).toContain('not:four');
    expect(found).not.toContain('not:five');
  });

  it('holds groups of up to three Chinese characters, not across a clause', () => {
    expect([...sentimentFeatures('不太好，快')]).toEqual(['不', '不太', '不太好', '太', '太好', '好', '快']);
  });

  it('holds a feature once, and the same for full-width letters and either case', () => {
    expect([...sentimentFeatures('好，好，好')]).toEqual(['好']);
    expect(sentimentFeatures('ＧＯＯＤ pot！')).toEqual(sentimentFeatures('good pot!'));
  });

  it('joins no pair over Chinese between, and cuts no character in two', () => {
    const found = sentimentFeatures('usb好hub𠮷好');
    expect(found).not.toContain('usb hub');
    expect(found).toContain('𠮷好');
    for (const key of found) expect(key).not.toMatch(/\p{Surrogate}/u);
  });

  it('is the union of its clauses’ features, in any order', () => {
    const word = fc.constantFrom('not', 'good', 'cup', 'never', '不', '好用', '太', "isn't", 'pots');
    const clause = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(fc.array(clause, { minLength: 1, maxLength: 5 }), (parts) => {
        const union = new Set(parts.flatMap((part) => [...sentimentFeatures(part)]));
        expect(sentimentFeatures(parts.join(', '))).toEqual(union);
        expect(sentimentFeatures(parts.toReversed().join('，'))).toEqual(union);
      }),
    );
  });

  it('is empty for a text without words', () => {
    expect(sentimentFeatures(' … ，').size).toBe(0);
  });
});

it('cuts clauses, and knows negations as people type them', () => {
  expect(clauses('a, b。c')).toEqual(['a', ' b', 'c']);
  for (const word of ['not', "don't", 'dont', 'never', 'without']) expect(isNegation(word)).toBe(true);
  for (const word of ['note', 'want', 'front', 'nothings']) expect(isNegation(word)).toBe(false);
});
