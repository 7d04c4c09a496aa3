import { describe, expect, it } from 'vitest';
import type { AppError } from '../../../../src/lib/errors.ts';
import { verifyCheckpoint, verifySnapshot } from '../../../../src/lib/model/snapshot.ts';
import { DevicePolicy } from '../../../../src/lib/model/train/devices.ts';
import { ownDevices } from '../../../../src/lib/model/train/own-devices.ts';
import { train } from '../../../../src/lib/model/train/train.ts';
import type { TrainingProgress, TrainRequest } from '../../../../src/lib/model/train/types.ts';
import { MODEL_KINDS, type InteractionColumns } from '../../../../src/lib/types.ts';
import { plantedCommunity, requestFor } from '../support/planted.ts';

const { columns, groupOfItem } = plantedCommunity(300, 60, 4);

async function run(request: TrainRequest, signal?: AbortSignal) {
  const progress: TrainingProgress[] = [];
  const result = await train(request, {
    devices: new DevicePolicy(ownDevices),
    ...(signal === undefined ? {} : { signal }),
    onProgress: (event) => progress.push(event),
  });
  return { ...result, progress };
}

function nothing(users: number, items: number): InteractionColumns {
  const empty = new Int32Array();
  return {
    users,
    items,
    length: 0,
    user: empty,
    item: empty,
    kind: new Uint8Array(),
    stars: new Uint8Array(),
    day: empty,
  };
}

describe.each(MODEL_KINDS)('train %s on the CPU', (model) => {
  const hyperparameters = model === 'ials' ? { factors: 8 } : { factors: 8, iterations: 12 };

  it('finds the planted tastes, which popularity cannot', async () => {
    const { snapshot, history, progress } = await run(requestFor(columns, { model, hyperparameters }));
    await verifySnapshot(snapshot);
    expect(snapshot.quality.users).toBe(60);
    expect(snapshot.quality.ndcgAt10).toBeGreaterThan(2 * snapshot.quality.popularityNdcgAt10);
    expect(history).toHaveLength(snapshot.iterations);
    expect(history.at(-1)?.ndcgAt10).toBe(snapshot.quality.ndcgAt10);
    expect(history.at(-1)!.loss).toBeLessThan(history[0]!.loss);
    expect(progress[0]).toMatchObject({
      type: 'started',
      device: 'cpu',
      fallback: null,
      users: 301,
      items: 60,
      heldOutUsers: 60,
      resumedFrom: 0,
    });
    expect(progress.filter(({ type }) => type === 'point')).toHaveLength(history.length);
  });

  it('gives the same model for the same request', async () => {
    const request = requestFor(columns, { model, hyperparameters: { factors: 4, iterations: 3 } });
    const [first, second] = [await run(request), await run(request)];
    expect(first.snapshot.itemFactors).toEqual(second.snapshot.itemFactors);
    const other = await run({ ...request, seed: 2 });
    expect(other.snapshot.itemFactors).not.toEqual(first.snapshot.itemFactors);
  });

  it('trains on the visitor’s own row', async () => {
    const item = Int32Array.from([1, 5, 9]);
    const strength = Float32Array.from([5, 5, 5]);
    const request = requestFor(columns, { model, hyperparameters: { factors: 4, iterations: 3 } });
    const without = await run(request);
    const withRow = await run({ ...request, visitor: { item, strength } });
    expect(withRow.snapshot.interactions).toBe(without.snapshot.interactions + 3);
    expect(withRow.snapshot.itemFactors).not.toEqual(without.snapshot.itemFactors);
  });

  // Fault row 52.
  it.each([
    [
      'one event',
      {
        ...nothing(1, 5),
        length: 1,
        user: new Int32Array([0]),
        item: new Int32Array([3]),
        kind: new Uint8Array([6]),
        stars: new Uint8Array(1),
        day: new Int32Array(1),
      },
    ],
    ['everybody buying everything', plantedCommunity(30, 4, 1, { ordersPerUser: 60, noise: 1 }).columns],
  ])('stays finite with %s', async (_, interactions) => {
    const { snapshot } = await run(requestFor(interactions, { model, hyperparameters: { factors: 4 } }));
    expect(snapshot.itemFactors.every(Number.isFinite)).toBe(true);
    expect(snapshot.itemFactors.some((value) => value !== 0)).toBe(true);
    expect(Object.values(snapshot.quality).every(Number.isFinite)).toBe(true);
  });

  it('says that there is not enough data where nobody likes anything', async () => {
    const hidden = { ...columns, kind: new Uint8Array(columns.length).fill(7) };
    for (const interactions of [nothing(0, 5), nothing(3, 5), hidden]) {
      await expect(run(requestFor(interactions, { model }))).rejects.toMatchObject({
        code: 'not-enough-data',
      });
    }
  });

  it.each([
    ['NaN', { factors: NaN }],
    ['0', { factors: 0 }],
    ['half a dimension', { factors: 1.5 }],
    ['a negative weight', { unobservedWeight: -1 }],
    ['an unknown name', { stepsPerSecond: 1 }],
  ])('refuses %s as a hyper-parameter', async (_, wrong) => {
    await expect(run(requestFor(columns, { model, hyperparameters: wrong }))).rejects.toMatchObject({
      code: 'hyperparameter-invalid',
    });
  });

  it('refuses a visitor’s row that is out of order or out of range', async () => {
    for (const item of [[2, 1], [1, 1], [60], [-1]]) {
      const visitor = { item: Int32Array.from(item), strength: new Float32Array(item.length).fill(1) };
      await expect(run(requestFor(columns, { model, visitor }))).rejects.toMatchObject({
        code: 'input-invalid',
      });
    }
  });

  it('stops for a cancel, between two iterations or inside one', async () => {
    for (const after of ['started', 'point'] as const) {
      const controller = new AbortController();
      const seen: string[] = [];
      const running = train(requestFor(columns, { model, hyperparameters: { iterations: 1_000 } }), {
        devices: new DevicePolicy(ownDevices),
        signal: controller.signal,
        onProgress: ({ type }) => {
          seen.push(type);
          if (type === after) controller.abort();
        },
      });
      await expect(running).rejects.toMatchObject({ code: 'cancelled' });
      expect(seen.filter((type) => type === 'point').length).toBeLessThanOrEqual(1);
    }
  });

  it('goes on from a checkpoint to the model that an unbroken run gives', async () => {
    const request = requestFor(columns, { model, hyperparameters: { factors: 4, iterations: 6 } });
    const whole = await run(request);
    const checkpoint = await checkpointAfter(request, 3);
    await verifyCheckpoint(checkpoint);
    const resumed = await run({ ...request, checkpoint });
    expect(resumed.progress[0]).toMatchObject({ type: 'started', resumedFrom: 3 });
    expect(resumed.history.map(({ iteration }) => iteration)).toEqual([1, 2, 3, 4, 5, 6]);
    // what is read back comes out of the engine's own basis: not to the last bit
    whole.snapshot.itemFactors.forEach((value, at) => {
      expect(resumed.snapshot.itemFactors[at]).toBeCloseTo(value, 4);
    });
  });

  it('starts anew from a checkpoint of another run or a damaged one', async () => {
    const request = requestFor(columns, { model, hyperparameters: { factors: 4, iterations: 4 } });
    const checkpoint = await checkpointAfter(request, 2);
    const damaged = { ...checkpoint, iteration: 3 };
    for (const other of [
      { ...request, checkpoint: damaged },
      { ...request, checkpoint, packFingerprint: 'another' },
      { ...request, checkpoint, seed: 2 },
      { ...request, checkpoint, hyperparameters: { factors: 5, iterations: 4 } },
      { ...request, checkpoint, interactions: { ...columns, users: columns.users + 1 } },
    ]) {
      expect((await run(other)).progress[0]).toMatchObject({ type: 'started', resumedFrom: 0 });
    }
  });

  /** Fails the run after some iterations on a device that dies; what was kept is what a page would have saved. */
  async function checkpointAfter(request: TrainRequest, iterations: number) {
    const { state, hyperparameters: used, history } = await stateAfter(request, iterations);
    const { sealCheckpoint } = await import('../../../../src/lib/model/snapshot.ts');
    return sealCheckpoint({
      packId: request.packId,
      packFingerprint: request.packFingerprint,
      model,
      hyperparameters: used,
      seed: request.seed,
      iteration: iterations,
      users: request.interactions.users + 1,
      items: request.interactions.items,
      factors: used['factors']!,
      ...state,
      history,
      savedAt: 0,
    });
  }
});

async function stateAfter(request: TrainRequest, iterations: number) {
  const { holdOutUsers } = await import('../../../../src/lib/model/evaluate/split.ts');
  const { strengthMatrix } = await import('../../../../src/lib/model/matrix/interactions.ts');
  const { planFor } = await import('../../../../src/lib/model/train/plan.ts');
  const strengths = strengthMatrix(request.interactions, request.visitor);
  const split = holdOutUsers(strengths, { seed: request.seed, candidates: request.interactions.users });
  const plan = planFor(request.model, split.train, request.hyperparameters, request.seed);
  const fit = await plan.open(await ownDevices.openCpu(), null);
  const history = [];
  for (let iteration = 1; iteration <= iterations; iteration++) {
    const { loss } = await fit.iterate(new AbortController().signal);
    history.push({ iteration, loss, ndcgAt10: null, seconds: iteration });
  }
  return { state: await fit.state(), hyperparameters: plan.hyperparameters, history };
}

describe('divergence (fault row 48)', () => {
  it('stops at the first check for a learning rate of 1e9', async () => {
    const progress: TrainingProgress[] = [];
    const running = train(
      requestFor(columns, { model: 'logistic', hyperparameters: { learningRate: 1e9 } }),
      {
        devices: new DevicePolicy(ownDevices),
        onProgress: (event) => progress.push(event),
      },
    );
    await expect(running).rejects.toSatisfy((error: AppError) => {
      expect(error.code).toBe('training-diverged');
      expect(error.values['iteration']).toBeLessThanOrEqual(2);
      return true;
    });
    expect(progress.filter(({ type }) => type === 'checkpoint')).toEqual([]);
  });
});

describe('the planted tastes', () => {
  it('show in the item factors', async () => {
    const { snapshot } = await run(requestFor(columns, { hyperparameters: { factors: 8 } }));
    const { itemFactors, factors } = snapshot;
    const cosine = (a: number, b: number): number => {
      let [ab, aa, bb] = [0, 0, 0];
      for (let f = 0; f < factors; f++) {
        const [x, y] = [itemFactors[a * factors + f]!, itemFactors[b * factors + f]!];
        ab += x * y;
        aa += x * x;
        bb += y * y;
      }
      return ab / Math.sqrt(aa * bb);
    };
    let right = 0;
    for (let item = 0; item < 60; item++) {
      const others = Array.from({ length: 60 }, (_, other) => other).filter((other) => other !== item);
      const nearest = others.reduce((best, other) =>
        cosine(item, other) > cosine(item, best) ? other : best,
      );
      if (groupOfItem(nearest) === groupOfItem(item)) right++;
    }
    expect(right).toBeGreaterThanOrEqual(54); // 9 of 10; chance gives 1 of 4
  });
});
