import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CpuBackend } from '../../../../src/lib/model/backends/cpu.ts';
import { PlainBackend } from '../../../../src/lib/model/backends/plain.ts';
import { WebGpuBackend } from '../../../../src/lib/model/backends/webgpu.ts';
import type { Backend } from '../../../../src/lib/model/backends/backend.ts';
import type { GpuContext } from '../../../../src/lib/model/gpu/context.ts';
import { IalsFit } from '../../../../src/lib/model/ials/fit.ts';
import { ialsHyperparameters } from '../../../../src/lib/model/ials/hyperparameters.ts';
import { evaluateRankings } from '../../../../src/lib/model/evaluate/evaluate.ts';
import { foldedMatrix, holdOutUsers } from '../../../../src/lib/model/evaluate/split.ts';
import { strengthMatrix } from '../../../../src/lib/model/matrix/interactions.ts';
import { plantedCommunity } from '../support/planted.ts';
import { scoreReference } from '../../../../src/lib/model/kernels/top-k/top-k.reference.ts';
import { hasGpu, openTestGpu } from '../support/gpu.ts';
import { randomSparse, relativeError } from '../support/random-matrices.ts';

describe.skipIf(!hasGpu)('iALS on the GPU', () => {
  let context: GpuContext;
  beforeAll(async () => {
    context = await openTestGpu();
  });
  afterAll(() => context.destroy());

  it.each([8, 33])(
    'agrees with the CPU after 30 iterations of %i factors (fault row 49)',
    async (factors) => {
      const strengths = randomSparse(
        Array.from({ length: 150 }, (_, user) => user % 30),
        80,
        factors,
      );
      const hyperparameters = ialsHyperparameters(strengths, { factors });
      const train = async (backend: Backend) => {
        const fit = IalsFit.start(backend, strengths, hyperparameters, 7);
        let loss = 0;
        for (let iteration = 0; iteration < 30; iteration++) ({ loss } = await fit.iterate());
        const { userFactors, itemFactors } = await fit.factors();
        fit.dispose();
        return { loss, predictions: scoreReference(userFactors, itemFactors, factors) };
      };
      const gpu = await train(new WebGpuBackend(context));
      const cpu = await train(await CpuBackend.open({ threads: 1 }));
      expect(relativeError(gpu.predictions, cpu.predictions)).toBeLessThan(1e-4);
      expect(Math.abs(gpu.loss / cpu.loss - 1)).toBeLessThan(1e-4);
    },
  );

  it.each(['primal', 'dual'] as const)(
    'ranks as well as the CPU engine, which solves in 64 bits (short rows: %s)',
    async (shortRows) => {
      const strengths = strengthMatrix(plantedCommunity(500, 300, 12).columns, null);
      const { train, heldOut } = holdOutUsers(strengths, { seed: 1, candidates: strengths.rows });
      const hyperparameters = ialsHyperparameters(train, { factors: 24 });
      const ndcg = async (backend: Backend) => {
        const fit = IalsFit.start(backend, train, hyperparameters, 7);
        for (let iteration = 0; iteration < 8; iteration++) await fit.iterate();
        const folded = foldedMatrix(heldOut, train.columns);
        const held = [await fit.foldIn(folded), backend.uploadSparse(folded)] as const;
        const [users, seen] = held;
        const { items } = await backend.topK({ users, itemFactors: fit.itemFactors, seen, k: 10 });
        for (const matrix of held) matrix.release();
        fit.dispose();
        return evaluateRankings(heldOut, (_, row) => items.subarray(row * 10, (row + 1) * 10), 10).ndcg;
      };
      const cpu = await ndcg(new PlainBackend());
      expect(cpu).toBeGreaterThan(0.1);
      expect(Math.abs((await ndcg(new WebGpuBackend(context, { shortRows }))) - cpu)).toBeLessThan(1e-3);
    },
  );

  it('holds as much after 1,000 kernel steps as after 4 (fault row 50)', async () => {
    const strengths = randomSparse(Array<number>(20).fill(4), 15, 3);
    const backend = new WebGpuBackend(context);
    const fit = IalsFit.start(backend, strengths, ialsHyperparameters(strengths, { factors: 5 }), 7);
    await fit.iterate();
    const held = backend.deviceBytes;
    // two solves and two Gram matrices an iteration
    for (let iteration = 0; iteration < 250; iteration++) await fit.iterate();
    expect(backend.deviceBytes).toBe(held);
    fit.dispose();
    expect(backend.deviceBytes).toBe(0);
  });

  it('ends with gpu-lost, and hands out no factors, when the device goes (fault row 45)', async () => {
    const own = await openTestGpu();
    const strengths = randomSparse(Array<number>(200).fill(9), 90, 4);
    const fit = IalsFit.start(
      new WebGpuBackend(own),
      strengths,
      ialsHyperparameters(strengths, { factors: 16 }),
      7,
    );
    await fit.iterate();
    const running = fit.iterate();
    own.device.destroy();
    await expect(running).rejects.toMatchObject({ code: 'gpu-lost' });
    await expect(fit.factors()).rejects.toMatchObject({ code: 'gpu-lost' });
    fit.dispose();
  });
});
