import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Backend } from '../../../../../src/lib/model/backends/backend.ts';
import { WebGpuBackend } from '../../../../../src/lib/model/backends/webgpu.ts';
import { GpuContext } from '../../../../../src/lib/model/gpu/context.ts';
import { IalsFit } from '../../../../../src/lib/model/ials/fit.ts';
import { ialsHyperparameters } from '../../../../../src/lib/model/ials/hyperparameters.ts';
import { hasGpu, openTestGpu } from '../../support/gpu.ts';
import { randomFactors, randomSparse, relativeError } from '../../support/random-matrices.ts';

const K = 12;
const USERS = 600;
const ITEMS = 450;
/** Matrices in parts of 64 rows, entries in shards of 512, scores of 2 users at a time. */
const CAP_BYTES = 4096;

/** Rows of 0 to 40 entries, and one of nearly all columns, which crosses every shard and part there is. */
const observed = randomSparse(
  Array.from({ length: USERS }, (_, user) => (user === 333 ? ITEMS - 5 : (user * 7) % 41)),
  ITEMS,
  1,
);
const [users, items] = [randomFactors(USERS, K, 2), randomFactors(ITEMS, K, 3)];
const ridges = Float32Array.from({ length: USERS }, (_, user) => 0.1 + (user % 10));

describe.skipIf(!hasGpu)('matrices larger than a binding (fault row 42)', () => {
  let context: GpuContext;
  beforeAll(async () => {
    context = await openTestGpu();
  });
  afterAll(() => context.destroy());

  /** The same computation with the device's own limits, and with a few kB for a binding. */
  const onBoth = async <Result>(
    compute: (backend: Backend) => Promise<Result>,
  ): Promise<[Result, Result]> => {
    const capped = new GpuContext(context.device, context.info, { maxBindingBytes: CAP_BYTES });
    const free = await compute(new WebGpuBackend(context));
    const made = vi.spyOn(context.device, 'createBuffer');
    const results: [Result, Result] = [free, await compute(new WebGpuBackend(capped))];
    expect(Math.max(...made.mock.calls.map(([{ size }]) => size))).toBeLessThanOrEqual(CAP_BYTES);
    made.mockRestore();
    expect(capped.bytes).toBe(0);
    return results;
  };

  it('reads back what was uploaded', async () => {
    const [, capped] = await onBoth(async (backend) => {
      const matrix = backend.upload(USERS, K, users);
      const values = await backend.read(matrix);
      matrix.release();
      return values;
    });
    expect(capped).toEqual(users);
  });

  it.each(['primal', 'dual'] as const)(
    'solves rows as without the limit (short rows: %s)',
    async (shortRows) => {
      const solve = async (backend: Backend): Promise<Float32Array> => {
        const held = {
          observed: backend.uploadSparse(observed),
          fixed: backend.upload(ITEMS, K, items),
          ridge: backend.upload(USERS, 1, ridges),
          solved: backend.upload(USERS, K, new Float32Array(USERS * K).fill(7)),
        };
        const gram = await backend.gram(held.fixed);
        await backend.solveRows({ ...held, gram, unobservedWeight: 0.1 });
        const solved = await backend.read(held.solved);
        for (const matrix of [...Object.values(held), gram]) matrix.release();
        return solved;
      };
      // 16 kB hold the items' factors but not the users' or the entries: rows that cross a shard are there, too
      const expected = await solve(new WebGpuBackend(context, { shortRows: 'primal' }));
      for (const maxBindingBytes of [CAP_BYTES, 24_000]) {
        const capped = new GpuContext(context.device, context.info, { maxBindingBytes });
        const actual = await solve(new WebGpuBackend(capped, { shortRows }));
        expect(relativeError(actual, expected)).toBeLessThan(1e-5);
        expect(capped.bytes).toBe(0);
      }
    },
  );

  it('sums losses and norms as without the limit', async () => {
    const [free, capped] = await onBoth(async (backend) => {
      const held = [
        backend.uploadSparse(observed),
        backend.upload(USERS, K, users),
        backend.upload(ITEMS, K, items),
      ] as const;
      const weights = backend.upload(USERS, 1, ridges);
      const sums = [await backend.observedLoss(...held), await backend.weightedNorm(held[1], weights)];
      for (const matrix of [...held, weights]) matrix.release();
      return sums;
    });
    expect(relativeError(capped, free)).toBeLessThan(1e-6);
  });

  it('ranks as without the limit', async () => {
    const [free, capped] = await onBoth(async (backend) => {
      const held = [backend.upload(USERS, K, users), backend.upload(ITEMS, K, items)] as const;
      const seen = backend.uploadSparse(observed);
      const top = await backend.topK({ users: held[0], itemFactors: held[1], seen, k: 20 });
      for (const matrix of [...held, seen]) matrix.release();
      return top;
    });
    expect(capped).toEqual(free);
  });

  it('gives equal scores to the lower item across parts, and -1 where candidates run out', async () => {
    const [, capped] = await onBoth(async (backend) => {
      const held = [
        backend.upload(1, 1, Float32Array.of(1)),
        backend.upload(
          600,
          1,
          Float32Array.from({ length: 600 }, (_, item) => (item % 300 === 1 ? 5 : 0)),
        ),
      ] as const;
      const everyThird = randomSparse([0], 600, 1);
      const seen = backend.uploadSparse(everyThird);
      const top = await backend.topK({ users: held[0], itemFactors: held[1], seen, k: 4 });
      for (const matrix of [...held, seen]) matrix.release();
      return [...top.items];
    });
    expect(capped).toEqual([1, 301, 0, 2]);
  });

  it('trains as without the limit', async () => {
    const [free, capped] = await onBoth(async (backend) => {
      const fit = IalsFit.start(backend, observed, ialsHyperparameters(observed, { factors: K }), 7);
      let loss = 0;
      for (let iteration = 0; iteration < 3; iteration++) ({ loss } = await fit.iterate());
      fit.dispose();
      return loss;
    });
    expect(capped / free).toBeCloseTo(1, 5);
  });

  it('ends with gpu-out-of-memory where not even one system fits', async () => {
    const capped = new GpuContext(context.device, context.info, { maxBindingBytes: CAP_BYTES });
    const backend = new WebGpuBackend(capped);
    const small = randomSparse([3], 10, 1);
    const held = {
      observed: backend.uploadSparse(small),
      fixed: backend.upload(10, 100, randomFactors(10, 100, 1)),
      ridge: backend.upload(1, 1, Float32Array.of(1)),
      solved: backend.upload(1, 100, new Float32Array(100)),
    };
    await expect(backend.gram(held.fixed)).rejects.toMatchObject({ code: 'gpu-out-of-memory' });
    backend.dispose();
    expect(capped.bytes).toBe(0);
  });
});
