import type { Backend } from '../backends/backend.ts';
import { CpuBackend } from '../backends/cpu.ts';
import { PlainBackend } from '../backends/plain.ts';
import { WebGpuBackend } from '../backends/webgpu.ts';
import { adapterName } from '../gpu/adapter-name.ts';
import { openGpu, probeGpu } from '../gpu/open.ts';
import type { Devices } from './devices.ts';

/** This machine's devices: WebGPU where the browser has it, and the CPU engine. */
export const ownDevices: Devices = {
  async probe() {
    const found = await probeGpu();
    const backend = await openCpuBackend();
    const cpu = { name: backend.name };
    backend.dispose();
    return 'reason' in found
      ? { webgpu: null, reason: found.reason.toWire(), cpu }
      : { webgpu: { name: adapterName(found.info) }, reason: null, cpu };
  },
  async openGpu() {
    const gpu = await openGpu();
    return { backend: new WebGpuBackend(gpu), gpu };
  },
  async openCpu() {
    return { backend: await openCpuBackend(), gpu: null };
  },
};

/** The engine in WebAssembly; in plain JavaScript where the browser or a header policy has no WebAssembly SIMD. */
async function openCpuBackend(): Promise<Backend> {
  try {
    return await CpuBackend.open();
  } catch {
    return new PlainBackend();
  }
}
