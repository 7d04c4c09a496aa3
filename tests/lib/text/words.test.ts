import { describe, expect, it } from 'vitest';
import { bigrams, runs, segment } from '../../../src/lib/text/words.ts';

describe('runs', () => {
  it('cuts spaced scripts into words and leaves runs of unspaced ones whole', () => {
    expect(runs("The barista's MOKA pot, 3-cup — 意式咖啡壶 USB充电")).toEqual([
      { text: 'the', unspaced: false },
      { text: "barista's", unspaced: false },
      { text: 'moka', unspaced: false },
      { text: 'pot', unspaced: false },
      { text: '3', unspaced: false },
      { text: 'cup', unspaced: false },
      { text: '意式咖啡壶', unspaced: true },
      { text: 'usb', unspaced: false },
      { text: '充电', unspaced: true },
    ]);
  });

  it('reads full-width forms, curly apostrophes and accents as one spelling', () => {
    expect(runs('ＵＳＢ２ don’t café')).toEqual(runs("usb2 don't cafe\u0301"));
  });

  it('survives lone surrogates, bidi marks and NUL', () => {
    expect(runs('\ud800lamp\u202e\u0000 x').map(({ text }) => text)).toEqual(['lamp', 'x']);
  });
});

describe('segment and bigrams', () => {
  it('cut a Chinese run without losing a character', () => {
    const run = '防水蓝牙音箱适合户外使用';
    expect(segment(run).join('')).toBe(run);
    expect(bigrams('蓝牙音箱')).toEqual(['蓝牙', '牙音', '音箱']);
    expect(bigrams('茶')).toEqual(['茶']);
  });

  it('pair characters outside the basic plane whole', () => {
    expect(bigrams('𠮷野家')).toEqual(['𠮷野', '野家']);
  });
});
