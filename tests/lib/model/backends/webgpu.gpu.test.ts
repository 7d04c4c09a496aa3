import { WebGpuBackend } from '../../../../src/lib/model/backends/webgpu.ts';
import { hasGpu, openTestGpu } from '../support/gpu.ts';
import { describeBackend } from './backend-suite.ts';

describeBackend('WebGpuBackend', hasGpu, async () => new WebGpuBackend(await openTestGpu()));
describeBackend(
  'WebGpuBackend, short rows in their entries',
  hasGpu,
  async () => new WebGpuBackend(await openTestGpu(), { shortRows: 'dual' }),
);
