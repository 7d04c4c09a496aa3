import { describe, expect, it } from 'vitest';
import type { Backend } from '../../../../src/lib/model/backends/backend.ts';
import { splitDataset } from '../../../../src/lib/model/evaluate/splits.ts';
import { runExperiment, valuesOf } from '../../../../src/lib/model/zoo/experiment.ts';
import { GPU_MODELS, MODEL_NAMES } from '../../../../src/lib/model/zoo/model.ts';
import { modelAdapter } from '../../../../src/lib/model/zoo/registry.ts';
import { randomDataset } from '../evaluate/random-dataset.ts';

const dataset = randomDataset(40, 25, 600, 2);
const split = splitDataset(dataset, { kind: 'random', seed: 1, share: 0.2, leave: 1 });

/** A backend that nobody may ask for anything. */
const untouchable = new Proxy({} as Backend, {
  get: (_, name) => {
    throw new Error(`asked the device for ${String(name)}`);
  },
});

describe('the device', () => {
  it.each(MODEL_NAMES.filter((name) => !GPU_MODELS.has(name)))(
    'has no influence on %s, which never asks it for anything',
    async (name) => {
      const adapter = await modelAdapter(name);
      const device = { backend: untouchable, gpu: null };
      const values = valuesOf(dataset.matrix);
      const request = { adapter, split, values, hyperparameters: {}, seed: 1, device, ks: [5] };
      expect((await runExperiment(request)).evaluation.users.length).toBeGreaterThan(10);
    },
  );
});
