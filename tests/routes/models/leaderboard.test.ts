import { describe, expect, it } from 'vitest';
import type { Experiment } from '../../../src/lib/types.ts';
import {
  comparisons,
  lessIsBetter,
  metricsOf,
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
