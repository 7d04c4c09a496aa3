import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../src/lib/errors.ts';
import {
  createRecommender,
  type StartRecommender,
} from '../../../../src/lib/model/worker/recommender-client.ts';
import { serveRecommender } from '../../../../src/lib/model/worker/recommender-runtime.ts';
import type { RecommenderService } from '../../../../src/lib/model/worker/recommender-protocol.ts';
import { createRpcClient } from '../../../../src/lib/rpc/index.ts';
import { event, plantedFactors, plantedItems, snapshotOf } from '../recommend/planted.ts';

/** Runs the service without a worker, and can end it as a dying worker would: `spawnWorker`'s order of things. */
function startable(): { start: StartRecommender; kill: () => void; starts: () => number } {
  let starts = 0;
  let kill = (): void => undefined;
  return {
    start(onDeath) {
      starts++;
      const { port1, port2 } = new MessageChannel();
      const stop = serveRecommender(port2);
      port1.start();
      port2.start();
      const client = createRpcClient<RecommenderService>(port1);
      const end = (error: AppError): void => {
        stop();
        port1.close();
        client.fail(error);
      };
      kill = () => {
        const error = new AppError('worker-died', 'Killed.');
        end(error);
        onDeath(error);
      };
      return { client, terminate: (error = new AppError('cancelled', 'Ended.')) => end(error) };
    },
    kill: () => kill(),
    starts: () => starts,
  };
}

describe('recommender client', () => {
  const items = plantedItems(40);
  const snapshot = snapshotOf(plantedFactors(40, 8), 8);
  const events = [event(0), event(4)];

  it('survives one death: same catalogue, same model, pending calls answered (fault row 51)', async () => {
    const { start, kill, starts } = startable();
    const recommender = createRecommender(start);
    await recommender.call('open', { items, snapshot: null });
    await recommender.call('useSnapshot', { snapshot });
    const before = await recommender.call('shelves', { events, length: 5 });

    const pending = recommender.call('shelves', { events, length: 5 });
    kill();
    expect((await pending).shelves).toEqual(before.shelves);
    expect(
      (await recommender.call('explain', { item: before.shelves[0]!.entries[0]!.item, events })).basis,
    ).toBe('factors');
    expect(starts()).toBe(2);
    recommender.dispose();
  });

  it('gives up after the second death', async () => {
    const { start, kill, starts } = startable();
    const recommender = createRecommender(start);
    await recommender.call('open', { items, snapshot: null });
    kill();
    await recommender.call('shelves', { events, length: 5 });
    const pending = recommender.call('shelves', { events, length: 5 });
    kill();
    await expect(pending).rejects.toMatchObject({ code: 'worker-died' });
    await expect(recommender.call('map', null)).rejects.toMatchObject({ code: 'worker-died' });
    expect(starts()).toBe(2);
  });

  it('rejects after dispose, without starting again', async () => {
    const { start, starts } = startable();
    const recommender = createRecommender(start);
    await recommender.call('open', { items, snapshot: null });
    recommender.dispose();
    await expect(recommender.call('map', null)).rejects.toMatchObject({ code: 'cancelled' });
    expect(starts()).toBe(1);
  });
});
