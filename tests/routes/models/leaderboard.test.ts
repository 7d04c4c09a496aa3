import { describe, expect, it } from 'vitest';
import type { Experiment } from '../../../src/lib/types.ts';
import { publishedFor } from '../../../src/lib/model/index.ts';
import { differencesOf, publishedLines } from '../../../src/routes/models/published.ts';
import {
  comparisons,
  gapOfGroups,
  lessIsBetter,
  metricsOf,
  preferredMetric,
  standings,
  toCsv,
  toJson,
} from '../../../src/routes/models/leaderboard.ts';
import { experiment } from '../../lib/storage/fixtures/records.ts';

const scored = (id: string, metrics: Record<string, number>, at = 1): Experiment => ({
  ...experiment(id, at),
  metrics: Object.fromEntries(
    Object.entries(metrics).map(([name, value]) => [name, { value, low: null, high: null }]),
  ),
});

describe('standings', () => {
  it('put the best first, by the direction of the metric, and share places', () => {
    const all = [
      scored('a', { 'ndcg@10': 0.2, rmse: 0.9 }, 3),
      scored('b', { 'ndcg@10': 0.3 }, 2),
      scored('c', { 'ndcg@10': 0.3, rmse: 0.95 }, 1),
    ];
    const places = (metric: string): unknown =>
      standings(all, metric).map(({ experiment: { id }, place }) => [id, place]);
    expect(places('ndcg@10')).toEqual([
      ['c', 1],
      ['b', 1],
      ['a', 3],
    ]);
    expect(places('rmse')).toEqual([
      ['a', 1],
      ['c', 2],
    ]);
    expect(metricsOf(all)).toEqual(['ndcg@10', 'rmse']);
    expect([lessIsBetter('log-loss'), lessIsBetter('recall@20')]).toEqual([true, false]);
  });
});

describe('preferredMetric', () => {
  it('is the error where all predict alike, else what all have', () => {
    const rating = scored('a', { rmse: 0.9, 'ndcg@10': 0.1 });
    const ranking = scored('b', { 'ndcg@10': 0.2, 'coverage@10': 1 });
    expect(preferredMetric([rating])).toBe('rmse');
    expect(preferredMetric([rating, ranking])).toBe('ndcg@10');
    expect(preferredMetric([scored('c', { 'log-loss': 0.3, 'ndcg@10': 0.1 })])).toBe('log-loss');
    // lists of two lengths: none is of all
    expect(preferredMetric([ranking, scored('d', { 'ndcg@20': 0.2 })])).toBe('ndcg@10');
  });
});

describe('comparisons', () => {
  it('keep apart what was split otherwise or is of other data', () => {
    const base = experiment('a');
    const otherSeed = { ...experiment('b'), split: { ...base.split, seed: 2 } };
    const otherData = { ...experiment('c'), data: { ...base.data, fingerprint: 'cd'.repeat(32) } };
    const same = { ...experiment('d'), model: 'ease' };
    expect(comparisons([base, otherSeed, otherData, same]).map((group) => group.map(({ id }) => id))).toEqual(
      [['a', 'd'], ['b'], ['c']],
    );
  });
});

describe('published lines', async () => {
  const [table] = await publishedFor('gowalla');
  const own = (id: string, metrics: Record<string, number>): Experiment => ({
    ...scored(id, metrics),
    data: { ...experiment(id).data, known: { data: 'gowalla', part: 'train' } },
    paired: { metric: 'ndcg@20', values: new Float32Array() },
  });

  it('have own figures among them, where they have the metric', () => {
    const ours = [own('a', { 'recall@20': 0.183, 'ndcg@20': 0.14 }), own('b', { 'recall@10': 0.5 })];
    const lines = publishedLines(table!, ours, ({ id }) => `own ${id}`);
    expect(lines.slice(3, 6).map(({ name, values }) => [name, values])).toEqual([
      ['MF-CCL', [0.1837, 0.1493]],
      ['own a', [0.183, 0.14]],
      ['LightGCN', [0.182, 0.1547]],
    ]);
    expect(lines.filter(({ own: mine }) => mine !== null)).toHaveLength(1);
  });

  it('put the smallest error first', async () => {
    const [errors] = await publishedFor('ml-100k');
    const lines = publishedLines(errors!, [own('a', { rmse: 0.9 })], () => 'ours');
    expect(lines.slice(0, 2).map(({ name, values }) => [name, values])).toEqual([
      ['ours', [0.9, null]],
      ['SVD++', [0.919, 0.721]],
    ]);
  });

  it('say what differs', () => {
    expect(differencesOf(table!, own('a', {}))).toEqual(['split', 'part']);
    const shorter = { ...own('a', {}), paired: { metric: 'ndcg@10', values: new Float32Array() } };
    expect(differencesOf(table!, shorter)).toEqual(['split', 'part', 'length']);
  });
});

describe('gaps', () => {
  it('are less the better, and 0 where nothing is to be compared', () => {
    const figure = (value: number) => ({
      group: 'few',
      count: 1,
      estimate: { value, low: null, high: null },
    });
    expect(gapOfGroups([figure(0.5), figure(0.25), figure(0.375)])).toBe(0.25);
    expect([gapOfGroups([]), gapOfGroups([figure(1)])]).toEqual([0, 0]);
    expect([lessIsBetter('ndcg-activity-gap@10'), lessIsBetter('ndcg@10')]).toEqual([true, false]);
  });
});

describe('files', () => {
  it('CSV quotes what needs it, and no cell is a formula', () => {
    const csv = toCsv([{ ...experiment('a'), name: '=1+1,"x"' }]);
    const [header, line, end] = csv.split('\r\n');
    expect(header).toContain('ndcg@10,ndcg@10 low,ndcg@10 high');
    expect(line).toContain(`"'=1+1,""x""",ials,demo,random`);
    expect(line).toContain('"{""factors"":8}",0.5,0.25,0.75');
    expect(end).toBe('');
  });

  it('JSON holds everything', () => {
    const parsed = JSON.parse(toJson([experiment('a')])) as { experiments: unknown[] };
    expect(parsed.experiments).toEqual([
      { ...experiment('a'), paired: { metric: 'ndcg@10', values: [0.25, 0.75] } },
    ]);
  });
});
