import { AppError } from '../../errors.ts';
import type { DeviceKind } from '../../types.ts';
import { CpuBackend } from '../backends/cpu.ts';
import { WebGpuBackend } from '../backends/webgpu.ts';
import { openGpu } from '../gpu/open.ts';
import { cpuCeiling, gpuCeiling } from './ceiling.ts';
import type { BenchDevice } from './types.ts';

export interface BenchDeviceOptions {
  readonly kind: DeviceKind;
  /** Threads of the CPU engine. */
  readonly threads: number;
  /** Where WebGPU comes from if not from the browser. */
  readonly gpu?: GPU;
}

/**
 * Opens a device and measures what it does at best (a few seconds). The caller closes it. Rejects with
 * `gpu-unavailable`, and with `input-invalid` for more threads than the engine has.
 */
export async function openBenchDevice({ kind, threads, gpu }: BenchDeviceOptions): Promise<BenchDevice> {
  if (kind === 'cpu') {
    return { backend: await CpuBackend.open({ threads }), gpu: null, threads, ceiling: await cpuCeiling() };
  }
  if (threads !== 1) {
    throw new AppError('input-invalid', `WebGPU is not driven from ${threads} threads.`, {
      values: { threads, max: 1 },
      remedy: 'Leave out --threads, or give --device cpu.',
    });
  }
  const context = await openGpu(gpu);
  const ceiling = await gpuCeiling(context);
  // its dispatches are long and its buffers large on purpose
  context.forgetPeaks();
  return { backend: new WebGpuBackend(context), gpu: context, threads, ceiling };
}
