import { describe, expect, it } from 'vitest';
import {
  IALS_HYPERPARAMETERS,
  ialsHyperparameters,
  savedIalsHyperparameters,
} from '../../../../src/lib/model/ials/hyperparameters.ts';
import { randomSparse, sparseOf } from '../support/random-matrices.ts';

const strengths = randomSparse(Array<number>(50).fill(5), 100, 1);
const invalid = expect.objectContaining({ code: 'hyperparameter-invalid' }) as Error;

describe('ialsHyperparameters', () => {
  it('makes the mean confidence 1', () => {
    const { alpha } = ialsHyperparameters(strengths, {});
    const total = strengths.data.reduce((sum, value) => sum + Math.log1p(Math.abs(value)), 0);
    const mean = total / strengths.data.length;
    expect(alpha * mean).toBeCloseTo(1, 6);
  });

  it('takes overrides and leaves the rest', () => {
    const { regularization, ...rest } = ialsHyperparameters(strengths, { regularization: 2 });
    const { regularization: standard, ...others } = ialsHyperparameters(strengths, {});
    expect([regularization, standard === 2]).toEqual([2, false]);
    expect(rest).toEqual(others);
  });

  it.each([[[]], [[0, 0]]])('is valid for a matrix without entries (%j)', (row: number[]) => {
    const values = ialsHyperparameters(sparseOf([row]), {});
    expect(Object.values(values).every(Number.isFinite)).toBe(true);
  });

  it.each(
    IALS_HYPERPARAMETERS.flatMap((name) => [Number.NaN, -1, Number.POSITIVE_INFINITY].map((v) => [name, v])),
  )('refuses %s = %s', (name, value) => {
    expect(() => ialsHyperparameters(strengths, { [name]: Number(value) })).toThrow(invalid);
  });

  it('refuses 0 where it means nothing, fractions of whole numbers, and unknown names', () => {
    const mayBe0 = ['frequencyScaling', 'cgSteps'];
    for (const name of IALS_HYPERPARAMETERS.filter((each) => !mayBe0.includes(each))) {
      expect(() => ialsHyperparameters(strengths, { [name]: 0 })).toThrow(invalid);
    }
    expect(ialsHyperparameters(strengths, { frequencyScaling: 0 }).frequencyScaling).toBe(0);
    expect(ialsHyperparameters(strengths, { cgSteps: 0 }).cgSteps).toBe(0);
    expect(() => ialsHyperparameters(strengths, { factors: 2.5 })).toThrow(invalid);
    expect(() => ialsHyperparameters(strengths, { factors: 513 })).toThrow(invalid);
    expect(() => ialsHyperparameters(strengths, { lambda: 1 })).toThrow(invalid);
  });
});

describe('savedIalsHyperparameters', () => {
  it('reads what was saved, and refuses where one is missing', () => {
    const saved = ialsHyperparameters(strengths, {});
    expect(savedIalsHyperparameters(saved)).toEqual(saved);
    const without = Object.entries(saved).filter(([name]) => name !== 'alpha');
    expect(() => savedIalsHyperparameters(Object.fromEntries(without))).toThrow(invalid);
  });

  it('takes a model of before there was a choice of solver for one that was solved exactly', () => {
    const saved = ialsHyperparameters(strengths, { cgSteps: 3 });
    const old = Object.fromEntries(Object.entries(saved).filter(([name]) => name !== 'cgSteps'));
    expect(savedIalsHyperparameters(old)).toEqual({ ...saved, cgSteps: 0 });
  });
});
