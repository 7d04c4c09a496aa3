import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sharedKeywords } from '../../../src/lib/text/keywords.ts';
import {
  addRow,
  buildTextVectors,
  dotRow,
  rowCosine,
  type TextDocument,
} from '../../../src/lib/text/vectors.ts';

const document = (text: string, ...labels: string[]): TextDocument => ({
  fields: [{ text, weight: 1 }],
  labels: labels.map((key) => ({ key: `label:${key}`, word: null, weight: 1 })),
});

describe('text vectors', () => {
  it('follow the TF-IDF formula on a case worked by hand', () => {
    const vectors = buildTextVectors([document('lamp lamp desk'), document('lamp'), document('')]);
    // N = 3; df(lamp) = 2, df(desk) = 1.
    const lamp = (1 + Math.log(2)) * (Math.log(4 / 3) + 1);
    const desk = Math.log(4 / 2) + 1;
    const length = Math.hypot(lamp, desk);
    expect([...vectors.indptr]).toEqual([0, 2, 3, 3]);
    expect(vectors.data[0]).toBeCloseTo(lamp / length, 12);
    expect(vectors.data[1]).toBeCloseTo(desk / length, 12);
    expect(vectors.data[2]).toBeCloseTo(1, 12);
    expect(rowCosine(vectors, 0, 1)).toBeCloseTo(lamp / length, 12);
    expect(rowCosine(vectors, 0, 2)).toBe(0);
  });

  it('weigh fields, and labels count without any text', () => {
    const vectors = buildTextVectors([
      document('red', 'shoes'),
      document('blue', 'shoes'),
      document('red', 'pans'),
      document('green', 'tools'),
    ]);
    expect(rowCosine(vectors, 0, 1)).toBeGreaterThan(0);
    expect(rowCosine(vectors, 0, 3)).toBe(0);
  });

  it('have unit rows, symmetric cosines, and agree with the dense product', () => {
    const words = ['lamp', 'desk', '咖啡壶', '不锈钢', 'steel', 'garden', 'tent', '帐篷'];
    const text = fc.array(fc.constantFrom(...words), { maxLength: 12 }).map((list) => list.join(' '));
    fc.assert(
      fc.property(fc.array(text, { minLength: 2, maxLength: 8 }), (texts) => {
        const vectors = buildTextVectors(texts.map((each) => document(each)));
        for (let first = 0; first < texts.length; first++) {
          const dense = new Float64Array(vectors.terms);
          addRow(vectors, first, 1, dense);
          const self = rowCosine(vectors, first, first);
          expect(Math.abs(self - (texts[first] === '' ? 0 : 1))).toBeLessThan(1e-12);
          for (let second = 0; second < texts.length; second++) {
            const cosine = rowCosine(vectors, first, second);
            expect(cosine).toBe(rowCosine(vectors, second, first));
            expect(Math.abs(cosine - dotRow(vectors, second, dense))).toBeLessThan(1e-12);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it('name the words two documents share, by language', () => {
    const vectors = buildTextVectors([
      document('steel coffee pot 咖啡壶'),
      document('coffee mill 咖啡 磨豆机'),
      document('garden chair 花园椅'),
    ]);
    const dense = new Float64Array(vectors.terms);
    addRow(vectors, 0, 1, dense);
    expect(sharedKeywords(vectors, 1, dense, 5)).toEqual({ en: ['coffee'], zh: ['咖啡'] });
    expect(sharedKeywords(vectors, 2, dense, 5)).toEqual({ en: [], zh: [] });
  });

  it('name whole Chinese words before single characters, and no more than asked for', () => {
    const vectors = buildTextVectors([
      document('猫 猫 猫 帐篷 灯 茶'),
      document('猫 帐篷 灯 茶'),
      document('花园'),
    ]);
    const dense = new Float64Array(vectors.terms);
    addRow(vectors, 0, 1, dense);
    expect(sharedKeywords(vectors, 1, dense, 2)).toEqual({ en: [], zh: ['帐篷', '猫'] });
  });
});
