import { describe, expect, it } from 'vitest';
import { PlainBackend } from '../../../../src/lib/model/backends/plain.ts';
import type { RankRequest } from '../../../../src/lib/model/backends/backend.ts';
import { benchAls } from '../../../../src/lib/model/bench/als.ts';
import { openBenchDevice } from '../../../../src/lib/model/bench/device.ts';
import { benchEase } from '../../../../src/lib/model/bench/ease.ts';
import { benchFoldIn, FOLD_IN_EVENTS } from '../../../../src/lib/model/bench/fold-in.ts';
import { benchGradient } from '../../../../src/lib/model/bench/gradient.ts';
import { syntheticMatrix } from '../../../../src/lib/model/bench/synthetic.ts';
import { benchTopK } from '../../../../src/lib/model/bench/top-k.ts';
import type { BenchDevice, BenchRequest } from '../../../../src/lib/model/bench/types.ts';

const ceiling = { gflops: 1, gbps: 1 };
const strengths = syntheticMatrix(400, 1);
const data = { name: 'tiny', strengths };

function requestOn(backend: PlainBackend, change: Partial<BenchRequest> = {}): BenchRequest {
  const device: BenchDevice = { backend, gpu: null, threads: 1, ceiling };
  return { device, data, factors: 3, cgSteps: 0, runs: 5, ...change };
}

describe.each([
  ['als', benchAls],
  ['topk', benchTopK],
  ['gradient', benchGradient],
] as const)('%s', (suite, run) => {
  it('describes what was measured and leaves nothing on the device', async () => {
    const backend = new PlainBackend();
    const runs: number[] = [];
    const result = await run(requestOn(backend, { onRun: (at) => void runs.push(at) }));
    expect(result).toMatchObject({
      suite,
      device: 'cpu',
      deviceName: backend.name,
      data: 'tiny',
      users: strengths.rows,
      items: strengths.columns,
      interactions: 400,
      factors: 3,
      runs: 5,
      ceiling,
    });
    expect(runs).toEqual([1, 2, 3, 4, 5]);
    expect(result.milliseconds.p99).toBeGreaterThanOrEqual(result.milliseconds.median);
    expect(result.share).toBeGreaterThan(0);
    expect(result.deviceBytes).toBeGreaterThan(0);
    expect(backend.deviceBytes).toBe(0);
  });
});

it.each([benchAls, benchTopK, benchEase, benchGradient])('%o stops when told to', async (run) => {
  const backend = new PlainBackend();
  const stopped = run(requestOn(backend, { signal: AbortSignal.abort() }));
  await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
});

it('fits EASE, which has the items for factors, and leaves nothing on the device', async () => {
  const backend = new PlainBackend();
  const result = await benchEase(requestOn(backend));
  expect(result).toMatchObject({ suite: 'ease', factors: strengths.columns, runs: 5 });
  expect(result.deviceBytes).toBeGreaterThan(0);
  expect(backend.deviceBytes).toBe(0);
});

it('ranks every user, with what they have seen, in batches of one size', async () => {
  const many = syntheticMatrix(20_000, 1);
  const asked: RankRequest[] = [];
  class Watched extends PlainBackend {
    override topK(request: RankRequest) {
      asked.push(request);
      return super.topK(request);
    }
  }
  const wide = { ...many, rows: 5000, indptr: new Int32Array(5001).fill(20_000) };
  wide.indptr.set(many.indptr);
  const result = await benchTopK(
    requestOn(new Watched(), { data: { name: 'wide', strengths: wide }, factors: 1 }),
  );
  // a warm-up, then as many runs as asked for, which is more than the 3 batches of a pass
  expect(asked.map(({ users, seen, k }) => [users.rows, seen?.rows, k])).toEqual(
    Array.from({ length: 6 }, () => [2048, 2048, 20]),
  );
  const total = 2048 / (result.usersPerSecond ?? 0);
  expect(1000 * total).toBeGreaterThan(0);
});

describe('foldin', () => {
  it('folds a visitor of 500 events in against a catalogue of its own size', async () => {
    const results = await benchFoldIn(requestOn(new PlainBackend()), 700);
    expect(results).toMatchObject([
      { suite: 'foldin', items: 700, interactions: FOLD_IN_EVENTS, users: 1, solver: 'cholesky, float' },
    ]);
  });

  it('refuses a catalogue smaller than the history, and another device', async () => {
    await expect(benchFoldIn(requestOn(new PlainBackend()), 499)).rejects.toMatchObject({
      code: 'input-invalid',
      remedy: 'Give --items 500 or more.',
    });
    const backend = Object.assign(Object.create(PlainBackend.prototype) as PlainBackend, { kind: 'webgpu' });
    await expect(benchFoldIn(requestOn(backend), 700)).rejects.toMatchObject({ code: 'input-invalid' });
  });
});

it('opens no device for threads that no engine has', async () => {
  await expect(openBenchDevice({ kind: 'webgpu', threads: 2 })).rejects.toMatchObject({
    code: 'input-invalid',
    message: 'WebGPU is not driven from 2 threads.',
  });
});
