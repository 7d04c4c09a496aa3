import { describe, expect, it } from 'vitest';
import { normalMatrix, Random } from '../../../../src/lib/model/matrix/random.ts';
import {
  fitTextMap,
  TEXT_MAP_MAX_ORDER,
  TEXT_MAP_REGULARIZATION,
} from '../../../../src/lib/model/text-map/ridge-map.ts';
import { buildTextVectors, type TextVectors } from '../../../../src/lib/text/index.ts';

const FACTORS = 4;

/** Documents of `length` made-up words each out of `vocabulary`. */
function documents(count: number, vocabulary: number, length: number, seed: number): TextVectors {
  const random = new Random(seed);
  const texts = Array.from({ length: count }, () =>
    Array.from({ length }, () => `w${random.below(vocabulary)}x`).join(' '),
  );
  return buildTextVectors(texts.map((text) => ({ fields: [{ text, weight: 1 }], labels: [] })));
}

/** Factors that are a planted linear map of the words: what a perfect fit finds again. */
function planted(vectors: TextVectors, seed: number): Float32Array<ArrayBuffer> {
  const map = normalMatrix(vectors.terms, FACTORS, 1, seed);
  const targets = new Float32Array(vectors.rows * FACTORS);
  for (let row = 0; row < vectors.rows; row++) {
    for (let at = vectors.indptr[row]!; at < vectors.indptr[row + 1]!; at++) {
      for (let m = 0; m < FACTORS; m++) {
        targets[row * FACTORS + m]! += vectors.data[at]! * map[vectors.indices[at]! * FACTORS + m]!;
      }
    }
  }
  return targets;
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, at) => from + at);

/** 1 − Σ(y − ŷ)²/Σy² over rows the map did not see. */
function explained(
  vectors: TextVectors,
  targets: Float32Array,
  trained: number,
  regularization: number,
): number {
  const map = fitTextMap(vectors, range(0, trained), targets, FACTORS, regularization);
  let error = 0;
  let total = 0;
  for (const row of range(trained, vectors.rows)) {
    map.predict(row).forEach((value, m) => {
      const target = targets[row * FACTORS + m]!;
      error += (target - value) ** 2;
      total += target ** 2;
    });
  }
  return 1 - error / total;
}

describe('text map', () => {
  it('finds a planted map again on unseen items (primal, more items than words)', () => {
    const vectors = documents(400, 60, 8, 1);
    expect(explained(vectors, planted(vectors, 2), 300, 1e-6)).toBeGreaterThan(0.999);
    expect(explained(vectors, planted(vectors, 2), 300, TEXT_MAP_REGULARIZATION)).toBeGreaterThan(0.8);
  });

  it('is the minimum that gradient descent finds, in its primal and its dual form', () => {
    const vectors = documents(60, 50, 6, 3);
    const targets = planted(vectors, 4);
    const more = range(0, 55);
    const fewer = range(0, vectors.terms - 5);
    expect(more.length).toBeGreaterThan(vectors.terms);
    for (const trained of [more, fewer]) {
      const map = fitTextMap(vectors, trained, targets, FACTORS, 0.5);
      const reference = solveByDescent(vectors, trained, targets, 0.5);
      for (const row of range(55, 60)) {
        map.predict(row).forEach((value, m) => {
          expect(value).toBeCloseTo(reference(row)[m]!, 5);
        });
      }
    }
  });

  it('predicts the mean item for words nobody has been seen with', () => {
    const vectors = buildTextVectors(
      ['lamp', 'tent', 'zither'].map((text) => ({ fields: [{ text, weight: 1 }], labels: [] })),
    );
    const map = fitTextMap(vectors, [0, 1], Float32Array.of(1, 2, 3, 4, 5, 6), 2);
    expect([...map.predict(2)]).toEqual([2, 3]);
    // λ = 1 and a word known from one item: halfway between that item and the mean.
    map.predict(0).forEach((value, m) => {
      expect(value).toBeCloseTo([1.5, 2.5][m]!, 12);
    });
  });

  it('keeps the system below its limit where items and words are both many', () => {
    const vectors = documents(TEXT_MAP_MAX_ORDER + 300, 1500, 5, 5);
    expect(vectors.terms).toBeGreaterThan(TEXT_MAP_MAX_ORDER);
    const targets = planted(vectors, 6);
    const value = explained(vectors, targets, TEXT_MAP_MAX_ORDER + 200, 0.1);
    expect(value).toBeGreaterThan(0.1);
    expect(value).toBeLessThan(1);
  });
});

/** The same minimum by plain gradient descent, independent of any factorization. */
function solveByDescent(
  vectors: TextVectors,
  trained: readonly number[],
  targets: Float32Array,
  regularization: number,
): (row: number) => number[] {
  const weights = new Float64Array(vectors.terms * FACTORS);
  const mean = range(0, FACTORS).map(
    (m) => trained.reduce((sum, row) => sum + targets[row * FACTORS + m]!, 0) / trained.length,
  );
  const predict = (row: number): number[] =>
    range(0, FACTORS).map((m) => {
      let sum = mean[m]!;
      for (let at = vectors.indptr[row]!; at < vectors.indptr[row + 1]!; at++) {
        sum += vectors.data[at]! * weights[vectors.indices[at]! * FACTORS + m]!;
      }
      return sum;
    });
  for (let step = 0; step < 3000; step++) {
    const gradient = weights.map((weight) => regularization * weight);
    for (const row of trained) {
      predict(row).forEach((value, m) => {
        const residual = value - targets[row * FACTORS + m]!;
        for (let at = vectors.indptr[row]!; at < vectors.indptr[row + 1]!; at++) {
          gradient[vectors.indices[at]! * FACTORS + m]! += residual * vectors.data[at]!;
        }
      });
    }
    gradient.forEach((slope, at) => (weights[at]! -= 0.1 * slope));
  }
  return predict;
}
