import { CpuBackend } from '../backends/cpu.ts';
import { WebGpuBackend } from '../backends/webgpu.ts';
import { adapterName } from '../gpu/adapter-name.ts';
import { openGpu, probeGpu } from '../gpu/open.ts';
import type { Devices } from './devices.ts';

/** This machine's devices: WebGPU where the browser has it, and the CPU engine. */
export const ownDevices: Devices = {
  async probe() {
    const found = await probeGpu();
    const cpu = { name: new CpuBackend().name };
    return 'reason' in found
      ? { webgpu: null, reason: found.reason.toWire(), cpu }
      : { webgpu: { name: adapterName(found.info) }, reason: null, cpu };
  },
  async openGpu() {
    const gpu = await openGpu();
    return { backend: new WebGpuBackend(gpu), gpu };
  },
  openCpu: () => ({ backend: new CpuBackend(), gpu: null }),
};
