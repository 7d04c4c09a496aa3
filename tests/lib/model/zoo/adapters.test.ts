import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CpuBackend } from '../../../../src/lib/model/backends/cpu.ts';
import { taskDataset } from '../../../../src/lib/model/experiment/dataset.ts';
import type { TrainingDevice } from '../../../../src/lib/model/train/devices.ts';
import {
  itemSide,
  type FitProgress,
  type FittedModel,
  type ModelAdapter,
  type SavedModel,
} from '../../../../src/lib/model/zoo/model.ts';
import { AVAILABLE_MODELS, modelAdapter } from '../../../../src/lib/model/zoo/registry.ts';
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

const near = (actual: ArrayLike<number>, expected: ArrayLike<number>): void => {
  expect(actual).toHaveLength(expected.length);
  for (let at = 0; at < expected.length; at++) expect(actual[at]).toBeCloseTo(expected[at] ?? NaN, 4);
};
const history = { item: Int32Array.of(0, 3, 6), strength: Float32Array.of(4, 5, 3) };

describe.each(AVAILABLE_MODELS)('%s', (name) => {
  it('comes back from what it saves, and folds in without any person in it', async () => {
    const adapter = await modelAdapter(name);
    const model = await fit(adapter);
    const saved = structuredClone(model.save());
    const loaded = adapter.load(saved);
    expect(loaded).toMatchObject({ kind: name, users: 60, items: 24 });
    for (const user of [0, 17, 59]) near(loaded.scoresOf(user), model.scoresOf(user));
    near(loaded.foldIn(history), model.foldIn(history));
    const shared = itemSide(saved);
    expect(Object.keys(shared.arrays).filter((array) => array.startsWith('user'))).toEqual([]);
    near(adapter.load(shared).foldIn(history), model.foldIn(history));
  });

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
        expect.objectContaining({ code: 'hyperparameter-invalid' }) as Error,
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
