import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../../../../src/lib/errors.ts';
import { createRpcClient, serve } from '../../../../src/lib/rpc/index.ts';
import { CpuBackend } from '../../../../src/lib/model/backends/cpu.ts';
import type { BenchProgress } from '../../../../src/lib/model/bench/order.ts';
import type { Devices } from '../../../../src/lib/model/train/devices.ts';
import { ownDevices } from '../../../../src/lib/model/train/own-devices.ts';
import type { TrainingProgress } from '../../../../src/lib/model/train/types.ts';
import { createTrainer, type StartTrainer } from '../../../../src/lib/model/worker/trainer-client.ts';
import type { TrainerService } from '../../../../src/lib/model/worker/trainer-protocol.ts';
import { serveTrainer } from '../../../../src/lib/model/worker/trainer-runtime.ts';
import { plantedCommunity, requestFor } from '../support/planted.ts';

const { columns } = plantedCommunity(120, 30, 3);

/** The runtime behind message ports instead of workers, each with a way to kill it. */
function portTrainers(devices: Devices = ownDevices) {
  const kills: (() => void)[] = [];
  const starts: StartTrainer = (onDeath) => {
    const { port1, port2 } = new MessageChannel();
    const stop = serveTrainer(port2, devices);
    port1.start();
    port2.start();
    const client = createRpcClient<TrainerService>(port1);
    const end = (error: AppError): void => {
      stop();
      port1.close();
      port2.close();
      client.fail(error);
    };
    kills.push(() => {
      const error = new AppError('worker-died', 'Killed.');
      end(error);
      onDeath(error);
    });
    return { client, terminate: (error = new AppError('cancelled', 'Ended.')) => end(error) };
  };
  return { starts, kills };
}

describe('createTrainer over the runtime', () => {
  it('starts its worker at the first call and keeps it', async () => {
    const { starts, kills } = portTrainers();
    const trainer = createTrainer(starts);
    expect(kills).toHaveLength(0);
    expect(await trainer.probe()).toMatchObject({
      webgpu: null,
      reason: { code: 'gpu-unavailable' },
      cpu: { name: (await CpuBackend.open()).name },
    });
    await trainer.train(requestFor(columns, { hyperparameters: { factors: 4, iterations: 1 } }));
    expect(kills).toHaveLength(1);
    trainer.dispose();
  });

  it('measures in the worker, and tells each run', async () => {
    const { starts } = portTrainers();
    const trainer = createTrainer(starts);
    const told: BenchProgress[] = [];
    const order = {
      suite: 'als',
      device: 'cpu',
      ...{ threads: 1, factors: 4, runs: 2, items: 500, cgSteps: 0 },
      data: { type: 'columns', name: 'pack:planted', interactions: columns },
    } as const;
    const measuring = trainer.bench(order, { onProgress: (progress) => told.push(progress) });
    await expect(trainer.train(requestFor(columns))).rejects.toMatchObject({ code: 'input-invalid' });
    expect(await measuring).toMatchObject([
      { suite: 'als', device: 'cpu', data: 'pack:planted', users: 120, items: 30, factors: 4, runs: 2 },
    ]);
    expect(told.map(({ type }) => type)).toEqual(['ceiling', 'run', 'run']);
    trainer.dispose();
  });

  it('passes errors with their code and values', async () => {
    const { starts } = portTrainers();
    const trainer = createTrainer(starts);
    const wrong = requestFor(columns, { hyperparameters: { factors: -1 } });
    await expect(trainer.train(wrong)).rejects.toMatchObject({
      code: 'hyperparameter-invalid',
      values: { name: 'factors' },
    });
    trainer.dispose();
  });

  it('goes on in a new worker from the last checkpoint when the first dies (row 51)', async () => {
    const { starts, kills } = portTrainers();
    const trainer = createTrainer(starts);
    const events: TrainingProgress[] = [];
    // Long enough for a checkpoint after two seconds; then the worker dies.
    const request = requestFor(columns, { hyperparameters: { factors: 4, iterations: 10_000 } });
    const controller = new AbortController();
    let kept = 0;
    await expect(
      trainer.train(request, {
        signal: controller.signal,
        onProgress: (event) => {
          events.push(event);
          if (event.type === 'checkpoint' && kept === 0) {
            kept = event.checkpoint.iteration;
            kills[0]!();
          }
          if (event.type === 'recovered') controller.abort();
        },
      }),
    ).rejects.toMatchObject({ code: 'cancelled' });
    expect(kills).toHaveLength(2);
    expect(events.filter(({ type }) => type === 'started')).toHaveLength(1);
    expect(events.find(({ type }) => type === 'recovered')).toMatchObject({
      reason: { code: 'worker-died' },
      device: 'cpu',
      fromIteration: kept,
    });
    trainer.dispose();
  });

  it('gives up after a second death, and starts again for the next call', async () => {
    const { starts, kills } = portTrainers();
    const trainer = createTrainer(starts);
    const request = requestFor(columns, { hyperparameters: { factors: 4, iterations: 10_000 } });
    await expect(
      trainer.train(request, { onProgress: ({ type }) => type !== 'point' && kills.at(-1)!() }),
    ).rejects.toMatchObject({ code: 'worker-died' });
    expect(kills).toHaveLength(2);
    const short = requestFor(columns, { hyperparameters: { factors: 4, iterations: 1 } });
    expect((await trainer.train(short)).history).toHaveLength(1);
    expect(kills).toHaveLength(3);
    trainer.dispose();
  });
});

describe('a GPU run that falls silent (row 44)', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('is ended after its time and goes on once on the CPU', async () => {
    const requests: string[] = [];
    const starts: StartTrainer = () => {
      const { port1, port2 } = new MessageChannel();
      serve<TrainerService>(port2, {
        probe: () => ownDevices.probe(),
        bench: () => Promise.reject(new AppError('internal', 'Nobody measures here.')),
        experiment: () => Promise.reject(new AppError('internal', 'Nobody compares here.')),
        compare: () => Promise.reject(new AppError('internal', 'Nobody compares here.')),
        train: (request, { progress }) => {
          requests.push(request.device);
          progress({
            type: 'started',
            device: request.device === 'cpu' ? 'cpu' : 'webgpu',
            deviceName: 'GPU',
            fallback: null,
            users: 1,
            items: 1,
            interactions: 1,
            heldOutUsers: 0,
            iterations: 1,
            resumedFrom: 0,
            hyperparameters: {},
            history: [],
            popularityNdcgAt10: 0,
          });
          return request.device === 'cpu'
            ? Promise.reject(new AppError('not-enough-data', 'The end of this test.'))
            : new Promise(() => undefined); // hangs
        },
      });
      port1.start();
      port2.start();
      const client = createRpcClient<TrainerService>(port1);
      return {
        client,
        terminate(error = new AppError('cancelled', 'Ended.')) {
          port1.close();
          client.fail(error);
        },
      };
    };
    const events: TrainingProgress[] = [];
    const running = createTrainer(starts).train(requestFor(columns, { device: 'webgpu' }), {
      onProgress: (event) => events.push(event),
    });
    const ended = expect(running).rejects.toMatchObject({ code: 'not-enough-data' });
    await vi.waitUntil(() => events.length === 1);
    await vi.advanceTimersByTimeAsync(179_000);
    expect(requests).toEqual(['webgpu']);
    await vi.advanceTimersByTimeAsync(1_000);
    await ended;
    expect(requests).toEqual(['webgpu', 'cpu']);
    expect(events[1]).toMatchObject({ type: 'recovered', reason: { code: 'gpu-hang' }, device: 'cpu' });
  });
});
