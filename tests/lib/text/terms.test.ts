import { describe, expect, it } from 'vitest';
import { stem, terms } from '../../../src/lib/text/terms.ts';

const keys = (text: string): string[] => terms(text).map(({ key }) => key);

describe('terms', () => {
  it('drops stop words and bare numbers, and stems English', () => {
    expect(keys('The 3 lamps were lighting a room')).toEqual(['lamp', 'light', 'room']);
  });

  it('gives one key to the forms of a word, and a word to show', () => {
    expect(stem('batteries')).toBe(stem('battery'));
    expect(stem("barista's")).toBe(stem('barista'));
    expect(terms('Kettles')).toEqual([{ key: 'kettl', word: 'kettles' }]);
  });

  it('finds the parts of a Chinese compound and skips particles', () => {
    const found = keys('这款咖啡壶的手柄');
    expect(found).toContain('咖啡');
    expect(found).toContain('手柄');
    expect(found).not.toContain('的');
    expect(found.some((key) => key.includes('的'))).toBe(false);
  });

  it('shows words, never fragments, for Chinese', () => {
    const shown = terms('不锈钢保温杯').flatMap(({ word }) => (word === null ? [] : [word]));
    expect(shown.length).toBeGreaterThan(0);
    for (const { key, word } of terms('不锈钢保温杯')) expect(word === null || word === key).toBe(true);
    expect(shown).not.toContain('钢保');
  });

  it('drops units and amounts, which say nothing of what a product is', () => {
    expect(keys('一只杯子，250毫升，两片')).toEqual(keys('杯子'));
    expect(keys('Set of 12 pieces, 30 cm')).toEqual([]);
  });

  it('keeps a single character that is a word of its own', () => {
    expect(keys('茶')).toEqual(['茶']);
  });
});
