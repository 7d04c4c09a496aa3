import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { syntheticMatrix } from '../../../../src/lib/model/bench/synthetic.ts';
import { timeToQuality } from '../../../../src/lib/model/bench/time-to-quality.ts';
import type { GpuContext } from '../../../../src/lib/model/gpu/context.ts';
import { hasGpu, openTestGpu } from '../support/gpu.ts';

describe.skipIf(!hasGpu)('timeToQuality', () => {
  let gpu: GpuContext;
  beforeEach(async () => {
    gpu = await openTestGpu();
  });
  afterEach(() => gpu.destroy());

  it('times each run to the quality it reached, the shared device freed', async () => {
    const told: string[] = [];
    const result = await timeToQuality({
      gpu,
      strengths: syntheticMatrix(3000, 1),
      factors: 4,
      iterations: 3,
      share: 2, // out of reach
      rivals: ['sparse'],
      maxEpochs: 2,
      maxSeconds: 1000,
      sampling: { learningRate: 0.02, batchSize: 512, drawn: 2 },
      onPoint: (name, { iteration }) => told.push(`${name} ${iteration}`),
    });
    expect(told).toEqual(['ials 1', 'ials 2', 'ials 3', 'sparse 1', 'sparse 2']);
    const best = Math.max(...result.ials.map(({ ndcgAt10 }) => ndcgAt10));
    expect(result.target).toBe(2 * best);
    const [sparse] = result.rivals;
    const reached = Math.max(...sparse!.curve.map(({ ndcgAt10 }) => ndcgAt10));
    expect(sparse).toMatchObject({ path: 'sparse', secondsToTarget: null, ratioAt: reached });
    const own = sparse!.curve.find(({ ndcgAt10 }) => ndcgAt10 >= reached)!.seconds;
    const ours = result.ials.find(({ ndcgAt10 }) => ndcgAt10 >= reached)?.seconds;
    if (ours !== undefined) expect(sparse!.ratio).toBeCloseTo(own / ours, 6);
    expect(gpu.bytes).toBe(0);
  });
});
