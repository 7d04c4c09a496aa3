import { describe, expect, it } from 'vitest';
import { datasetOf, entryRows, type Dataset } from '../../../../src/lib/model/evaluate/dataset.ts';
import { commonPairs, leakageOf } from '../../../../src/lib/model/evaluate/leakage.ts';
import { givenSplit, kFolds, SPLIT_KINDS, splitDataset } from '../../../../src/lib/model/evaluate/splits.ts';
import { rowLength, validateCsr, type CsrMatrix } from '../../../../src/lib/model/matrix/csr.ts';
import { randomDataset } from './random-dataset.ts';

const PLAN = { seed: 3, share: 0.2, leave: 2 } as const;

function pairs(matrix: CsrMatrix): string[] {
  const row = entryRows(matrix);
  return Array.from(matrix.indices, (item, entry) => `${row[entry]}:${item}=${matrix.data[entry]}`);
}

/** Time of each pair of a data set. */
function times({ matrix, timestamps }: Dataset): Map<string, number> {
  return new Map(pairs(matrix).map((pair, entry) => [pair, timestamps?.[entry] ?? NaN]));
}

describe('a data set', () => {
  it('keeps the latest of repeated pairs and counts the others', () => {
    const { dataset, duplicates } = datasetOf({
      users: 2,
      items: 3,
      user: Int32Array.of(1, 0, 1, 0, 1),
      item: Int32Array.of(2, 1, 2, 1, 0),
      value: Float32Array.of(5, 1, 3, 2, 4),
      time: Float64Array.of(20, 7, 10, 7, 1),
    });
    expect(duplicates).toBe(2);
    // (1, 2): 5 is later; (0, 1): equal times, so the one that came last
    expect(pairs(dataset.matrix)).toEqual(['0:1=2', '1:0=4', '1:2=5']);
    expect([...(dataset.timestamps ?? [])]).toEqual([7, 1, 20]);
  });
});

describe.each(SPLIT_KINDS)('split %s', (kind) => {
  const dataset = randomDataset(60, 40, 900, 1);

  it('loses and doubles no entry, and keeps times with their pairs', () => {
    const { train, test, folded } = splitDataset(dataset, { ...PLAN, kind });
    for (const part of [train.matrix, test, ...(folded === null ? [] : [folded])]) validateCsr(part);
    const all = [train.matrix, test, ...(folded === null ? [] : [folded])].flatMap(pairs);
    expect(all.sort()).toEqual(pairs(dataset.matrix).sort());
    const known = times(dataset);
    for (const [pair, time] of times(train)) expect(time).toBe(known.get(pair));
    expect(commonPairs(train.matrix, test)).toBe(0);
  });

  it('is the same for the same seed, and another for another', () => {
    const split = (seed: number) => pairs(splitDataset(dataset, { ...PLAN, kind, seed }).test);
    expect(split(3)).toEqual(split(3));
    // a moment in time is no matter of chance, and latest entries are so only among equal times
    if (kind === 'random' || kind === 'users') expect(split(3)).not.toEqual(split(4));
  });

  it('refuses a share that leaves nothing', () => {
    for (const share of [0, 1, NaN, -1]) {
      expect(() => splitDataset(dataset, { ...PLAN, kind, share })).toThrow(/share/);
    }
    expect(() => splitDataset(dataset, { ...PLAN, kind, leave: 0 })).toThrow(/left out/);
  });
});

describe('what the splits promise', () => {
  const dataset = randomDataset(60, 40, 900, 2);

  it('random: a share of every user', () => {
    const { test } = splitDataset(dataset, { ...PLAN, kind: 'random' });
    for (let user = 0; user < 60; user++) {
      expect(rowLength(test, user)).toBe(Math.max(1, Math.round(0.2 * rowLength(dataset.matrix, user))));
    }
  });

  it('leave-k: the latest two of every user', () => {
    const { train, test } = splitDataset(dataset, { ...PLAN, kind: 'leave-k' });
    const known = times(dataset);
    const latest = new Map<number, number>();
    pairs(train.matrix).forEach((pair) => {
      const user = Number(pair.split(':')[0]);
      latest.set(user, Math.max(latest.get(user) ?? 0, known.get(pair) ?? 0));
    });
    for (const pair of pairs(test)) {
      expect(known.get(pair)).toBeGreaterThanOrEqual(latest.get(Number(pair.split(':')[0])) ?? 0);
    }
    for (let user = 0; user < 60; user++) expect(rowLength(test, user)).toBe(2);
  });

  it('time: nothing in train is as late as anything in test', () => {
    const { train, test } = splitDataset(dataset, { ...PLAN, kind: 'time' });
    const known = times(dataset);
    const first = Math.min(...pairs(test).map((pair) => known.get(pair) ?? 0));
    expect(Math.max(...(train.timestamps ?? []))).toBeLessThan(first);
    expect(test.indices.length / dataset.matrix.indices.length).toBeCloseTo(0.2, 1);
    expect(() => splitDataset({ ...dataset, timestamps: null }, { ...PLAN, kind: 'time' })).toThrow(
      /no.*times|none/,
    );
  });

  it('users: whole users, most of whose entries are folded in', () => {
    const { train, test, folded } = splitDataset(dataset, { ...PLAN, kind: 'users' });
    let held = 0;
    for (let user = 0; user < 60; user++) {
      if (rowLength(test, user) === 0) continue;
      held++;
      expect(rowLength(train.matrix, user)).toBe(0);
      const share = rowLength(folded!, user) / rowLength(dataset.matrix, user);
      expect(share).toBeGreaterThan(0.6);
      expect(share).toBeLessThan(1);
    }
    expect(held).toBe(12);
  });

  it('k-fold: every entry is tested once', () => {
    const folds = kFolds(dataset, 5, 1);
    expect(folds.flatMap(({ test }) => pairs(test)).sort()).toEqual(pairs(dataset.matrix).sort());
    const sizes = folds.map(({ test }) => test.indices.length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    expect(() => kFolds(dataset, 1, 1)).toThrow(/folds/);
  });
});

describe('leakage', () => {
  const dataset = randomDataset(30, 20, 300, 4);
  const fair = { candidates: null, tunedOnTest: false };

  it('is silent about an honest split by time', () => {
    const split = splitDataset(dataset, { ...PLAN, kind: 'time' });
    expect(split.testTimes).toHaveLength(split.test.indices.length);
    expect(leakageOf(split, fair)).toEqual([]);
  });

  it.each(['random', 'leave-k', 'users'] as const)('sees the future in a split by %s', (kind) => {
    const split = splitDataset(dataset, { ...PLAN, kind });
    const first = Math.min(...(split.testTimes ?? []));
    const [found] = leakageOf(split, fair);
    expect(found?.kind).toBe('future-in-train');
    expect(found?.count).toBe(split.train.timestamps!.filter((time) => time > first).length);
  });

  it('counts test pairs in train and events of the future', () => {
    const sorted = dataset.timestamps!.toSorted();
    const split = { ...givenSplit(dataset, dataset), testTimes: Float64Array.of(sorted.at(-4)!) };
    const found = leakageOf(split, fair);
    expect(found.map(({ kind, count }) => [kind, count])).toEqual([
      ['test-in-train', dataset.matrix.indices.length],
      ['future-in-train', sorted.filter((time) => time > sorted.at(-4)!).length],
    ]);
  });

  it('warns of sampled metrics and of tuning on test', () => {
    const split = { ...splitDataset(dataset, { ...PLAN, kind: 'random' }), testTimes: null };
    const kinds = leakageOf(split, { candidates: 5, tunedOnTest: true }).map(({ kind }) => kind);
    expect(kinds).toEqual(['sampled-metrics', 'tuned-on-test']);
    expect(leakageOf(split, { ...fair, candidates: 20 })).toEqual([]);
  });
});
