/** What becomes of a call whose helper dies, or cannot be started. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../../../../../src/lib/errors.ts';
import { CpuBackend } from '../../../../../src/lib/model/backends/cpu.ts';
import type { HelperService } from '../../../../../src/lib/model/backends/cpu/helper-protocol.ts';
import { serveHelper } from '../../../../../src/lib/model/backends/cpu/helper-runtime.ts';
import { createRpcClient, type SpawnedWorker } from '../../../../../src/lib/rpc/index.ts';
import { randomFactors, randomSparse, relativeError } from '../../support/random-matrices.ts';

const faults = vi.hoisted(() => ({ refuse: false, dieAt: null as string | null, terminated: 0 }));

vi.mock('../../../../../src/lib/model/backends/cpu/spawn.ts', () => ({
  spawnHelper: (): Promise<SpawnedWorker<HelperService>> => {
    if (faults.refuse) return Promise.reject(new AppError('worker-died', 'No worker here.'));
    const { port1, port2 } = new MessageChannel();
    const stop = serveHelper(port2);
    port2.start();
    const client = createRpcClient<HelperService>(port1);
    port1.start();
    const terminate = (error = new AppError('cancelled', 'Ended.')): void => {
      faults.terminated++;
      stop();
      port1.close();
      client.fail(error);
    };
    return Promise.resolve({
      client: {
        fail: (error) => client.fail(error),
        call: (method, params, options) => {
          const call = client.call(method, params, options);
          if (method === faults.dieAt) client.fail(new AppError('worker-died', 'Struck.'));
          return call;
        },
      },
      terminate,
    });
  },
}));

afterEach(() => Object.assign(faults, { refuse: false, dieAt: null, terminated: 0 }));

function halfIteration(backend: CpuBackend) {
  const [rows, columns, k] = [60, 50, 8];
  const held = {
    observed: backend.uploadSparse(
      randomSparse(
        Array.from({ length: rows }, (_, row) => row % 20),
        columns,
        1,
      ),
    ),
    fixed: backend.upload(columns, k, randomFactors(columns, k, 2)),
    ridge: backend.upload(rows, 1, new Float32Array(rows).fill(0.1)),
    solved: backend.upload(rows, k, new Float32Array(rows * k)),
  };
  return {
    run: async (signal?: AbortSignal) => {
      const gram = await backend.gram(held.fixed);
      await backend.solveRows({ ...held, gram, unobservedWeight: 0.1 }, signal);
      gram.release();
      return backend.read(held.solved);
    },
    release: () => Object.values(held).forEach((matrix) => matrix.release()),
  };
}

describe('a CPU engine with helpers', () => {
  it('gives the same factors as one without, and ends them', async () => {
    const [alone, shared] = [
      await CpuBackend.open({ threads: 1 }),
      await CpuBackend.open({ threads: 3, shareFrom: 0 }),
    ];
    expect(await halfIteration(shared).run()).toEqual(await halfIteration(alone).run());
    shared.dispose();
    await vi.waitFor(() => expect(faults.terminated).toBe(2));
  });

  it('rejects the call at which one dies, and computes alone from then on', async () => {
    const backend = await CpuBackend.open({ threads: 2, shareFrom: 0 });
    const work = halfIteration(backend);
    const expected = await work.run();
    faults.dieAt = 'solve';
    await expect(work.run()).rejects.toMatchObject({ code: 'worker-died' });
    // nearly: the fixed side stands in its eigenbasis by now
    expect(relativeError(await work.run(), expected)).toBeLessThan(1e-5);
    await vi.waitFor(() => expect(faults.terminated).toBe(1));
  });

  it('computes alone where none can be started', async () => {
    faults.refuse = true;
    const backend = await CpuBackend.open({ threads: 2, shareFrom: 0 });
    const work = halfIteration(backend);
    expect((await work.run()).some((value) => value !== 0)).toBe(true);
    work.release();
    expect(backend.deviceBytes).toBe(0);
  });

  it('stops everywhere when cancelled', async () => {
    const backend = await CpuBackend.open({ threads: 2, shareFrom: 0 });
    const work = halfIteration(backend);
    await work.run();
    const controller = new AbortController();
    controller.abort();
    await expect(work.run(controller.signal)).rejects.toMatchObject({ code: 'cancelled' });
    backend.dispose();
  });

  it.each([0, 1.5, -1])('refuses %d threads', async (threads) => {
    await expect(CpuBackend.open({ threads })).rejects.toMatchObject({ code: 'input-invalid' });
  });
});
