import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CpuPairEngine } from '../../../../../src/lib/model/gradient/pairs/engine-cpu.ts';
import type { PairEngine, PairState } from '../../../../../src/lib/model/gradient/pairs/engine.ts';
import { TfjsPairEngine } from '../../../../../src/lib/model/gradient/pairs/engine-tfjs.ts';
import { pairEngineFor } from '../../../../../src/lib/model/gradient/pairs/open-engine.ts';
import { PairFit } from '../../../../../src/lib/model/gradient/pairs/fit.ts';
import { PAIR_MODELS } from '../../../../../src/lib/model/gradient/pairs/hyperparameters.ts';
import { PairBatches } from '../../../../../src/lib/model/gradient/pairs/labelled-pairs.ts';
import { GpuContext } from '../../../../../src/lib/model/gpu/context.ts';
import { hasGpu, openTestGpu } from '../../support/gpu.ts';
import { relativeError } from '../../support/random-matrices.ts';
import { twoTastes } from './support.ts';

const pairs = twoTastes(300, 50, 700, 5);
const hyper = {
  factors: 6,
  regularization: 0.02,
  learningRate: 0.02,
  batchSize: 128,
  negatives: 1,
  iterations: 1,
};
const batches = new PairBatches(pairs, hyper.batchSize, hyper.negatives, 1);

async function epochs(engine: PairEngine, count: number): Promise<void> {
  for (let epoch = 0; epoch < count; epoch++) {
    for (const batch of batches.epoch(epoch)) await engine.step(batch);
  }
}

async function startOf(kind: (typeof PAIR_MODELS)[number]): Promise<PairState> {
  const fit = await PairFit.open(kind, pairs, hyper, { seed: 1 });
  return (await fit.state()).state;
}

describe.skipIf(!hasGpu).each(PAIR_MODELS)('TfjsPairEngine, %s', (kind) => {
  let gpu: GpuContext;
  beforeEach(async () => {
    gpu = await openTestGpu();
  });
  afterEach(() => gpu.destroy());

  it('agrees with the CPU engine over three epochs, moments, counts and loss included', async () => {
    const start = await startOf(kind);
    const cpu = new CpuPairEngine(kind, hyper, start);
    const engine = await (await pairEngineFor(gpu))(kind, hyper, start);
    await epochs(cpu, 3);
    await epochs(engine, 3);
    const expected = await cpu.read();
    const actual = await engine.read();
    for (const name of ['users', 'items', 'output'] as const) {
      expect(actual[name].steps).toEqual(expected[name].steps);
      expect(relativeError(actual[name].values, expected[name].values), name).toBeLessThan(1e-3);
      for (const moment of ['first', 'second'] as const) {
        const error = relativeError(actual[name].moments[moment], expected[name].moments[moment]);
        expect(error, `${name} ${moment}`).toBeLessThan(2e-3);
      }
    }
    const loss = await cpu.takeLoss();
    expect(Math.abs((await engine.takeLoss()) - loss) / loss).toBeLessThan(1e-4);
    engine.dispose();
  });

  it('gives the same bits again, keeps memory flat, and leaves no tensor behind', async () => {
    const start = await startOf(kind);
    const before = tf.engine().state.numTensors;
    const results: PairState[] = [];
    for (let run = 0; run < 2; run++) {
      const engine = await TfjsPairEngine.open(gpu, kind, hyper, start);
      await epochs(engine, 1);
      const warm = { tensors: tf.engine().state.numTensors, bytes: engine.deviceBytes };
      await epochs(engine, 3);
      expect(tf.engine().state.numTensors).toBe(warm.tensors);
      expect(engine.deviceBytes).toBeLessThanOrEqual(1.2 * warm.bytes);
      results.push(await engine.read());
      engine.dispose();
    }
    expect(results[1]).toEqual(results[0]);
    expect(tf.engine().state.numTensors).toBe(before);
  });

  it('tells of a device that is lost, and of a table that it cannot bind', async () => {
    const start = await startOf(kind);
    const engine = await TfjsPairEngine.open(gpu, kind, hyper, start);
    gpu.device.destroy();
    await expect(epochs(engine, 1)).rejects.toMatchObject({ code: 'gpu-lost' });
    await expect(engine.read()).rejects.toMatchObject({ code: 'gpu-lost' });
    engine.dispose();
    const small = new GpuContext(gpu.device, gpu.info, { maxBindingBytes: 1000 });
    await expect(TfjsPairEngine.open(small, kind, hyper, start)).rejects.toMatchObject({
      code: 'gpu-out-of-memory',
    });
  });
});
