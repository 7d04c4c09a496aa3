import { availableParallelism } from 'node:os';
import { MessageChannel, Worker } from 'node:worker_threads';
import { AppError } from '../../../errors.ts';
import { createRpcClient, type Endpoint, type SpawnedWorker } from '../../../rpc/index.ts';
import type { HelperService } from './helper-protocol.ts';
import { script } from './helper.thread.ts?thread-script';

/** Processors that this process may use. */
export const processors = availableParallelism();

/** Starts a helper as a thread of Node. Ends as `spawnWorker` does. */
export function spawnThread(): SpawnedWorker<HelperService> {
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(script, { eval: true, workerData: { port: port2 }, transferList: [port2] });
  const client = createRpcClient<HelperService>(port1 as unknown as Endpoint);
  const end = (error: AppError): void => {
    port1.close();
    client.fail(error);
  };
  const died = (cause: unknown): void =>
    end(new AppError('worker-died', 'A thread of the CPU engine ended.', { cause }));
  worker.on('error', died);
  worker.on('messageerror', died);
  worker.on('exit', died);
  return {
    client,
    terminate(error = new AppError('cancelled', 'A thread of the CPU engine was ended.')) {
      end(error);
      void worker.terminate();
    },
  };
}
