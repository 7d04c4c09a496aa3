import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CpuBackend } from '../../../../src/lib/model/backends/cpu.ts';
import { taskDataset } from '../../../../src/lib/model/experiment/dataset.ts';
import type { TrainingDevice } from '../../../../src/lib/model/train/devices.ts';
import {
  MODEL_NAMES,
  type FitProgress,
  type FittedModel,
  type ModelAdapter,
  type SavedModel,
} from '../../../../src/lib/model/zoo/model.ts';
import { modelAdapter } from '../../../../src/lib/model/zoo/registry.ts';
import { plantedCommunity } from '../support/planted.ts';

const planted = plantedCommunity(60, 24, 3, { ordersPerUser: 6 });
/** Ratings for those who predict stars: the same pairs. */
const interactions = { ...planted.columns, stars: planted.columns.item.map((item) => 1 + (item % 5)) };
const columns = { ...interactions, stars: Uint8Array.from(interactions.stars) };

let device: TrainingDevice;
beforeAll(async () => {
  device = { backend: await CpuBackend.open({ threads: 1 }), gpu: null };
});
afterAll(() => device.backend.dispose());

async function fit(
  adapter: ModelAdapter,
  change: { start?: SavedModel; overrides?: Record<string, number> } = {},
  told: FitProgress[] = [],
): Promise<FittedModel> {
  const { matrix: train, timestamps } = taskDataset(columns, adapter.task).dataset;
  const hyperparameters = adapter.hyperparameters(train, change.overrides ?? {});
  return adapter.fit({
    ...{ train, timestamps, features: null, hyperparameters, seed: 3, device, signal: undefined },
    onProgress: (progress) => void told.push(progress),
    ...(change.start === undefined ? {} : { start: change.start }),
  });
}

describe.each(MODEL_NAMES)('%s', (name) => {
  it('refuses what was damaged', async () => {
    const adapter = await modelAdapter(name);
    const saved = (await fit(adapter)).save();
    for (const [array, { shape, values }] of Object.entries(saved.arrays)) {
      if (values.length === 0) continue;
      const shorter = { ...saved, arrays: { ...saved.arrays, [array]: { shape, values: values.slice(1) } } };
      expect(() => adapter.load(shorter), array).toThrow();
    }
    expect(() => adapter.load({ ...saved, arrays: {} })).toThrow(/damaged|saved/iu);
  });

  it('refuses numbers that are none', async () => {
    const adapter = await modelAdapter(name);
    const { matrix } = taskDataset(columns, adapter.task).dataset;
    const known = Object.keys(adapter.hyperparameters(matrix, {}));
    for (const own of [...known, 'magic']) {
      expect(() => adapter.hyperparameters(matrix, { [own]: NaN }), own).toThrow(
        expect.objectContaining({
          code: 'hyperparameter-invalid',
          values: expect.objectContaining({ name: own }) as object,
        }) as Error,
      );
    }
  });

  it('tells each pass, and goes on where it can', async () => {
    const adapter = await modelAdapter(name);
    const told: FitProgress[] = [];
    const model = await fit(adapter, {}, told);
    if (adapter.budget === null) {
      expect(told).toEqual([]);
      return;
    }
    expect(told).toHaveLength(model.iterations);
    if (!adapter.continues) return;
    const passes = model.hyperparameters[adapter.budget] ?? 0;
    const longer = await fit(adapter, { start: model.save(), overrides: { [adapter.budget]: passes + 2 } });
    expect(longer.scoresOf(5)).not.toEqual(model.scoresOf(5));
  });
});
