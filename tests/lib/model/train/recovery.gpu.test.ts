import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../src/lib/errors.ts';
import { DevicePolicy, type Devices, type TrainingDevice } from '../../../../src/lib/model/train/devices.ts';
import { ownDevices } from '../../../../src/lib/model/train/own-devices.ts';
import { train } from '../../../../src/lib/model/train/train.ts';
import type { TrainingProgress, TrainRequest } from '../../../../src/lib/model/train/types.ts';
import { verifyCheckpoint, verifySnapshot } from '../../../../src/lib/model/snapshot.ts';
import { MODEL_KINDS } from '../../../../src/lib/types.ts';
import { hasGpu } from '../support/gpu.ts';
import { plantedCommunity, requestFor } from '../support/planted.ts';

const { columns } = plantedCommunity(300, 60, 4);

async function run(request: TrainRequest, devices: Devices, onProgress?: (event: TrainingProgress) => void) {
  const progress: TrainingProgress[] = [];
  const result = await train(request, {
    devices: new DevicePolicy(devices),
    onProgress: (event) => {
      progress.push(event);
      onProgress?.(event);
    },
  });
  const recoveries = progress.filter((event) => event.type === 'recovered');
  return { ...result, progress, recoveries };
}

/** Our own devices, with a hand on each GPU that was opened. */
function watchedDevices(): Devices & { readonly opened: TrainingDevice[] } {
  const opened: TrainingDevice[] = [];
  return {
    ...ownDevices,
    opened,
    async openGpu() {
      const device = await ownDevices.openGpu();
      opened.push(device);
      return device;
    },
  };
}

describe.skipIf(!hasGpu).each(MODEL_KINDS)('train %s on WebGPU', (model) => {
  const hyperparameters = model === 'ials' ? { factors: 8, iterations: 8 } : { factors: 8, iterations: 12 };
  const request = requestFor(columns, { model, hyperparameters, device: 'webgpu' });

  it('gives the quality that the CPU gives: NDCG@10 within .005', async () => {
    const gpu = await run(request, ownDevices);
    const cpu = await run({ ...request, device: 'cpu' }, ownDevices);
    expect(gpu.snapshot).toMatchObject({ device: 'webgpu' });
    expect(cpu.snapshot).toMatchObject({ device: 'cpu' });
    expect(Math.abs(gpu.snapshot.quality.ndcgAt10 - cpu.snapshot.quality.ndcgAt10)).toBeLessThan(0.005);
    expect(gpu.snapshot.quality.ndcgAt10).toBeGreaterThan(2 * gpu.snapshot.quality.popularityNdcgAt10);
  });

  it('rebuilds a device that is destroyed in the middle, and finishes with the same model (rows 45, 46)', async () => {
    const devices = watchedDevices();
    const whole = await run(request, ownDevices);
    const broken = await run(request, devices, (event) => {
      if (event.type === 'point' && event.point.iteration === 4 && devices.opened.length === 1) {
        devices.opened[0]!.gpu!.device.destroy();
      }
    });
    expect(broken.recoveries).toMatchObject([{ device: 'webgpu', reason: { code: 'gpu-lost' } }]);
    expect(devices.opened).toHaveLength(2);
    await verifySnapshot(broken.snapshot);
    for (const event of broken.progress) {
      if (event.type === 'checkpoint') await verifyCheckpoint(event.checkpoint);
    }
    expect(broken.history.map(({ iteration }) => iteration)).toEqual(
      whole.history.map(({ iteration }) => iteration),
    );
    expect(Math.abs(broken.snapshot.quality.ndcgAt10 - whole.snapshot.quality.ndcgAt10)).toBeLessThan(0.005);
  });

  it('takes the CPU after a second loss, and stays there for the next run (row 47)', async () => {
    const devices = watchedDevices();
    const policy = new DevicePolicy(devices);
    const progress: TrainingProgress[] = [];
    const { snapshot } = await train(request, {
      devices: policy,
      onProgress: (event) => {
        progress.push(event);
        if (event.type === 'point') devices.opened.at(-1)!.gpu!.device.destroy();
      },
    });
    expect(progress.filter(({ type }) => type === 'recovered')).toMatchObject([
      { device: 'webgpu' },
      { device: 'cpu' },
    ]);
    expect(snapshot.device).toBe('cpu');
    expect(devices.opened).toHaveLength(2);
    const again: TrainingProgress[] = [];
    await train(
      { ...request, device: 'auto' },
      { devices: policy, onProgress: (event) => again.push(event) },
    );
    expect(again[0]).toMatchObject({ type: 'started', device: 'cpu', fallback: { code: 'gpu-lost' } });
    expect(devices.opened).toHaveLength(2);
  });

  it('goes to the CPU where a shader does not compile (row 41)', async () => {
    const devices: Devices = {
      ...ownDevices,
      async openGpu() {
        const device = await ownDevices.openGpu();
        const compile = device.gpu!.device.createShaderModule.bind(device.gpu!.device);
        device.gpu!.device.createShaderModule = (descriptor) =>
          compile({ ...descriptor, code: `${descriptor.code}\nfn broken( {` });
        return device;
      },
    };
    const { recoveries, snapshot } = await run({ ...request, device: 'auto' }, devices);
    expect(recoveries).toMatchObject([{ device: 'cpu' }]);
    expect(snapshot.device).toBe('cpu');
    await verifySnapshot(snapshot);
  });

  it('keeps a checkpoint of WebGPU that the CPU goes on from', async () => {
    const controller = new AbortController();
    const checkpoints: TrainingProgress[] = [];
    const long = { ...request, hyperparameters: { ...hyperparameters, iterations: 400 } };
    await expect(
      train(long, {
        devices: new DevicePolicy(ownDevices),
        signal: controller.signal,
        onProgress: (event) => {
          if (event.type !== 'checkpoint') return;
          checkpoints.push(event);
          controller.abort();
        },
      }),
    ).rejects.toMatchObject({ code: 'cancelled' });
    const [kept] = checkpoints;
    if (kept?.type !== 'checkpoint') throw new Error('No checkpoint came.');
    const { iteration } = kept.checkpoint;
    const resumed: TrainingProgress[] = [];
    const stop = new AbortController();
    await expect(
      train(
        { ...long, device: 'cpu', checkpoint: kept.checkpoint },
        {
          devices: new DevicePolicy(ownDevices),
          signal: stop.signal,
          onProgress: (event) => {
            resumed.push(event);
            if (event.type === 'point') stop.abort();
          },
        },
      ),
    ).rejects.toMatchObject({ code: 'cancelled' });
    expect(resumed[0]).toMatchObject({ type: 'started', device: 'cpu', resumedFrom: iteration });
    const next = resumed.find((event) => event.type === 'point');
    expect(next?.point.loss).toBeLessThanOrEqual(1.01 * kept.checkpoint.history.at(-1)!.loss);
  });
});

describe('devices that cannot be had (rows 39, 40)', () => {
  const refused: Devices = {
    ...ownDevices,
    openGpu: () => Promise.reject(new AppError('gpu-unavailable', 'No adapter.')),
  };

  it('falls back to the CPU and says why', async () => {
    const { progress, snapshot } = await run(
      requestFor(columns, { device: 'auto', hyperparameters: { factors: 4, iterations: 2 } }),
      refused,
    );
    expect(progress[0]).toMatchObject({
      type: 'started',
      device: 'cpu',
      fallback: { code: 'gpu-unavailable', message: 'No adapter.' },
    });
    expect(snapshot.device).toBe('cpu');
  });

  it('rejects where WebGPU was asked for by name', async () => {
    await expect(run(requestFor(columns, { device: 'webgpu' }), refused)).rejects.toMatchObject({
      code: 'gpu-unavailable',
    });
  });
});
