import { CpuBackend } from '../../../../src/lib/model/backends/cpu.ts';
import { describeBackend } from './backend-suite.ts';

describeBackend('CpuBackend', true, () => Promise.resolve(new CpuBackend()));
