import { AppError } from '../../errors.ts';
import { spawnWorker, type RpcClient, type SpawnedWorker } from '../../rpc/index.ts';
import type { ModelSnapshot } from '../../types.ts';
import type { RecommenderService } from './recommender-protocol.ts';
import url from './recommender.worker.ts?worker&url';

/** The recommender worker as the page uses it. */
export interface RecommenderClient extends Pick<RpcClient<RecommenderService>, 'call'> {
  /** Ends the worker; pending and later calls reject with `cancelled`. */
  dispose(): void;
}

/** Starts the worker; for tests another way to run the service. */
export type StartRecommender = (onDeath: (error: AppError) => void) => SpawnedWorker<RecommenderService>;

const start: StartRecommender = (onDeath) => spawnWorker<RecommenderService>(url, 'recommender', onDeath);

/**
 * Starts the recommender worker. Should it die it is started once more, opens the same catalogue and model again,
 * and answers what was pending: a visitor notices nothing. After a second death calls reject with `worker-died`.
 */
export function createRecommender(startWorker: StartRecommender = start): RecommenderClient {
  let opened: RecommenderService['open']['params'] | null = null;
  let restarts = 0;
  let ready: Promise<RpcClient<RecommenderService>>;
  let worker: SpawnedWorker<RecommenderService>;
  run();

  return {
    async call(method, params, options) {
      let result;
      try {
        result = await (await ready).call(method, params, options);
      } catch (error) {
        // `ready` is the next worker's by now, or still the dead one's after the second death.
        if (!(error instanceof AppError && error.code === 'worker-died')) throw error;
        result = await (await ready).call(method, params, options);
      }
      remember(method, params);
      return result;
    },
    dispose: () => worker.terminate(),
  };

  function run(): void {
    worker = startWorker(() => {
      if (restarts++ === 0) run();
    });
    const { client } = worker;
    ready = opened === null ? Promise.resolve(client) : client.call('open', opened).then(() => client);
    ready.catch(() => undefined); // every call that waits for it hears of it
  }

  function remember(method: string, params: unknown): void {
    if (method === 'open') opened = params as RecommenderService['open']['params'];
    if (method === 'useSnapshot' && opened !== null) {
      opened = { ...opened, snapshot: (params as { snapshot: ModelSnapshot | null }).snapshot };
    }
  }
}
