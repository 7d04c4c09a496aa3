import { describe, expect, it } from 'vitest';
import { openGpu, probeGpu } from '../../../../src/lib/model/gpu/open.ts';

const info = { vendor: 'tested', architecture: 'one', device: '', description: '' } as GPUAdapterInfo;
const features = new Set(['timestamp-query', 'depth-clip-control']);
const limits = { maxBufferSize: 2 ** 30, maxStorageBufferBindingSize: 2 ** 29 } as GPUSupportedLimits;

/** A `navigator.gpu` whose devices are made by `requestDevice`; counts the adapters it hands out. */
function gpuWith(requestDevice: (limits: Record<string, number>) => Promise<GPUDevice>) {
  const asked: Record<string, number>[] = [];
  const askedFeatures: string[][] = [];
  let adapters = 0;
  const gpu = {
    requestAdapter: () => {
      adapters++;
      return Promise.resolve({
        info,
        features,
        limits,
        requestDevice: (descriptor: GPUDeviceDescriptor) => {
          const wanted = { ...descriptor.requiredLimits } as Record<string, number>;
          asked.push(wanted);
          askedFeatures.push([...(descriptor.requiredFeatures ?? [])]);
          return requestDevice(wanted);
        },
      });
    },
  } as unknown as GPU;
  return { gpu, asked, askedFeatures, adapters: () => adapters };
}

function deviceStub(): GPUDevice {
  return {
    lost: new Promise(() => undefined),
    addEventListener: () => undefined,
    features: new Set(),
  } as unknown as GPUDevice;
}

const noAdapter = { requestAdapter: () => Promise.resolve(null) } as unknown as GPU;

describe('openGpu', () => {
  it('asks for the limits of the adapter by name, and tells its name', async () => {
    const { gpu, asked } = gpuWith(() => Promise.resolve(deviceStub()));
    const context = await openGpu(gpu);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ maxBufferSize: 2 ** 30, maxStorageBufferBindingSize: 2 ** 29 });
    expect(context.name).toBe('tested one');
  });

  it('asks for a clock where the adapter has one, and for no other feature', async () => {
    const { gpu, askedFeatures } = gpuWith(() => Promise.resolve(deviceStub()));
    const context = await openGpu(gpu);
    expect(askedFeatures).toEqual([['timestamp-query']]);
    expect(context.longestDispatch).toBeNull();
  });

  it('takes default limits, from a fresh adapter, where more is refused (fault row 40)', async () => {
    const { gpu, asked, askedFeatures, adapters } = gpuWith((wanted) =>
      Object.keys(wanted).length > 0 ? Promise.reject(new Error('no')) : Promise.resolve(deviceStub()),
    );
    await openGpu(gpu);
    expect(asked[1]).toEqual({});
    expect(askedFeatures[1]).toEqual([]);
    expect(adapters()).toBe(2);
  });

  it('says gpu-unavailable where every device is refused (fault row 40)', async () => {
    const { gpu } = gpuWith(() => Promise.reject(new Error('driver is blocked')));
    await expect(openGpu(gpu)).rejects.toMatchObject({ code: 'gpu-unavailable' });
  });

  it('says gpu-unavailable where there is no adapter or no WebGPU (fault row 39)', async () => {
    await expect(openGpu(noAdapter)).rejects.toMatchObject({ code: 'gpu-unavailable' });
    // Node has no navigator.gpu: what a browser without WebGPU looks like
    await expect(openGpu()).rejects.toMatchObject({ code: 'gpu-unavailable' });
  });

  it('says gpu-unavailable where asking for an adapter throws', async () => {
    const gpu = { requestAdapter: () => Promise.reject(new Error('blocked')) } as unknown as GPU;
    await expect(openGpu(gpu)).rejects.toMatchObject({ code: 'gpu-unavailable' });
  });
});

describe('probeGpu', () => {
  it('gives the adapter or the reason, and opens nothing', async () => {
    const { gpu, asked } = gpuWith(() => Promise.resolve(deviceStub()));
    expect(await probeGpu(gpu)).toEqual({ info });
    expect(asked).toHaveLength(0);
    expect(await probeGpu(noAdapter)).toMatchObject({ reason: { code: 'gpu-unavailable' } });
    expect(await probeGpu()).toMatchObject({ reason: { code: 'gpu-unavailable' } });
  });
});
