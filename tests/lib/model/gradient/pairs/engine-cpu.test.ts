import { describe, expect, it } from 'vitest';
import { ADAM } from '../../../../../src/lib/model/gradient/adam.ts';
import { CpuPairEngine } from '../../../../../src/lib/model/gradient/pairs/engine-cpu.ts';
import type { PairState } from '../../../../../src/lib/model/gradient/pairs/engine.ts';
import { PAIR_MODELS } from '../../../../../src/lib/model/gradient/pairs/hyperparameters.ts';
import { PairBatches } from '../../../../../src/lib/model/gradient/pairs/labelled-pairs.ts';
import { pairScore } from '../../../../../src/lib/model/gradient/pairs/score.ts';
import type { LazyAdamState } from '../../../../../src/lib/model/gradient/sparse/lazy-adam.ts';
import { normalMatrix } from '../../../../../src/lib/model/matrix/random.ts';
import { twoTastes } from './support.ts';

const hyper = {
  factors: 3,
  regularization: 0.3,
  learningRate: 0.01,
  batchSize: 32,
  negatives: 0,
  iterations: 1,
};
const pairs = twoTastes(7, 5, 20, 1);
/** All pairs, and places without one. */
const batch = [...new PairBatches(pairs, hyper.batchSize, 0, 1).epoch(0)][0]!;

function table(rows: number, columns: number, seed: number): LazyAdamState {
  const values = normalMatrix(rows, columns, 0.7, seed);
  return {
    values,
    moments: { first: new Float32Array(values.length), second: new Float32Array(values.length) },
    steps: new Int32Array(rows),
  };
}

describe.each(PAIR_MODELS)('CpuPairEngine, %s', (kind) => {
  const start = (): PairState => ({
    users: table(7, 3, 1),
    items: table(5, 3, 2),
    output: table(1, kind === 'ncf' ? 4 : 1, 3),
  });

  /** The objective as it is written down, in 64 bits. */
  function objective(users: Float64Array, items: Float64Array, output: Float64Array): number {
    let sum = 0;
    for (let pair = 0; pair < pairs.user.length; pair++) {
      const [user, item] = [3 * pairs.user[pair]!, 3 * pairs.item[pair]!];
      const x = pairScore(kind, users.subarray(user, user + 3), items, item, output);
      const p = 1 / (1 + Math.exp(-x));
      const y = pairs.label[pair]!;
      sum -= pairs.weight![pair]! * (y * Math.log(p) + (1 - y) * Math.log(1 - p));
      for (let f = 0; f < 3; f++) sum += 0.15 * (users[user + f]! ** 2 + items[item + f]! ** 2);
    }
    return sum;
  }

  it('sums the objective, and moves by its gradient', async () => {
    const before = start();
    const engine = new CpuPairEngine(kind, hyper, before);
    await engine.step(batch);
    const parameters = {
      users: Float64Array.from(before.users.values),
      items: Float64Array.from(before.items.values),
      output: Float64Array.from(before.output.values),
    };
    const at = (): number => objective(parameters.users, parameters.items, parameters.output);
    expect(await engine.takeLoss()).toBeCloseTo(at(), 4);
    expect(await engine.takeLoss()).toBe(0);
    const after = await engine.read();
    for (const name of ['users', 'items', 'output'] as const) {
      const values = parameters[name];
      values.forEach((value, index) => {
        const h = 1e-5;
        values[index] = value + h;
        const above = at();
        values[index] = value - h;
        const below = at();
        values[index] = value;
        const slope = name === 'output' && kind === 'logistic' ? 0 : (above - below) / (2 * h);
        // after one step the first moment is (1 − β1) g
        expect(after[name].moments.first[index]! / (1 - ADAM.beta1)).toBeCloseTo(slope, 3);
        const moved = after[name].values[index]! - before[name].values[index]!;
        if (Math.abs(slope) > 1e-3) expect(moved).toBeCloseTo(-Math.sign(slope) * 0.01, 4);
        else expect(Math.abs(moved)).toBeLessThan(0.011);
      });
    }
  });

  it('stops when told to, and finds what is not finite', async () => {
    const engine = new CpuPairEngine(kind, hyper, start());
    await expect(engine.step(batch, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
    const bad = start();
    bad.items.values[4] = NaN;
    expect(() => new CpuPairEngine(kind, hyper, bad).read()).toThrow(
      expect.objectContaining({ code: 'training-diverged' }) as Error,
    );
  });
});
