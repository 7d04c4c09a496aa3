/** Gradients against central differences, of the plain objectives and of the engine's first step. */
import { describe, expect, it } from 'vitest';
import { PlainPairwiseEngine } from '../../../../src/lib/model/backends/plain/pairwise.ts';
import { BETA_1, type PairwiseSide } from '../../../../src/lib/model/backends/pairwise.ts';
import { bprOfUser, cclOfUser } from '../../../../src/lib/model/contrastive/objective.ts';
import { Random } from '../../../../src/lib/model/matrix/random.ts';
import { randomFactors, randomSparse, relativeError } from '../support/random-matrices.ts';

const FACTORS = 5;
const ITEMS = 40;
const seed = Date.now() % 100_000;

const dot = (x: ArrayLike<number>, y: ArrayLike<number>): number =>
  Array.from(x).reduce((sum, value, p) => sum + value * y[p]!, 0);
const length = (x: ArrayLike<number>): number => Math.sqrt(dot(x, x));
const cosine = (x: ArrayLike<number>, y: ArrayLike<number>): number => dot(x, y) / length(x) / length(y);
const rowOf = (values: ArrayLike<number>, row: number): number[] =>
  Array.from({ length: FACTORS }, (_, p) => values[row * FACTORS + p]!);

function unitRows(rows: number, from: number): Float32Array<ArrayBuffer> {
  const values = randomFactors(rows, FACTORS, from);
  for (let row = 0; row < rows; row++) {
    const own = rowOf(values, row);
    own.forEach((value, p) => (values[row * FACTORS + p] = value / length(own)));
  }
  return values;
}

function numericGradient(value: (x: Float64Array) => number, at: ArrayLike<number>): Float64Array {
  const h = 1e-6;
  return Float64Array.from(at, (_, p) => {
    const moved = (by: number) => Float64Array.from(at, (entry, other) => (other === p ? entry + by : entry));
    return (value(moved(h)) - value(moved(-h))) / (2 * h);
  });
}

describe('the loss of one user', () => {
  const data = unitRows(ITEMS, seed);
  const own = [3, 8, 21];
  const row = Float64Array.from(rowOf(unitRows(1, seed + 1), 0));

  it('CCL: value by the formula with cosines, gradient along the sphere', () => {
    const hyper = { margin: 0.1, negativeWeight: 7 };
    const byFormula = (x: ArrayLike<number>): number => {
      let sum = 0;
      for (const item of own) sum += (1 - cosine(x, rowOf(data, item))) / own.length;
      for (let item = 0; item < ITEMS; item++) {
        if (!own.includes(item)) sum += (7 / ITEMS) * Math.max(0, cosine(x, rowOf(data, item)) - 0.1);
      }
      return sum;
    };
    const { value, gradient } = cclOfUser({ factors: FACTORS, data }, own, row, hyper);
    expect(value).toBeCloseTo(byFormula(row), 6);
    expect(relativeError(gradient, numericGradient(byFormula, row)), `seed ${seed}`).toBeLessThan(1e-4);
  });

  it('BPR: value by the formula, gradient', () => {
    const negatives = [1, 2, 30, 39];
    const byFormula = (x: ArrayLike<number>): number => {
      let sum = 0;
      for (const i of own) {
        for (const j of negatives) {
          const difference = dot(x, rowOf(data, i)) - dot(x, rowOf(data, j));
          sum -= Math.log(1 / (1 + Math.exp(-difference))) / (own.length * negatives.length);
        }
      }
      return sum + 0.15 * dot(x, x);
    };
    const { value, gradient } = bprOfUser({ factors: FACTORS, data }, own, negatives, row, 0.3);
    expect(value).toBeCloseTo(byFormula(row), 9);
    expect(relativeError(gradient, numericGradient(byFormula, row)), `seed ${seed}`).toBeLessThan(1e-6);
  });
});

describe('the first step of the engine moves along the gradient', () => {
  const positives = randomSparse([4, 0, 7], ITEMS, seed);
  const fresh = (factors: Float32Array<ArrayBuffer>): PairwiseSide => ({
    factors,
    firstMoment: new Float32Array(factors.length),
    secondMoment: new Float32Array(factors.length / FACTORS),
    steps: new Int32Array(factors.length / FACTORS),
  });
  const state = { users: fresh(unitRows(3, seed + 2)), items: fresh(unitRows(ITEMS, seed + 3)) };
  const ownOf = (user: number): number[] =>
    Array.from(positives.indices.subarray(positives.indptr[user], positives.indptr[user + 1]));
  const rates = { userRate: 0.01, itemRate: 0.01 };
  const users = Int32Array.of(2, 0);
  const random = new Random(seed);

  /** Gradients by user and item rows from the first moments after one step, (1 − β₁) times the gradient. */
  function gradientsAfter(step: (engine: PlainPairwiseEngine) => number, userBeta1 = BETA_1) {
    const engine = new PlainPairwiseEngine(positives, FACTORS, state);
    const loss = step(engine);
    const after = engine.read();
    const scaled = (values: Float32Array, beta1: number): number[] =>
      Array.from(values, (value) => value / (1 - beta1));
    return {
      loss,
      users: scaled(after.users.firstMoment, userBeta1),
      items: scaled(after.items.firstMoment, BETA_1),
    };
  }

  function expectGradients(
    gradients: { users: ArrayLike<number>; items: ArrayLike<number> },
    loss: (users: ArrayLike<number>, items: ArrayLike<number>) => number,
  ): void {
    const { users: x, items: y } = state;
    const byUsers = numericGradient((moved) => loss(moved, y.factors), x.factors);
    const byItems = numericGradient((moved) => loss(x.factors, moved), y.factors);
    expect(relativeError(gradients.users, byUsers), `seed ${seed}`).toBeLessThan(1e-3);
    expect(relativeError(gradients.items, byItems), `seed ${seed}`).toBeLessThan(1e-3);
  }

  it('of CCL', () => {
    const pool = Int32Array.from({ length: 15 }, (_, at) => at * 2);
    const lossOf = (x: ArrayLike<number>, y: ArrayLike<number>): number => {
      let sum = 0;
      for (const user of users) {
        for (const item of ownOf(user)) {
          sum += 1 - cosine(rowOf(x, user), rowOf(y, item));
          for (const other of pool) {
            if (ownOf(user).includes(other)) continue;
            sum += (4 / pool.length) * Math.max(0, cosine(rowOf(x, user), rowOf(y, other)) - 0.2);
          }
        }
      }
      return sum;
    };
    const gradients = gradientsAfter(
      (engine) => engine.cclStep({ users, pool, margin: 0.2, negativeWeight: 4, ...rates }),
      0,
    );
    expect(gradients.loss).toBeCloseTo(lossOf(state.users.factors, state.items.factors), 4);
    expectGradients(gradients, lossOf);
  });

  it('of BPR', () => {
    const negatives = Int32Array.from({ length: 11 }, () => random.below(ITEMS));
    const lossOf =
      (regularization: number) =>
      (x: ArrayLike<number>, y: ArrayLike<number>): number => {
        let [sum, at] = [0, 0];
        for (const user of users) {
          for (const item of ownOf(user)) {
            const rows = [rowOf(x, user), rowOf(y, item), rowOf(y, negatives[at++]!)] as const;
            sum += Math.log1p(Math.exp(dot(rows[0], rows[2]) - dot(rows[0], rows[1])));
            for (const row of rows) sum += (regularization / 2) * dot(row, row);
          }
        }
        return sum;
      };
    const gradients = gradientsAfter((engine) =>
      engine.bprStep({ users, negatives, candidates: 1, regularization: 0.1, ...rates }),
    );
    expect(gradients.loss).toBeCloseTo(lossOf(0)(state.users.factors, state.items.factors), 4);
    expectGradients(gradients, lossOf(0.1));
  });
});
