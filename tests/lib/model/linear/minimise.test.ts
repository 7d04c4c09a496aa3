import { expect, it } from 'vitest';
import { minimise } from '../../../../src/lib/model/linear/minimise.ts';

const options = { tolerance: 1e-9, maxIterations: 500 };

it('finds the minimum of Rosenbrock’s valley', () => {
  const { point, converged } = minimise(
    (at, gradient) => {
      const [x, y] = [at[0]!, at[1]!];
      gradient[0] = -2 * (1 - x) - 400 * x * (y - x * x);
      gradient[1] = 200 * (y - x * x);
      return (1 - x) ** 2 + 100 * (y - x * x) ** 2;
    },
    Float64Array.from([-1.2, 1]),
    options,
  );
  expect(converged).toBe(true);
  expect(point[0]).toBeCloseTo(1, 8);
  expect(point[1]).toBeCloseTo(1, 8);
});

it('finds the minimum of a badly scaled bowl, and does not move from it', () => {
  const bowl = (at: Float64Array, gradient: Float64Array): number => {
    let value = 0;
    at.forEach((x, m) => {
      const scale = 10 ** m;
      gradient[m] = scale * (x - m);
      value += (scale / 2) * (x - m) ** 2;
    });
    return value;
  };
  const found = minimise(bowl, new Float64Array(6), options);
  found.point.forEach((x, m) => expect(x).toBeCloseTo(m, 7));
  expect(minimise(bowl, found.point, options).iterations).toBe(0);
});

it('says so where the iterations run out, and tells of each', () => {
  const values: number[] = [];
  const result = minimise(
    (at, gradient) => {
      gradient[0] = 4 * (at[0]! - 3) ** 3;
      return (at[0]! - 3) ** 4;
    },
    new Float64Array(1),
    { tolerance: 1e-12, maxIterations: 3, onIteration: (value) => values.push(value) },
  );
  expect(result).toMatchObject({ converged: false, iterations: 3 });
  expect(values).toHaveLength(3);
  expect(result.value).toBeLessThan(values[0]!);
});
