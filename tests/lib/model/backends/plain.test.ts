import { PlainBackend } from '../../../../src/lib/model/backends/plain.ts';
import { describeBackend } from './backend-suite.ts';

describeBackend('PlainBackend', true, () => Promise.resolve(new PlainBackend()));
