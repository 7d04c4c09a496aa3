import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifySnapshot } from '../../../../src/lib/model/snapshot.ts';
import { createTrainer, type TrainerClient } from '../../../../src/lib/model/worker/trainer-client.ts';
import type { TrainingProgress } from '../../../../src/lib/model/train/types.ts';
import { MODEL_KINDS } from '../../../../src/lib/types.ts';
import { hasGpu } from '../support/gpu.ts';
import { plantedCommunity, requestFor } from '../support/planted.ts';

const { columns } = plantedCommunity(300, 60, 4);

describe('the trainer worker', () => {
  let trainer: TrainerClient;
  beforeEach(() => {
    trainer = createTrainer();
  });
  afterEach(() => trainer.dispose());

  it('reports the devices of this browser', async () => {
    const report = await trainer.probe();
    expect(report.cpu.name).not.toBe('');
    expect(report.webgpu === null).toBe(!hasGpu);
    expect(report.reason === null).toBe(hasGpu);
  });

  it.each(MODEL_KINDS)('trains %s and hands over a model that verifies', async (model) => {
    const progress: TrainingProgress[] = [];
    const request = requestFor(columns, {
      model,
      device: 'auto',
      hyperparameters: { factors: 8, iterations: 6 },
    });
    const { snapshot, history } = await trainer.train(request, {
      onProgress: (event) => progress.push(event),
    });
    await verifySnapshot(snapshot);
    expect(snapshot.device).toBe(hasGpu ? 'webgpu' : 'cpu');
    expect(history).toHaveLength(6);
    expect(progress[0]?.type).toBe('started');
    // The page's columns are still the page's: another run can follow.
    expect(columns.user.byteLength).toBeGreaterThan(0);
  });

  it('refuses a second run while one is on, and takes one after a cancel', async () => {
    const controller = new AbortController();
    let begun: () => void;
    const started = new Promise<void>((resolve) => (begun = resolve));
    const first = trainer.train(requestFor(columns, { hyperparameters: { iterations: 10_000 } }), {
      signal: controller.signal,
      onProgress: () => begun(),
    });
    await started;
    await expect(trainer.train(requestFor(columns))).rejects.toMatchObject({ code: 'input-invalid' });
    controller.abort();
    await expect(first).rejects.toMatchObject({ code: 'cancelled' });
    const short = requestFor(columns, { hyperparameters: { factors: 4, iterations: 1 } });
    expect((await trainer.train(short)).history).toHaveLength(1);
  });

  it('ends a run when disposed', async () => {
    const running = trainer.train(requestFor(columns, { hyperparameters: { iterations: 10_000 } }), {
      onProgress: () => trainer.dispose(),
    });
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    await expect(trainer.train(requestFor(columns))).rejects.toMatchObject({ code: 'cancelled' });
  });
});
