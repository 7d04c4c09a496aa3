import { openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../../../src/lib/errors.ts';
import type { TrainingProgress, TrainRequest } from '../../../src/lib/model/index.ts';
import { sealCheckpoint, sealSnapshot } from '../../../src/lib/model/snapshot.ts';
import { DATABASE_NAME } from '../../../src/lib/storage/schema.ts';
import { openStorage, type Storage } from '../../../src/lib/storage/index.ts';
import type { ModelSnapshot, PackId, TrainingCheckpoint } from '../../../src/lib/types.ts';
import { watchAutoTrain } from '../../../src/routes/state/auto-train.svelte.ts';
import { KeptModels } from '../../../src/routes/state/kept-models.svelte.ts';
import { TrainingState } from '../../../src/routes/state/training.svelte.ts';
import type { Trainer } from '../../../src/routes/state/training-types.ts';

const PACK = { packId: 'shop' as PackId, fingerprint: 'f'.repeat(64) };
const CHOICE = { model: 'ials', device: 'auto', hyperparameters: {} } as const;
const quality = { users: 5, ndcgAt10: 0.3, recallAt10: 0.2, popularityNdcgAt10: 0.1 };

const snapshotOf = (request: TrainRequest): Promise<ModelSnapshot> =>
  sealSnapshot({
    packId: request.packId,
    packFingerprint: request.packFingerprint,
    model: request.model,
    items: 2,
    factors: 2,
    hyperparameters: {},
    itemFactors: Float32Array.of(1, 0, 0, 1),
    device: 'cpu',
    deviceName: 'CPU engine',
    seed: request.seed,
    iterations: 3,
    interactions: 4,
    trainedAt: 1_700_000_000_000,
    trainSeconds: 1.5,
    quality,
  });

const checkpointOf = (request: TrainRequest, iteration: number): Promise<TrainingCheckpoint> =>
  sealCheckpoint({
    packId: request.packId,
    packFingerprint: request.packFingerprint,
    model: request.model,
    hyperparameters: { factors: 2 },
    seed: request.seed,
    iteration,
    users: 2,
    items: 2,
    factors: 2,
    userFactors: Float32Array.of(1, 2, 3, 4),
    itemFactors: Float32Array.of(1, 0, 0, 1),
    optimizer: {},
    history: [],
    savedAt: 1_700_000_000_000,
  });

const STARTED: TrainingProgress = {
  type: 'started',
  device: 'cpu',
  deviceName: 'CPU engine',
  fallback: null,
  users: 2,
  items: 2,
  interactions: 4,
  heldOutUsers: 1,
  iterations: 3,
  resumedFrom: 0,
  hyperparameters: {},
  history: [],
  popularityNdcgAt10: 0.1,
};

/** A trainer whose run goes on when the test says so. */
class SteppedTrainer implements Trainer {
  readonly requests: TrainRequest[] = [];
  #next: (() => void) | null = null;
  #failure: AppError | null = null;

  probe(): ReturnType<Trainer['probe']> {
    return Promise.resolve({ webgpu: null, reason: null, cpu: { name: 'CPU engine' } });
  }

  async train(
    request: TrainRequest,
    { signal, onProgress }: Parameters<Trainer['train']>[1],
  ): Promise<{ snapshot: ModelSnapshot }> {
    this.requests.push(request);
    onProgress(STARTED);
    onProgress({ type: 'checkpoint', checkpoint: await checkpointOf(request, 1) });
    await new Promise<void>((resolve, reject) => {
      this.#next = resolve;
      signal.addEventListener('abort', () => reject(new AppError('training-cancelled', 'Cancelled.')));
    });
    if (this.#failure !== null) throw this.#failure;
    return { snapshot: await snapshotOf(request) };
  }

  finish(failure: AppError | null = null): void {
    this.#failure = failure;
    this.#next?.();
  }
}

/** Writes behind the storage's back, as a failing disk does. */
async function flipABit(): Promise<void> {
  const database = await openDB(DATABASE_NAME);
  const [stored] = (await database.getAll('snapshots')) as [ModelSnapshot];
  stored.itemFactors[3] = 1.0000001;
  await database.put('snapshots', stored);
  database.close();
}

let storage: Storage;
let trainer: SteppedTrainer;
let served: (ModelSnapshot | null)[];

function open(): TrainingState {
  const kept = new KeptModels({
    storage,
    serve: (snapshot) => {
      served.push(snapshot);
      return Promise.resolve();
    },
  });
  return new TrainingState(
    {
      trainer,
      interactions: () =>
        Promise.resolve({
          users: 2,
          items: 2,
          length: 0,
          user: new Int32Array(),
          item: new Int32Array(),
          kind: new Uint8Array(),
          stars: new Uint8Array(),
          day: new Int32Array(),
        }),
      visitorRow: () => ({ item: Int32Array.of(0), strength: Float32Array.of(3) }),
    },
    kept,
  );
}

async function opened(): Promise<TrainingState> {
  const training = open();
  await training.kept.read(PACK, 'ials');
  return training;
}

/** Until the run waits in the middle, with its first checkpoint kept. */
const inTheMiddle = (training: TrainingState): Promise<void> =>
  vi.waitFor(() => expect(training.kept.checkpointOf('ials')?.iteration).toBe(1));

beforeEach(async () => {
  storage = await openStorage();
  trainer = new SteppedTrainer();
  served = [];
});
afterEach(async () => {
  await storage.eraseEverything();
});

describe('a run', () => {
  it('ends with the model in use and kept, and its checkpoint gone', async () => {
    const training = await opened();
    const run = training.start(CHOICE);
    await inTheMiddle(training);
    expect(training.status).toBe('training');
    trainer.finish();
    await run;
    expect(training.outcome).toEqual({ type: 'done', seconds: 1.5 });
    expect(served).toHaveLength(1);
    expect((await storage.snapshots.get(PACK.packId, 'ials'))?.checksum).toBe(served[0]!.checksum);
    expect(await storage.checkpoints.get(PACK.packId, 'ials')).toBeNull();
    expect(training.status).toBe('idle');
  });

  it('is never joined by a second one', async () => {
    const training = await opened();
    const run = training.start(CHOICE);
    await training.start(CHOICE);
    await inTheMiddle(training);
    expect(trainer.requests).toHaveLength(1);
    trainer.finish();
    await run;
  });

  it('of another tab is waited for, and its model taken over', async () => {
    const [first, second] = [await opened(), await opened()];
    const run = first.start(CHOICE);
    await inTheMiddle(first);
    const waiting = second.start(CHOICE);
    await vi.waitFor(() => expect(second.status).toBe('elsewhere'));
    expect(trainer.requests).toHaveLength(1);
    trainer.finish();
    await Promise.all([run, waiting]);
    expect(second.kept.serving?.checksum).toBe(first.kept.serving?.checksum);
    expect(second.kept.serving).not.toBeNull();
  });

  it('that is cancelled keeps its checkpoint, and a later page goes on from it', async () => {
    const training = await opened();
    const run = training.start(CHOICE);
    await inTheMiddle(training);
    training.cancel();
    await run;
    expect(training.outcome).toEqual({ type: 'cancelled' });
    expect(served).toEqual([]);

    const later = await opened();
    const resumed = later.resume('ials', 'cpu');
    await vi.waitFor(() => expect(trainer.requests).toHaveLength(2));
    expect(trainer.requests[1]).toMatchObject({ hyperparameters: { factors: 2 }, device: 'cpu' });
    expect(trainer.requests[1]!.checkpoint?.iteration).toBe(1);
    await vi.waitFor(() => expect(later.status).toBe('training'));
    later.cancel();
    await resumed;
  });

  it('that fails says why and leaves the model that was in use', async () => {
    const training = await opened();
    const first = training.start(CHOICE);
    await inTheMiddle(training);
    trainer.finish();
    await first;
    const before = training.kept.serving;
    const second = training.start(CHOICE);
    await inTheMiddle(training);
    trainer.finish(new AppError('training-diverged', 'It ran away.'));
    await second;
    expect(training.outcome).toMatchObject({ type: 'failed', error: { code: 'training-diverged' } });
    expect(training.kept.serving).toBe(before);
  });

  it('whose model cannot be kept is used, and said not to be saved', async () => {
    const training = await opened();
    const full = new AppError('storage-quota', 'Full.');
    const put = vi.spyOn(storage.snapshots, 'put').mockRejectedValueOnce(full);
    const run = training.start(CHOICE);
    await inTheMiddle(training);
    trainer.finish();
    await run;
    expect(put).toHaveBeenCalledOnce();
    expect(training.outcome).toEqual({ type: 'not-saved', error: full });
    expect(training.kept.serving).not.toBeNull();
    expect(await storage.checkpoints.get(PACK.packId, 'ials')).not.toBeNull();
  });
});

describe('what was kept', () => {
  const request = {
    packId: PACK.packId,
    packFingerprint: PACK.fingerprint,
    model: 'ials',
    seed: 1,
  } as TrainRequest;

  it('is served without training', async () => {
    const snapshot = await snapshotOf(request);
    await storage.snapshots.put(snapshot);
    const training = open();
    expect((await training.kept.read(PACK, 'ials'))?.checksum).toBe(snapshot.checksum);
    expect(trainer.requests).toHaveLength(0);
  });

  it('is not used with a flipped bit, and counted', async () => {
    const snapshot = await snapshotOf(request);
    await storage.snapshots.put(snapshot);
    await flipABit();
    const training = await opened();
    expect(training.kept.serving).toBeNull();
    expect(training.kept.corrupt).toBe(1);
  });

  it('of another version of the shop is not used', async () => {
    await storage.snapshots.put(await snapshotOf({ ...request, packFingerprint: '0'.repeat(64) }));
    const training = await opened();
    expect(training.kept.serving).toBeNull();
    expect(training.kept.corrupt).toBe(0);
  });
});

describe('training on its own', () => {
  const wishes = { enabled: true, communityStored: true, events: 1, model: 'ials', device: 'auto' } as const;

  it('begins in a quiet moment, and not again once it was stopped', async () => {
    const training = await opened();
    const end = watchAutoTrain(training, () => wishes);
    await vi.waitFor(() => expect(training.status).toBe('training'), 10_000);
    await inTheMiddle(training);
    training.cancel();
    await vi.waitFor(() => expect(training.status).toBe('idle'));
    await new Promise((resolve) => setTimeout(resolve, 7_000));
    expect(trainer.requests).toHaveLength(1);
    end();
  });

  it('does not begin where the visitor does not want it', async () => {
    const training = await opened();
    const end = watchAutoTrain(training, () => ({ ...wishes, enabled: false }));
    await new Promise((resolve) => setTimeout(resolve, 7_000));
    expect(trainer.requests).toHaveLength(0);
    end();
  });
});
