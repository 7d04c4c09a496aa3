import { describe, expect, it } from 'vitest';
import { adamStep } from '../../../../src/lib/model/gradient/adam.ts';

describe('adamStep', () => {
  it('moves by the learning rate in the first step, whatever the gradient’s size', () => {
    const parameters = Float32Array.from([1, 1, 1]);
    const moments = { first: new Float32Array(3), second: new Float32Array(3) };
    adamStep(parameters, Float64Array.from([5, -0.01, 0]), moments, 1, 0.1);
    expect(parameters[0]).toBeCloseTo(0.9, 5);
    expect(parameters[1]).toBeCloseTo(1.1, 4);
    expect(parameters[2]).toBe(1);
  });

  it('follows the recurrence by hand in the second step', () => {
    const parameters = Float32Array.from([0]);
    const moments = { first: new Float32Array(1), second: new Float32Array(1) };
    adamStep(parameters, Float64Array.from([1]), moments, 1, 0.1);
    adamStep(parameters, Float64Array.from([-2]), moments, 2, 0.1);
    const m = 0.9 * 0.1 + 0.1 * -2;
    const v = 0.999 * 0.001 + 0.001 * 4;
    const step = (0.1 * (m / (1 - 0.9 ** 2))) / (Math.sqrt(v / (1 - 0.999 ** 2)) + 1e-7);
    expect(moments.first[0]).toBeCloseTo(m, 7);
    expect(moments.second[0]).toBeCloseTo(v, 7);
    expect(parameters[0]).toBeCloseTo(-0.1 - step, 6);
  });
});
