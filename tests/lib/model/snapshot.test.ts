import { describe, expect, it } from 'vitest';
import { checksumOf } from '../../../src/lib/checksum.ts';
import {
  sealCheckpoint,
  sealSnapshot,
  verifyCheckpoint,
  verifySnapshot,
} from '../../../src/lib/model/snapshot.ts';
import type { ModelSnapshot, PackId, TrainingCheckpoint } from '../../../src/lib/types.ts';

const snapshotFields = {
  packId: 'demo' as PackId,
  packFingerprint: 'f',
  model: 'ials',
  items: 3,
  factors: 2,
  hyperparameters: { factors: 2 },
  itemFactors: new Float32Array([1, 2, 3, 4, 5, 6]),
  device: 'cpu',
  deviceName: 'CPU',
  seed: 1,
  iterations: 2,
  interactions: 5,
  trainedAt: 0,
  trainSeconds: 1,
  quality: { users: 1, ndcgAt10: 0.5, recallAt10: 0.5, popularityNdcgAt10: 0.1 },
} as const satisfies Omit<ModelSnapshot, 'version' | 'checksum'>;

const checkpointFields = {
  packId: 'demo' as PackId,
  packFingerprint: 'f',
  model: 'logistic',
  hyperparameters: { factors: 2 },
  seed: 1,
  iteration: 2,
  users: 2,
  items: 3,
  factors: 2,
  userFactors: new Float32Array([1, 2, 3, 4]),
  itemFactors: new Float32Array([1, 2, 3, 4, 5, 6]),
  optimizer: { itemFirstMoment: new Float32Array([0, 0, 0, 0, 0, 0.5]) },
  history: [{ iteration: 1, loss: 1, ndcgAt10: null, seconds: 0.1 }],
  savedAt: 0,
} as const satisfies Omit<TrainingCheckpoint, 'version' | 'checksum'>;

function flipped(values: Float32Array<ArrayBuffer>, bit: number): Float32Array<ArrayBuffer> {
  const copy = values.slice();
  const bytes = new Uint8Array(copy.buffer);
  bytes[bit >> 3]! ^= 1 << (bit & 7);
  return copy;
}

/** Fault row 19: nothing damaged is ever used. Resealing shows that it is not only the checksum that catches it. */
async function resealed<Sealed extends object>(record: Sealed): Promise<Sealed> {
  return { ...record, checksum: await checksumOf(record) };
}

describe('snapshot', () => {
  it('verifies what was sealed, also after a structured clone', async () => {
    await verifySnapshot(structuredClone(await sealSnapshot(snapshotFields)));
  });

  it('rejects every flipped bit of the factors', async () => {
    const sound = await sealSnapshot(snapshotFields);
    for (let bit = 0; bit < 8 * sound.itemFactors.byteLength; bit++) {
      const damaged = { ...sound, itemFactors: flipped(sound.itemFactors, bit) };
      await expect(verifySnapshot(damaged)).rejects.toMatchObject({ code: 'snapshot-corrupt' });
    }
  });

  it.each([
    ['short', { itemFactors: new Float32Array(5).fill(1) }, 'length of itemFactors'],
    ['all zero', { itemFactors: new Float32Array(6) }, 'all-zero itemFactors'],
    ['non-finite', { itemFactors: new Float32Array([1, NaN, 3, 4, 5, 6]) }, 'non-finite itemFactors'],
    ['of another version', { version: 2 }, 'version 2'],
  ])('rejects one that is %s though its checksum is right', async (_, change, flaw) => {
    const damaged = await resealed({ ...(await sealSnapshot(snapshotFields)), ...change } as ModelSnapshot);
    await expect(verifySnapshot(damaged)).rejects.toMatchObject({
      code: 'snapshot-corrupt',
      values: { flaw },
    });
  });

  it('rejects a changed figure, an absent field and a field of another type', async () => {
    const sound = await sealSnapshot(snapshotFields);
    const rest = Object.fromEntries(Object.entries(sound).filter(([key]) => key !== 'itemFactors'));
    for (const damaged of [
      { ...sound, quality: { ...sound.quality, ndcgAt10: 0.6 } },
      rest,
      { ...sound, trainedAt: new Date(0) },
      { ...sound, itemFactors: [1, 2, 3, 4, 5, 6] },
    ]) {
      await expect(verifySnapshot(damaged as unknown as ModelSnapshot)).rejects.toMatchObject({
        code: 'snapshot-corrupt',
      });
    }
  });

  it.each([
    ['zeros', new Float32Array(6)],
    ['NaN', new Float32Array([1, NaN, 3, 4, 5, 6])],
    ['too little', new Float32Array([1])],
  ])('is never made of %s', async (_, itemFactors) => {
    await expect(sealSnapshot({ ...snapshotFields, itemFactors })).rejects.toMatchObject({
      code: 'training-diverged',
    });
  });
});

describe('checkpoint', () => {
  it('verifies what was sealed, also after a structured clone', async () => {
    await verifyCheckpoint(structuredClone(await sealCheckpoint(checkpointFields)));
  });

  it.each([
    ['user factors', { userFactors: flipped(checkpointFields.userFactors, 7) }],
    ['an optimizer slot', { optimizer: { itemFirstMoment: new Float32Array(6) } }],
    ['the iteration', { iteration: 3 }],
    ['the history', { history: [] }],
  ])('rejects a change of %s', async (_, change) => {
    const damaged = { ...(await sealCheckpoint(checkpointFields)), ...change };
    await expect(verifyCheckpoint(damaged)).rejects.toMatchObject({
      code: 'snapshot-corrupt',
      values: { flaw: 'checksum' },
    });
  });

  it.each([
    ['zero user factors', { userFactors: new Float32Array(4) }],
    ['zero item factors', { itemFactors: new Float32Array(6) }],
    ['a NaN moment', { optimizer: { itemFirstMoment: new Float32Array([NaN]) } }],
  ])('is never made of %s', async (_, change) => {
    await expect(sealCheckpoint({ ...checkpointFields, ...change })).rejects.toMatchObject({
      code: 'training-diverged',
    });
  });
});
