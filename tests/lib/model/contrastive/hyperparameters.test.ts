import { describe, expect, it } from 'vitest';
import {
  bprHyperparameters,
  cclHyperparameters,
} from '../../../../src/lib/model/contrastive/hyperparameters.ts';
import type { CsrMatrix } from '../../../../src/lib/model/matrix/csr.ts';

const shape = (rows: number, columns: number): CsrMatrix => ({
  rows,
  columns,
  indptr: new Int32Array(rows + 1),
  indices: new Int32Array(0),
  data: new Float32Array(0),
});

describe('defaults', () => {
  it.each([
    [100, 10, 10, 3, 10],
    [1_000, 200, 16, 31, 200],
    [5_000, 2_000, 32, 128, 2_000],
    [29_858, 40_981, 64, 128, 8_192],
  ])(
    '%i users, %i items: %i factors, %i users a step, %i negatives',
    (rows, columns, factors, batchUsers, negatives) => {
      const hyper = cclHyperparameters(shape(rows, columns), {});
      expect(hyper).toMatchObject({ factors, batchUsers, negatives });
      expect(bprHyperparameters(shape(rows, columns), {}).factors).toBe(factors);
    },
  );
});

describe('rules', () => {
  const invalid = (name: string): Error =>
    expect.objectContaining({
      code: 'hyperparameter-invalid',
      values: expect.objectContaining({ name }) as unknown,
    }) as Error;

  it.each([
    ['factors', 0],
    ['factors', 51],
    ['epochs', 1.5],
    ['margin', 1.1],
    ['margin', Number.NaN],
    ['negativeWeight', 0],
    ['negatives', 0],
    ['userLearningRate', Number.POSITIVE_INFINITY],
    ['candidates', 2],
    ['toString', 2],
  ])('CCL refuses %s = %d', (name, value) => {
    expect(() => cclHyperparameters(shape(10, 50), { [name]: value })).toThrow(invalid(name));
  });

  it.each([
    ['regularization', -1],
    ['candidates', 0],
    ['popularityExponent', 3],
    ['margin', 0.5],
  ])('BPR refuses %s = %d', (name, value) => {
    expect(() => bprHyperparameters(shape(10, 50), { [name]: value })).toThrow(invalid(name));
  });
});
