import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/lib/errors.ts';
import {
  addPoint,
  addRecovery,
  iterationsDone,
  latestNdcg,
  startRun,
} from '../../../src/routes/state/training-run.ts';

const point = (iteration: number, ndcgAt10: number | null = null) => ({
  type: 'point' as const,
  point: { iteration, loss: 1 / iteration, ndcgAt10, seconds: 1 },
  interactionsPerSecond: 1000,
  secondsLeft: 10 - iteration,
  deviceBytes: 4096,
});
const started = {
  type: 'started' as const,
  device: 'webgpu' as const,
  deviceName: 'SwiftShader',
  fallback: null,
  users: 10,
  items: 5,
  interactions: 40,
  heldOutUsers: 2,
  iterations: 8,
  resumedFrom: 0,
  hyperparameters: {},
  history: [],
  popularityNdcgAt10: 0.1,
};

describe('what the page shows of a run', () => {
  it('grows by each point and keeps the newest figures', () => {
    const run = addPoint(addPoint(startRun('ials', started), point(1, 0.2)), point(2));
    expect(iterationsDone(run)).toBe(2);
    expect(latestNdcg(run.history)).toBe(0.2);
    expect(run).toMatchObject({ secondsLeft: 8, interactionsPerSecond: 1000, deviceBytes: 4096 });
  });

  it('goes back to where a recovered run went on from, and shows no iteration twice', () => {
    let run = startRun('ials', started);
    for (const iteration of [1, 2, 3]) run = addPoint(run, point(iteration));
    const reason = new AppError('gpu-lost', 'The GPU is gone.').toWire();
    run = addRecovery(run, {
      type: 'recovered',
      reason,
      device: 'cpu',
      deviceName: 'CPU engine',
      fromIteration: 1,
    });
    expect(iterationsDone(run)).toBe(1);
    expect(run.recoveries[0]!.error.code).toBe('gpu-lost');
    expect(run.device).toBe('cpu');
    expect(run.secondsLeft).toBeNull();
    run = addPoint(run, point(2));
    run = addPoint(run, point(2));
    expect(run.history.map(({ iteration }) => iteration)).toEqual([1, 2]);
  });

  it('carries the reason for the CPU as an error with its code', () => {
    const fallback = new AppError('gpu-unavailable', 'No adapter.').toWire();
    expect(startRun('ials', { ...started, device: 'cpu', fallback }).fallback?.code).toBe('gpu-unavailable');
  });
});
