import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalMatrix } from '../../../../src/lib/model/matrix/random.ts';
import { principalComponents } from '../../../../src/lib/model/recommend/principal-components.ts';
import { plantedFactors } from './planted.ts';

describe('principal components', () => {
  it('find two planted axes, the wider one first', () => {
    // Points at ±3 along the third coordinate and ±1 along the first.
    const points = Float32Array.of(1, 5, 3, -1, 5, 3, 1, 5, -3, -1, 5, -3);
    const { x, y } = principalComponents(points, 4, 3);
    expect([...x].map(Math.round)).toEqual([1, 1, -1, -1]);
    expect([...y].map(Math.round)).toEqual([1, -1, 1, -1]);
  });

  it('give uncorrelated axes of falling variance in [-1, 1], the same each time', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 3, max: 60 }),
        fc.integer({ min: 2, max: 12 }),
        fc.integer(),
        (rows, width, seed) => {
          const matrix = normalMatrix(rows, width, 1, seed);
          const { x, y } = principalComponents(matrix, rows, width);
          expect(principalComponents(matrix, rows, width)).toEqual({ x, y });
          for (const axis of [x, y]) expect(Math.max(...axis.map(Math.abs))).toBeCloseTo(1, 5);
          const product = x.reduce((sum, value, at) => sum + value * (y[at] ?? 0), 0);
          expect(Math.abs(product) / rows).toBeLessThan(1e-3);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('part the planted tastes', () => {
    const { x, y } = principalComponents(plantedFactors(80, 8), 80, 8);
    const centre = (taste: number): [number, number] => {
      let sums: [number, number] = [0, 0];
      for (let item = taste; item < 80; item += 4)
        sums = [sums[0] + (x[item] ?? 0), sums[1] + (y[item] ?? 0)];
      return [sums[0] / 20, sums[1] / 20];
    };
    const centres = [0, 1, 2, 3].map(centre);
    centres.forEach((a, at) =>
      centres.slice(at + 1).forEach((b) => {
        expect(Math.hypot(a[0] - b[0], a[1] - b[1])).toBeGreaterThan(0.3);
      }),
    );
  });

  it('are zero where nothing varies', () => {
    const { x, y } = principalComponents(new Float32Array(12).fill(2), 4, 3);
    expect([...x, ...y]).toEqual(new Array<number>(8).fill(0));
    expect(principalComponents(new Float32Array(0), 0, 3).x).toHaveLength(0);
    const line = principalComponents(Float32Array.of(1, 2, 3), 3, 1);
    expect([...line.x]).toEqual([-1, 0, 1]);
    expect([...line.y]).toEqual([0, 0, 0]);
  });
});
