import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_ROW, RowGrouper } from '../../../../../src/lib/model/gradient/sparse/batch-rows.ts';
import {
  sumRowsReference,
  takeRowsReference,
} from '../../../../../src/lib/model/gradient/sparse/rows.reference.ts';

const TABLE_ROWS = 9;

describe('RowGrouper', () => {
  it('lists each row once and each of its places in order', () => {
    const grouped = new RowGrouper(TABLE_ROWS).group(Int32Array.from([4, 2, NO_ROW, 4, 8, 4]));
    expect(grouped.count).toBe(3);
    expect([...grouped.rows]).toEqual([4, 2, 8, NO_ROW, NO_ROW, NO_ROW]);
    expect([...grouped.offsets]).toEqual([0, 3, 4, 5, 5, 5, 5]);
    expect([...grouped.positions.slice(0, 5)]).toEqual([0, 3, 5, 1, 4]);
    expect([...grouped.groups]).toEqual([0, 1, NO_ROW, 0, 2, 0]);
  });

  it('sums what dense addition sums, for any batch, with one grouper for all of them', () => {
    const grouper = new RowGrouper(TABLE_ROWS);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: NO_ROW, max: TABLE_ROWS - 1 }), { maxLength: 40 }), (ids) => {
        const batch = grouper.group(Int32Array.from(ids));
        const gradient = ids.flatMap((_, place) => [place + 1, 1]);
        const sums = sumRowsReference(gradient, 2, batch);
        const dense = new Float64Array(2 * TABLE_ROWS);
        ids.forEach((row, place) => {
          if (row === NO_ROW) return;
          dense[2 * row]! += place + 1;
          dense[2 * row + 1]! += 1;
        });
        const spread = new Float64Array(2 * TABLE_ROWS);
        for (let group = 0; group < batch.count; group++) {
          spread.set(sums.subarray(2 * group, 2 * group + 2), 2 * batch.rows[group]!);
        }
        expect(spread).toEqual(dense);
        expect(sums.subarray(2 * batch.count).every((value) => value === 0)).toBe(true);
      }),
    );
  });

  it('names a row that the table lacks, and goes on working', () => {
    const grouper = new RowGrouper(TABLE_ROWS);
    for (const row of [TABLE_ROWS, -2]) {
      expect(() => grouper.group(Int32Array.from([1, row]))).toThrow(
        expect.objectContaining({ code: 'input-invalid', values: { row, rows: TABLE_ROWS } }) as Error,
      );
    }
    expect(grouper.group(Int32Array.from([1])).count).toBe(1);
  });
});

it('takes zeros where there is no row', () => {
  expect([...takeRowsReference([1, 2, 3, 4], 2, [1, NO_ROW, 1])]).toEqual([3, 4, 0, 0, 3, 4]);
});
