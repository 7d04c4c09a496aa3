import { AppError } from '../../errors.ts';
import { GpuContext } from './context.ts';
import { gpuUnavailable } from './faults.ts';

/** Limits worth having more of, asked for by name and only as far as the adapter goes (tfjs wants the same). */
const WANTED_LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxComputeWorkgroupSizeX',
  'maxComputeInvocationsPerWorkgroup',
] as const;

/** Features worth having where the adapter has them: the clock that dispatches are sized by. */
const WANTED_FEATURES = ['timestamp-query'] as const satisfies readonly GPUFeatureName[];

/** What a device is asked for. */
type Wishes = Required<Pick<GPUDeviceDescriptor, 'requiredFeatures' | 'requiredLimits'>>;

/**
 * Opens a device on the best adapter: with the adapter's own limits and clock, or with defaults where those are
 * refused. Rejects with `gpu-unavailable` and the reason: no WebGPU, no adapter, no device.
 */
export async function openGpu(gpu: GPU | undefined = findGpu()): Promise<GpuContext> {
  if (gpu === undefined) throw gpuUnavailable('This browser has no WebGPU.');
  try {
    return await openWith(gpu, wishes);
  } catch (error) {
    if (error instanceof AppError) throw error;
  }
  try {
    return await openWith(gpu, () => ({ requiredFeatures: [], requiredLimits: {} }));
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw gpuUnavailable('The graphics adapter gave no device.', error);
  }
}

/** The name of the adapter, or why there is none. Opens no device. */
export async function probeGpu(
  gpu: GPU | undefined = findGpu(),
): Promise<{ readonly info: GPUAdapterInfo } | { readonly reason: AppError }> {
  if (gpu === undefined) return { reason: gpuUnavailable('This browser has no WebGPU.') };
  try {
    return { info: (await adapterOf(gpu)).info };
  } catch (error) {
    return { reason: AppError.from(error, 'gpu-unavailable') };
  }
}

function findGpu(): GPU | undefined {
  // absent where the browser has no WebGPU, and in Node
  return (globalThis.navigator as { readonly gpu?: GPU } | undefined)?.gpu;
}

async function openWith(gpu: GPU, wishesOf: (adapter: GPUAdapter) => Wishes): Promise<GpuContext> {
  // a new adapter each time: one that was asked before may be used up
  const adapter = await adapterOf(gpu);
  const device = await adapter.requestDevice({ label: 'fairshelf', ...wishesOf(adapter) });
  return new GpuContext(device, adapter.info);
}

async function adapterOf(gpu: GPU): Promise<GPUAdapter> {
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null) throw gpuUnavailable('This browser offers no graphics adapter for WebGPU.');
  return adapter;
}

function wishes({ features, limits }: GPUAdapter): Wishes {
  return {
    requiredFeatures: WANTED_FEATURES.filter((name) => features.has(name)),
    requiredLimits: Object.fromEntries(WANTED_LIMITS.map((name) => [name, limits[name]])),
  };
}
