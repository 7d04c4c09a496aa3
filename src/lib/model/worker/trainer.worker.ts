import type { Endpoint } from '../../rpc/index.ts';
import { ownDevices } from '../train/own-devices.ts';
import { serveTrainer } from './trainer-runtime.ts';

serveTrainer(globalThis as unknown as Endpoint, ownDevices);
