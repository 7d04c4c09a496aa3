import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { splitDataset } from '../../../../src/lib/model/evaluate/splits.ts';
import { datasetOf } from '../../../../src/lib/model/evaluate/dataset.ts';
import { closeDevice, type TrainingDevice } from '../../../../src/lib/model/train/devices.ts';
import { openDevice } from '../../../../src/lib/model/zoo/device.ts';
import { runExperiment, valuesOf } from '../../../../src/lib/model/zoo/experiment.ts';
import { GPU_MODELS } from '../../../../src/lib/model/zoo/model.ts';
import { modelAdapter } from '../../../../src/lib/model/zoo/registry.ts';
import { hasGpu } from '../support/gpu.ts';
import { plantedCommunity } from '../support/planted.ts';

/** How far a metric on WebGPU may be from the CPU's; of those that are no shares, relative to their size. */
const TOLERANCE = 2e-3;

/** Enough to learn something in seconds. */
const BRIEF: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  ials: { factors: 8, iterations: 8 },
  logistic: { factors: 8, iterations: 8, learningRate: 0.05 },
  ncf: { factors: 8, iterations: 8, learningRate: 0.05 },
};

/** Planted tastes; where `rated`, 5 stars in the own group and 2 outside. */
function planted(rated: boolean) {
  const { columns, groupOfUser, groupOfItem } = plantedCommunity(300, 60, 4, { ordersPerUser: 14 });
  const liked = (entry: number): boolean =>
    groupOfUser(columns.user[entry] ?? 0) === groupOfItem(columns.item[entry] ?? 0);
  return datasetOf({
    ...{ users: columns.users, items: columns.items },
    user: Int32Array.from(columns.user),
    item: Int32Array.from(columns.item),
    value: Float32Array.from({ length: columns.length }, (_, entry) => (rated && !liked(entry) ? 2 : 5)),
    time: null,
  }).dataset;
}

describe.skipIf(!hasGpu)('WebGPU against the CPU', () => {
  let gpu: TrainingDevice;
  let cpu: TrainingDevice;
  beforeAll(async () => {
    gpu = await openDevice({ wish: 'webgpu' });
    cpu = await openDevice({ wish: 'cpu' });
  });
  afterAll(() => {
    closeDevice(gpu);
    closeDevice(cpu);
  });

  async function metrics(name: string, rated: boolean, device: TrainingDevice) {
    const dataset = planted(rated);
    const request = {
      adapter: await modelAdapter(name),
      split: splitDataset(dataset, { kind: 'random', seed: 1, share: 0.25, leave: 1 }),
      values: valuesOf(dataset.matrix),
      hyperparameters: BRIEF[name] ?? {},
      ...{ seed: 3, device, ks: [5, 20] },
    };
    return (await runExperiment(request)).evaluation.metrics;
  }

  it.each(
    [...GPU_MODELS].flatMap((name) => [
      { name, rated: false },
      { name, rated: true },
    ]),
  )('$name reaches the same metrics within 2e-3, and the same ones again (rated: $rated)', async (given) => {
    const { name, rated } = given;
    const onGpu = await metrics(name, rated, gpu);
    const onCpu = await metrics(name, rated, cpu);
    expect(gpu.backend.kind).toBe('webgpu');
    expect(Object.keys(onGpu)).toEqual(Object.keys(onCpu));
    for (const [metric, value] of Object.entries(onCpu)) {
      const apart = Math.abs((onGpu[metric] ?? NaN) - value);
      expect(apart, `${metric}: ${onGpu[metric]} on WebGPU, ${value} on the CPU`).toBeLessThanOrEqual(
        TOLERANCE * Math.max(1, Math.abs(value)),
      );
    }
    // a random order gets about .07: something was learned that can differ
    expect(onCpu['ndcg@5']).toBeGreaterThan(0.08);
    // same seed, same device: bit for bit
    expect(await metrics(name, rated, gpu)).toEqual(onGpu);
  });
});
