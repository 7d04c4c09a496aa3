import { CpuBackend } from '../../../../src/lib/model/backends/cpu.ts';
import { describeBackend } from './backend-suite.ts';

describeBackend('CpuBackend with a worker of the browser', true, () =>
  CpuBackend.open({ threads: 2, shareFrom: 0 }),
);
