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

  it('is empty for a text without words', () => {
    expect(sentimentFeatures(' … ，').size).toBe(0);
  });
});

it('cuts clauses, and knows negations as people type them', () => {
  expect(clauses('a, b。c')).toEqual(['a', ' b', 'c']);
  for (const word of ['not', "don't", 'dont', 'never', 'without']) expect(isNegation(word)).toBe(true);
  for (const word of ['note', 'want', 'front', 'nothings']) expect(isNegation(word)).toBe(false);
});
