import { describe, expect, it } from 'vitest';
import {
  fitLogisticRegression,
  LogisticRegression,
} from '../../../../src/lib/model/classify/logistic-regression.ts';
import { Cholesky } from '../../../../src/lib/model/linear/cholesky.ts';
import { drawn, sparse } from './support.ts';

const examples = drawn(400, 5, 1);
const LAMBDA = 3;

/** Newton's method on the same objective, with a dense Hessian: another way to the one minimum. */
function newton(): Float64Array {
  const { features, labels } = examples;
  const { rows, columns, data } = features;
  const order = columns + 1;
  const scale = Array.from({ length: columns }, (_, column) => {
    let sum = 0;
    for (let row = 0; row < rows; row++) sum += data[row * columns + column]! ** 2;
    return 1 / Math.sqrt(sum / rows);
  });
  const weights = new Float64Array(order);
  for (let step = 0; step < 30; step++) {
    const gradient = new Float64Array(order);
    const hessian = new Float64Array(order * order);
    for (let column = 0; column < columns; column++) {
      gradient[column] = LAMBDA * weights[column]!;
      hessian[column * order + column] = LAMBDA;
    }
    for (let row = 0; row < rows; row++) {
      const z = [...scale.map((s, column) => s * data[row * columns + column]!), 1];
      const p = 1 / (1 + Math.exp(-z.reduce((sum, value, m) => sum + value * weights[m]!, 0)));
      for (let m = 0; m < order; m++) {
        gradient[m]! += (p - labels[row]!) * z[m]!;
        for (let n = 0; n < order; n++) hessian[m * order + n]! += p * (1 - p) * z[m]! * z[n]!;
      }
    }
    const change = new Cholesky(hessian, order).solve(gradient);
    change.forEach((value, m) => (weights[m]! -= value));
  }
  return weights.map((weight, m) => weight * (scale[m] ?? 1));
}

describe('fitLogisticRegression', () => {
  it('arrives where Newton’s method does', async () => {
    const model = await fitLogisticRegression(examples, { regularization: LAMBDA });
    const { weights, intercept, converged } = model.toState();
    const expected = newton();
    expect(converged).toBe(true);
    weights.forEach((weight, column) => expect(weight).toBeCloseTo(expected[column]!, 5));
    expect(intercept).toBeCloseTo(expected[5]!, 5);
  });

  it('scales the columns as it is told: the fit of columns multiplied beforehand', async () => {
    const { features, labels } = examples;
    const scales = Float64Array.of(2, 0.5, 1, 0, 3);
    const data = features.data.map((value, at) => value * scales[at % 5]!);
    const ones = { scales: new Float64Array(5).fill(1) };
    const beforehand = await fitLogisticRegression({ features: { ...features, data }, labels }, {}, ones);
    const told = await fitLogisticRegression(examples, {}, { scales });
    const expected = beforehand.predict({ ...features, data });
    told.predict(features).forEach((p, row) => expect(p).toBeCloseTo(expected[row]!, 5));
    expect(told.toState().weights[3]).toBe(0);
    await expect(fitLogisticRegression(examples, {}, { scales: new Float64Array(4) })).rejects.toThrow(
      /one for each/,
    );
    await expect(fitLogisticRegression(examples, {}, { scales: scales.map(() => NaN) })).rejects.toThrow(
      /finite/,
    );
  });

  it('is the same for sparse features, and goes on from a state', async () => {
    const dense = await fitLogisticRegression(examples);
    const features = sparse(examples.features);
    const same = await fitLogisticRegression({ ...examples, features });
    same.predict(features).forEach((p, row) => expect(p).toBeCloseTo(dense.predict(features)[row]!, 6));
    const short = await fitLogisticRegression(examples, { maxIterations: 2 });
    expect(short.toState().converged).toBe(false);
    const resume = structuredClone(short.toState());
    const rest = await fitLogisticRegression(examples, {}, { resume });
    expect(rest.toState().intercept).toBeCloseTo(dense.toState().intercept, 5);
    const again = LogisticRegression.fromState(structuredClone(dense.toState()));
    expect(again.predict(features)).toEqual(dense.predict(features));
  });

  it('stays finite where a feature tells the labels apart', async () => {
    const data = Float32Array.from({ length: 40 }, (_, row) => row - 19.5);
    const labels = data.map((value) => (value > 0 ? 1 : 0));
    const model = await fitLogisticRegression(
      { features: { rows: 40, columns: 1, data }, labels },
      { regularization: 1e-6 },
    );
    expect(model.toState().converged).toBe(true);
    expect(model.predict({ rows: 1, columns: 1, data: Float32Array.from([20]) })[0]).toBeGreaterThan(0.99);
  });

  it('names what it is not given rightly', async () => {
    const { features, labels } = examples;
    const refused = async (more: object, message: string, overrides = {}) => {
      await expect(fitLogisticRegression({ ...examples, ...more }, overrides)).rejects.toThrow(message);
    };
    await refused({ labels: labels.slice(1) }, 'one label for each row');
    await refused({ labels: labels.with(7, 2) }, 'The label of row 7');
    await refused({ features: { ...features, data: features.data.with(11, NaN) } }, 'Row 2 of the features');
    const nothing = { rows: 0, columns: 5, data: new Float32Array() };
    await refused({ features: nothing, labels: new Float32Array() }, 'not one example');
    await refused({}, 'regularization must be', { regularization: 0 });
    await refused({}, 'speed is not a hyper-parameter', { speed: 1 });
    const model = await fitLogisticRegression(examples);
    expect(() => model.predict(drawn(3, 4, 1).features)).toThrow('trained on 5 features');
    const cancelled = fitLogisticRegression(examples, {}, { signal: AbortSignal.abort() });
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('can be cancelled while it searches', async () => {
    const stop = new AbortController();
    const onProgress = (): void => stop.abort();
    const running = fitLogisticRegression(drawn(20_000, 5, 2), {}, { signal: stop.signal, onProgress });
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('gives log-odds whose logistic function is the probability', async () => {
    const model = await fitLogisticRegression(examples);
    const odds = model.logOdds(examples.features);
    model.predict(examples.features).forEach((p, row) => {
      expect(p).toBeCloseTo(1 / (1 + Math.exp(-odds[row]!)), 6);
    });
  });
});
