import { describe, expect, it } from 'vitest';
import { DeepNetwork, fitDeepNetwork } from '../../../../src/lib/model/classify/deep-network.ts';
import { ADAM } from '../../../../src/lib/model/gradient/adam.ts';
import { Random } from '../../../../src/lib/model/matrix/random.ts';
import { drawn, logLoss, sparse } from './support.ts';

/** Labels that no line tells apart: 1 where both coordinates have one sign. */
function checkers(rows: number, seed: number) {
  const random = new Random(seed);
  const data = Float32Array.from({ length: 2 * rows }, () => random.normal());
  const labels = Float32Array.from({ length: rows }, (_, row) =>
    data[2 * row]! * data[2 * row + 1]! > 0 ? 1 : 0,
  );
  return { features: { rows, columns: 2, data }, labels };
}

describe('fitDeepNetwork', () => {
  it('learns what no linear model can', async () => {
    const losses: number[] = [];
    const model = await fitDeepNetwork(
      checkers(1500, 1),
      { epochs: 40, learningRate: 0.01 },
      {
        seed: 1,
        onProgress: ({ loss }) => {
          losses.push(loss);
          return undefined;
        },
      },
    );
    const unseen = checkers(500, 2);
    expect(losses).toHaveLength(40);
    expect(logLoss(model.predict(unseen.features), unseen.labels)).toBeLessThan(0.25);
  });

  it('moves by the gradient of its objective', async () => {
    // no row of zeros, which would stand at the rectifiers' corner
    const examples = checkers(30, 3);
    const hyper = { hidden1: 5, hidden2: 3, regularization: 0.1, batchSize: 30, learningRate: 1e-9 };
    const start = (await fitDeepNetwork(examples, { ...hyper, epochs: 1 }, { seed: 2 })).toState();
    const at = (parameters: Float32Array<ArrayBuffer>): number => {
      const p = DeepNetwork.fromState({ ...start, parameters }).predict(examples.features);
      let ridge = 0;
      parameters.forEach((value, m) => {
        // all but b1, b2 and b3
        const bias = (m >= 10 && m < 15) || (m >= 30 && m < 33) || m === 36;
        if (!bias) ridge += 0.05 * value * value;
      });
      return logLoss(p, examples.labels) + ridge;
    };
    let checkedCount = 0;
    start.parameters.forEach((value, m) => {
      const h = 2e-3;
      const slope =
        (at(start.parameters.with(m, value + h)) - at(start.parameters.with(m, value - h))) / (2 * h);
      const first = start.firstMoment[m]! / (1 - ADAM.beta1);
      // a rectifier that turns within h has no one slope
      if (Math.abs(first - slope) < 2e-3) checkedCount++;
    });
    expect(start.parameters).toHaveLength(37);
    expect(checkedCount).toBeGreaterThan(33);
  });

  it('gives the same numbers for the same seed, for sparse features, and after a stop', async () => {
    const examples = drawn(200, 6, 4);
    const features = sparse(examples.features);
    const whole = await fitDeepNetwork(examples, { epochs: 6 }, { seed: 5 });
    const same = await fitDeepNetwork({ ...examples, features }, { epochs: 6 }, { seed: 5 });
    expect(same.predict(features)).toEqual(whole.predict(features));
    const half = await fitDeepNetwork(examples, { epochs: 3 }, { seed: 5 });
    const resume = structuredClone(half.toState());
    const rest = await fitDeepNetwork(examples, { epochs: 6 }, { seed: 5, resume });
    expect(rest.toState()).toEqual(whole.toState());
    const other = await fitDeepNetwork(examples, { epochs: 6 }, { seed: 6 });
    expect(other.predict(features)).not.toEqual(whole.predict(features));
  });

  it('ends early where the verdict is to stop, with the state it was told of', async () => {
    const examples = drawn(100, 3, 6);
    const states: object[] = [];
    const model = await fitDeepNetwork(
      examples,
      { epochs: 9 },
      {
        seed: 1,
        onProgress: ({ epoch, state }) => {
          states.push(state());
          return epoch === 4 ? 'stop' : undefined;
        },
      },
    );
    expect(states).toHaveLength(4);
    expect(model.toState()).toEqual(states[3]);
    expect(states[0]).not.toEqual(states[3]);
  });

  it('stops when told to, and names what does not fit', async () => {
    const examples = drawn(50, 3, 1);
    await expect(
      fitDeepNetwork(examples, {}, { seed: 1, signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ code: 'cancelled' });
    await expect(fitDeepNetwork(examples, { hidden1: 0 }, { seed: 1 })).rejects.toMatchObject({
      code: 'hyperparameter-invalid',
    });
    const model = await fitDeepNetwork(examples, { epochs: 1 }, { seed: 1 });
    expect(() => model.predict(drawn(3, 4, 1).features)).toThrow('trained on 3 features');
    expect(() => DeepNetwork.fromState({ ...model.toState(), columns: 4 })).toThrow('do not fit together');
  });
});
