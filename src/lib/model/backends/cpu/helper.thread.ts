import { workerData } from 'node:worker_threads';
import type { Endpoint } from '../../../rpc/index.ts';
import { serveHelper } from './helper-runtime.ts';

serveHelper((workerData as { readonly port: Endpoint }).port);
