import { CpuBackend } from '../../../../src/lib/model/backends/cpu.ts';
import { describeBackend } from './backend-suite.ts';

describeBackend('CpuBackend on one thread', true, () => CpuBackend.open({ threads: 1 }));
describeBackend('CpuBackend on two threads', true, () => CpuBackend.open({ threads: 2, shareFrom: 0 }));
