import { describe, expect, it } from 'vitest';
import { ADAM } from '../../../../src/lib/model/gradient/adam.ts';
import { UserBlocks } from '../../../../src/lib/model/gradient/blocks.ts';
import { CpuLogisticEngine } from '../../../../src/lib/model/gradient/engine-cpu.ts';
import type { LogisticState } from '../../../../src/lib/model/gradient/engine.ts';
import {
  blankLoss,
  logisticHyperparameters,
  type LogisticHyperparameters,
} from '../../../../src/lib/model/gradient/hyperparameters.ts';
import type { CsrMatrix } from '../../../../src/lib/model/matrix/csr.ts';
import { normalMatrix } from '../../../../src/lib/model/matrix/random.ts';

/** Three users, the middle one without interactions; one dislike. */
const strengths: CsrMatrix = {
  rows: 3,
  columns: 4,
  indptr: Int32Array.from([0, 2, 2, 4]),
  indices: Int32Array.from([0, 2, 1, 3]),
  data: Float32Array.from([3, -2, 5, 1]),
};
const hyper: LogisticHyperparameters = {
  factors: 3,
  alpha: 0.5,
  unobservedWeight: 0.25,
  intercept: -0.6,
  regularization: 0.7,
  learningRate: 0.01,
  iterations: 1,
};

function freshState(scale = 0.5): LogisticState {
  const userFactors = normalMatrix(3, 3, scale, 1);
  const itemFactors = normalMatrix(4, 3, scale, 2);
  return {
    userFactors,
    itemFactors,
    optimizer: {
      userFirstMoment: new Float32Array(9),
      userSecondMoment: new Float32Array(9),
      itemFirstMoment: new Float32Array(12),
      itemSecondMoment: new Float32Array(12),
    },
  };
}

/** The objective as it is written down: users 0 and 2, every cell, straight from the formula. */
function objective(users: ArrayLike<number>, items: ArrayLike<number>): number {
  const dense = [
    [3, 0, -2, 0],
    [0, 5, 0, 1],
  ];
  let sum = 0;
  [0, 2].forEach((user, row) => {
    for (let item = 0; item < 4; item++) {
      let x = -0.6;
      for (let f = 0; f < 3; f++) x += users[user * 3 + f]! * items[item * 3 + f]!;
      const strength = dense[row]![item]!;
      const probability = 1 / (1 + Math.exp(-x));
      const weight = strength === 0 ? 0.25 : 0.5 * Math.abs(strength);
      sum -= weight * Math.log(strength > 0 ? probability : 1 - probability);
    }
    for (let f = 0; f < 3; f++) sum += (0.7 / 2) * users[user * 3 + f]! ** 2;
  });
  for (let index = 0; index < 12; index++) sum += (0.7 / 2) * items[index]! ** 2;
  return sum;
}

async function stepped(state: LogisticState): Promise<{ after: LogisticState; loss: number }> {
  const blocks = new UserBlocks(strengths, hyper, 1);
  expect(blocks.count).toBe(1);
  const engine = new CpuLogisticEngine(blocks, hyper, { state, epochs: 0 });
  const cells = new Float32Array(blocks.rows * blocks.items);
  blocks.fill(0, cells);
  await engine.step(0, cells);
  return { after: await engine.read(), loss: await engine.takeLoss() };
}

describe('CpuLogisticEngine', () => {
  it('counts the objective at the factors a step met', async () => {
    const state = freshState();
    const { loss } = await stepped(state);
    expect(loss).toBeCloseTo(objective(state.userFactors, state.itemFactors), 6);
  });

  it('has the gradient that differences of the objective give', async () => {
    const state = freshState();
    const { after } = await stepped(state);
    // After the first step the first moment is (1 − β1) times the gradient.
    const h = 1e-5;
    for (const side of ['userFactors', 'itemFactors'] as const) {
      const moments =
        side === 'userFactors' ? after.optimizer.userFirstMoment : after.optimizer.itemFirstMoment;
      state[side].forEach((value, index) => {
        const moved = (by: number): number => {
          const values = Float64Array.from(state[side]);
          values[index] = value + by;
          return side === 'userFactors'
            ? objective(values, state.itemFactors)
            : objective(state.userFactors, values);
        };
        const gradient = (moved(h) - moved(-h)) / (2 * h);
        const isEmptyUser = side === 'userFactors' && Math.floor(index / 3) === 1;
        expect(moments[index]! / (1 - ADAM.beta1)).toBeCloseTo(isEmptyUser ? 0 : gradient, 4);
      });
    }
  });

  it('does not touch the caller’s state, nor users without interactions', async () => {
    const state = freshState();
    const copy = structuredClone(state);
    const { after } = await stepped(state);
    expect(state).toEqual(copy);
    expect(after.userFactors.slice(3, 6)).toEqual(state.userFactors.slice(3, 6));
  });

  it('refuses to give out what is not finite', async () => {
    const state = freshState();
    state.itemFactors[0] = NaN;
    await expect(stepped(state)).rejects.toMatchObject({ code: 'training-diverged' });
  });
});

describe('hyper-parameters of the logistic model', () => {
  it('come from the data: mean confidence 1, unobserved cells four times the observed, their log-odds', () => {
    const { alpha, unobservedWeight } = logisticHyperparameters(strengths, {});
    expect(alpha * (3 + 2 + 5 + 1)).toBeCloseTo(4, 12);
    expect(unobservedWeight).toBe(1); // 4 · 4 / 4 open cells, at most 1
    const sparse = logisticHyperparameters({ ...strengths, columns: 4_000 }, {});
    expect(sparse.unobservedWeight * (2 * 4_000 - 4)).toBeCloseTo(4 * 4, 10);
    expect(sparse.intercept).toBeCloseTo(Math.log((alpha * 9) / (alpha * 2 + 4 * 4)), 10);
    expect(logisticHyperparameters(strengths, { intercept: 0 }).intercept).toBe(0);
  });

  it('give a blank loss that is the objective of zero factors', () => {
    const zeros = new Float32Array(12);
    expect(blankLoss(strengths, hyper)).toBeCloseTo(objective(zeros, zeros) / 4, 6);
  });
});
