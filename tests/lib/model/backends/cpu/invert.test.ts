/** The dense half of EASE on the CPU engine: blocks of pivots, and what does not fit. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CpuBackend } from '../../../../../src/lib/model/backends/cpu.ts';
import { PlainBackend } from '../../../../../src/lib/model/backends/plain.ts';
import { Ease } from '../../../../../src/lib/model/ease/fit.ts';
import { gramReference } from '../../../../../src/lib/model/kernels/gram/gram.reference.ts';
import { invertReference } from '../../../../../src/lib/model/kernels/invert/invert.reference.ts';
import { Random } from '../../../../../src/lib/model/matrix/random.ts';
import { randomFactors, randomSparse, relativeError } from '../../support/random-matrices.ts';

let backend: CpuBackend;
beforeAll(async () => (backend = await CpuBackend.open({ threads: 1 })));
afterAll(() => backend.dispose());

/** A random symmetric positive definite matrix of the order, row-major. */
function positiveDefinite(order: number, seed: number): Float32Array<ArrayBuffer> {
  const values = Float32Array.from(gramReference(randomFactors(order, order, seed), order, order));
  for (let row = 0; row < order; row++) values[row * (order + 1)]! += 0.2;
  return values;
}

describe('an inverse in place', () => {
  it('agrees with the reference for orders around whole blocks and strips, whatever they are', async () => {
    const random = new Random(41);
    const orders = [63, 65, 71, 128, 129, ...Array.from({ length: 6 }, () => 1 + random.below(200))];
    for (const order of orders) {
      const values = positiveDefinite(order, order);
      const matrix = backend.upload(order, order, values);
      await backend.invert(matrix);
      const inverse = await backend.read(matrix);
      expect(relativeError(inverse, invertReference(values, order)), `order ${order}`).toBeLessThan(1e-4);
      for (let row = 0; row < order; row++) {
        for (let column = 0; column < row; column++) {
          expect(inverse[row * order + column]).toBe(inverse[column * order + row]);
        }
      }
      matrix.release();
    }
  });

  it('names the pivot that is not above 0, in a later block too', async () => {
    const order = 150;
    const values = positiveDefinite(order, 3);
    // row and column 100 as row and column 20: their difference has no length
    for (let at = 0; at < order; at++) values[100 * order + at] = values[20 * order + at]!;
    for (let at = 0; at < order; at++) values[at * order + 100] = values[at * order + 20]!;
    values[100 * order + 100] = values[20 * order + 20]! - 0.01;
    const matrix = backend.upload(order, order, values);
    const held = backend.deviceBytes;
    await expect(backend.invert(matrix)).rejects.toMatchObject({
      code: 'matrix-not-positive-definite',
      values: { row: 100 },
    });
    expect(backend.deviceBytes).toBe(held);
    matrix.release();
  });

  it('stops when cancelled, and keeps nothing', async () => {
    const matrix = backend.upload(300, 300, positiveDefinite(300, 4));
    const held = backend.deviceBytes;
    await expect(backend.invert(matrix, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
    expect(backend.deviceBytes).toBe(held);
    matrix.release();
  });
});

describe('EASE on the CPU engine', () => {
  it('has the weights of the 64-bit engine', async () => {
    const lengths = Array.from({ length: 400 }, (_, user) => 3 + (user % 20));
    const interactions = randomSparse(lengths, 150, 5);
    const [own, reference] = [
      await Ease.fit(backend, interactions, { regularization: 20 }),
      await Ease.fit(new PlainBackend(), interactions, { regularization: 20 }),
    ];
    expect(relativeError(own.weights, reference.weights)).toBeLessThan(1e-4);
    expect(backend.deviceBytes).toBe(0);
  });

  it('says how many items fit where a catalogue is too large', async () => {
    const items = 40_000;
    const fitting = Ease.fit(backend, randomSparse([3, 2], items, 6), { regularization: 1 });
    await expect(fitting).rejects.toMatchObject({ code: 'gpu-out-of-memory' });
    const error = await fitting.catch((caught: unknown) => caught as { values: object; remedy: string });
    expect(error).toMatchObject({ values: { items, limit: 32_767 } });
    expect((error as { remedy: string }).remedy).toContain('at most 32767');
    expect(backend.deviceBytes).toBe(0);
  });
});
