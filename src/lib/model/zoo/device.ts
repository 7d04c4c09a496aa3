import { AppError } from '../../errors.ts';
import { WebGpuBackend } from '../backends/webgpu.ts';
import { openGpu } from '../gpu/open.ts';
import type { TrainingDevice } from '../train/devices.ts';
import { ownDevices } from '../train/own-devices.ts';

export interface DeviceWish {
  readonly wish: 'auto' | 'webgpu' | 'cpu';
  /** Where WebGPU comes from if not from the browser. */
  readonly gpu?: GPU;
}

/**
 * A device to fit on; the caller closes it (`closeDevice`). `fallback` says why `auto` took the CPU. Rejects with a
 * `gpu-…` code where WebGPU was asked for by name and cannot be had.
 */
export async function openDevice({
  wish,
  gpu,
}: DeviceWish): Promise<TrainingDevice & { readonly fallback: AppError | null }> {
  if (wish === 'cpu') return { ...(await ownDevices.openCpu()), fallback: null };
  try {
    const context = await openGpu(gpu);
    return { backend: new WebGpuBackend(context), gpu: context, fallback: null };
  } catch (error) {
    const reason = AppError.from(error, 'gpu-unavailable');
    if (wish === 'webgpu') throw reason;
    return { ...(await ownDevices.openCpu()), fallback: reason };
  }
}
