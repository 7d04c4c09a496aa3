import { describe, expect, it } from 'vitest';
import { adapter } from '../../../../src/lib/model/zoo/graph-filter.ts';

describe('the rank of the low-pass', () => {
  it.each([
    { rows: 29_858, columns: 40_981, rank: 448 },
    { rows: 943, columns: 1_682, rank: 19 },
    { rows: 30, columns: 12, rank: 1 },
  ])('is $rank for $rows users and $columns items', ({ rows, columns, rank }) => {
    const train = {
      rows,
      columns,
      indptr: new Int32Array(rows + 1),
      indices: new Int32Array(0),
      data: new Float32Array(0),
    };
    expect(adapter.hyperparameters(train, {})['rank']).toBe(rank);
    expect(adapter.hyperparameters(train, { rank: 7 })['rank']).toBe(7);
  });
});
