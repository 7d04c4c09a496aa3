import { CpuBackend } from '../../../../src/lib/model/backends/cpu.ts';
import { describeBackend } from './backend-suite.ts';

describeBackend('CpuBackend on one thread', true, () => CpuBackend.open());
