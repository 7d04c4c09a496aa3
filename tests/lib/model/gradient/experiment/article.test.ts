import { describe, expect, it } from 'vitest';
import { articleExperiment } from '../../../../../src/lib/model/gradient/experiment/article.ts';
import { plantedMatrix } from '../../../../../src/lib/model/gradient/experiment/planted.ts';

const options = { users: 200, items: 150, rank: 2, logOddsDeviation: 20, observed: 0.5 };

describe('plantedMatrix', () => {
  it('parts every cell into train and held-out, about half each', () => {
    const { train, heldOut } = plantedMatrix(options, 1);
    const cells = [train, heldOut].flatMap(({ user, item }) =>
      [...user].map((u, pair) => u * 150 + item[pair]!),
    );
    expect(new Set(cells).size).toBe(200 * 150);
    expect(cells).toHaveLength(200 * 150);
    // 5 deviations of a binomial
    expect(Math.abs(train.user.length - 15_000)).toBeLessThan(5 * Math.sqrt(7500));
  });

  it('draws labels whose log-loss under the truth is the entropy, but for chance', () => {
    const { bayesFloor, truthLogLoss } = plantedMatrix({ ...options, logOddsDeviation: 2 }, 3);
    expect(truthLogLoss / bayesFloor).toBeGreaterThan(0.97);
    expect(truthLogLoss / bayesFloor).toBeLessThan(1.03);
  });

  it('has a floor of π²/3 · density(0) / deviation for large deviations', () => {
    // ∫ H(σ(x)) dx = π²/3. For rank 2 the product of two normal vectors has the Laplace density e^−|z| / 2, so that
    // the density of x at 0 is √2 / (2 · deviation) (its standard deviation is √2 before scaling).
    const deviation = 200;
    const { bayesFloor } = plantedMatrix(
      { users: 600, items: 600, rank: 2, logOddsDeviation: deviation, observed: 0.5 },
      5,
    );
    const expected = (Math.PI ** 2 / 3) * (Math.SQRT2 / (2 * deviation));
    // short vectors, whose cells are uncertain, are few among 600: the floor of one draw varies
    expect(Math.abs(bayesFloor / expected - 1)).toBeLessThan(0.25);
  });

  it('names what it cannot have', () => {
    expect(() => plantedMatrix({ ...options, observed: 1 }, 1)).toThrow(
      'The planted matrix cannot have observed 1.',
    );
    expect(() => plantedMatrix({ ...options, rank: 0 }, 1)).toThrow('The planted matrix cannot have rank 0.');
  });
});

describe('articleExperiment', () => {
  it('comes near the floor with the planted model, and tells the same again', async () => {
    const run = () =>
      articleExperiment(2, {
        planted: options,
        models: ['logistic'],
        epochs: 40,
        goal: 0.3,
        hyperparameters: { batchSize: 256, learningRate: 0.03, regularization: 0.001 },
      });
    const result = await run();
    const [logistic] = result.models;
    expect(logistic!.curve.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 40 }, (_, at) => at + 1));
    const last = logistic!.curve.at(-1)!.heldOutLogLoss;
    expect(last).toBeGreaterThan(result.bayesFloor);
    expect(last).toBeLessThan(2.5 * result.bayesFloor);
    const { epochsToGoal } = logistic!;
    expect(logistic!.curve[epochsToGoal! - 1]!.heldOutLogLoss).toBeLessThanOrEqual(0.3);
    expect((await run()).models).toEqual(result.models);
  });

  it('stops when told to', async () => {
    const stopped = articleExperiment(1, { planted: options, signal: AbortSignal.abort() });
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
  });
});
