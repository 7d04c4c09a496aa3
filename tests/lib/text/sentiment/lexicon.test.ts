import { describe, expect, it } from 'vitest';
import { isOpinionWord, lexiconScore } from '../../../../src/lib/text/sentiment/lexicon.ts';
import { chineseLexicon } from '../../../../src/lib/text/sentiment/lexicon-zh.ts';

describe('lexiconScore', () => {
  it('is sum / √(sum² + 15) of the strengths', () => {
    // AFINN: good 3
    expect(lexiconScore('A good pot.')).toBeCloseTo(3 / Math.sqrt(9 + 15));
    // 漂亮 2
    expect(lexiconScore('漂亮')).toBeCloseTo(2 / Math.sqrt(4 + 15));
    expect(lexiconScore('It holds 300 ml.')).toBe(0);
    expect(lexiconScore('')).toBe(0);
  });

  it('turns a word over after a negation, and no further than its clause', () => {
    expect(lexiconScore('This is not good')).toBeCloseTo((-0.74 * 3) / Math.sqrt((0.74 * 3) ** 2 + 15));
    expect(lexiconScore('It is not, good')).toBeGreaterThan(0);
  });

  it.each([
    ['不错', 1],
    ['没有不好', 1],
    ['不是很漂亮', -1],
    ['没坏', 1],
    ['挑了很久，总算没挑错', 1],
    ['质量太差了', -1],
    ['性价比高，物流很快', 1],
  ])('hears %s', (text, sign) => expect(Math.sign(lexiconScore(text))).toBe(sign));

  it('takes no word off the prototype for one of the list', () => {
    expect(lexiconScore('constructor toString')).toBe(0);
    expect(isOpinionWord('constructor')).toBe(false);
    expect(isOpinionWord('great')).toBe(true);
    expect(isOpinionWord('一流')).toBe(true);
  });
});

it('has Chinese words only, none for and against', () => {
  const { strengths, longest } = chineseLexicon();
  expect(strengths.size).toBeGreaterThan(400);
  for (const [word, strength] of strengths) {
    expect(word).toMatch(/^\p{Script=Han}+$/u);
    expect(Math.abs(strength)).toBeLessThanOrEqual(5);
    expect(Array.from(word).length).toBeLessThanOrEqual(longest);
  }
});
