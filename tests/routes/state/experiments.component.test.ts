import { expect, it } from 'vitest';
import type { ExperimentRequest, ExperimentResult, TrainerClient } from '../../../src/lib/model/index.ts';
import type { Storage } from '../../../src/lib/storage/types.ts';
import type { FoldOutcome, InteractionColumns, PackId } from '../../../src/lib/types.ts';
import { Experiments, type ExperimentChoice } from '../../../src/routes/state/experiments.svelte.ts';
import { experiment } from '../../lib/storage/fixtures/records.ts';
import { memoryStorage } from '../support/app.ts';

type Experiment = TrainerClient['experiment'];

const CHOICE: ExperimentChoice = {
  ...{ models: ['mf', 'popularity'], hyperparameters: {}, k: 10, seed: 1, device: 'cpu', tuneSeconds: 60 },
  split: { kind: 'kfold', seed: 1, share: 0.2, leave: 1 },
};
const INTERACTIONS: InteractionColumns = {
  ...{ users: 1, items: 1, length: 0, user: new Int32Array(), item: new Int32Array() },
  ...{ kind: new Uint8Array(), stars: new Uint8Array(), day: new Int32Array() },
};
const OUTCOME: FoldOutcome = {
  ...{ interactions: 4, hyperparameters: {}, iterations: 1, fitSeconds: 1, curve: [], groups: [] },
  metrics: { rmse: { value: 0.9, low: null, high: null } },
  ...{ users: Int32Array.of(0), values: Float32Array.of(0.5) },
};

function experimentsOf(storage: Storage, fit: Experiment): Experiments {
  return new Experiments({
    storage,
    startTrainer: () => ({
      experiment: fit,
      compare: () => Promise.reject(new Error('Nothing to compare in this test.')),
      dispose: () => undefined,
    }),
    interactions: () => Promise.resolve(INTERACTIONS),
    pack: () => ({ packId: 'shop' as PackId, fingerprint: 'a'.repeat(64), name: 'shop' }),
  });
}

function resultOf({ model, split }: ExperimentRequest): ExperimentResult {
  const { data, ...rest } = experiment('x');
  return { ...rest, model, split, data };
}

it('keeps the parts of a cross-validation that are done, and goes on behind them after a reload', async () => {
  const storage = memoryStorage();
  const first: Experiments = experimentsOf(storage, async (_request, options) => {
    options?.onProgress?.({ type: 'fold', fold: 1, of: 5 });
    expect(first.running?.fold).toEqual({ number: 1, of: 5 });
    options?.onProgress?.({ type: 'folded', outcome: OUTCOME });
    options?.onProgress?.({ type: 'fold', fold: 2, of: 5 });
    const trial = { type: 'trial', trials: 1, best: 0.9, secondsLeft: 9, search: '{"of":2}' } as const;
    options?.onProgress?.(trial);
    // in the middle of the second part the tab is closed
    first.pause();
    return await Promise.reject(new DOMException('Stopped.', 'AbortError'));
  });
  await first.start(CHOICE);
  expect(first.error).toBeNull();
  expect(first.waiting).toMatchObject({ models: ['mf', 'popularity'], folds: [OUTCOME], search: '{"of":2}' });

  const asked: ExperimentRequest[] = [];
  const second = experimentsOf(storage, (request) => {
    asked.push(request);
    return Promise.resolve(resultOf(request));
  });
  await second.read();
  await second.resume();
  expect(asked.map(({ model, folds, search }) => [model, folds.length, search])).toEqual([
    ['mf', 1, '{"of":2}'],
    // the next model begins at its first part
    ['popularity', 0, null],
  ]);
  expect(asked[0]?.folds).toEqual([OUTCOME]);
  expect(second.all.map(({ model }) => model)).toEqual(['popularity', 'mf']);
  expect(second.waiting).toBeNull();
  expect(await storage.plans.get()).toBeNull();
});

it('tells how long all parts together take', async () => {
  const experiments: Experiments = experimentsOf(memoryStorage(), async (request, options) => {
    options?.onProgress?.({ type: 'fold', fold: 2, of: 5 });
    options?.onProgress?.({ type: 'started', deviceName: 'CPU', iterations: 10 });
    const point = { iteration: 5, loss: 1, validation: null, seconds: 2 };
    options?.onProgress?.({ type: 'point', point });
    // 2 s of this part, and three parts of 4 s
    expect(experiments.running?.secondsLeft).toBeCloseTo(14, 10);
    return await Promise.resolve(resultOf(request));
  });
  await experiments.start({ ...CHOICE, models: ['mf'] });
  expect(experiments.failures).toEqual([]);
  expect(experiments.all).toHaveLength(1);
});
