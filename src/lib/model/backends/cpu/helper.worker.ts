import type { Endpoint } from '../../../rpc/index.ts';
import { serveHelper } from './helper-runtime.ts';

serveHelper(globalThis as unknown as Endpoint);
