import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dotAt, gatherRows, rowDots } from '../../../../src/lib/model/linear/dense.ts';

const number = fc.double({ min: -100, max: 100, noNaN: true });

describe('rowDots', () => {
  it('is dotAt of every row, to the bit', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 11 }),
        fc.array(number, { maxLength: 9 }),
        fc.infiniteStream(number),
        (rows, values, stream) => {
          const vector = Float64Array.from(values);
          const matrix = Float32Array.from(
            { length: rows * vector.length },
            () => stream.next().value as number,
          );
          const dots = new Float64Array(rows).fill(7);
          rowDots(matrix, vector, dots);
          expect(dots).toEqual(
            Float64Array.from({ length: rows }, (_, row) => dotAt(vector, matrix, row * vector.length)),
          );
        },
      ),
    );
  });
});

describe('gatherRows', () => {
  it('takes rows in the order asked for, with repeats', () => {
    const matrix = Float32Array.of(0, 1, 10, 11, 20, 21);
    expect([...gatherRows(matrix, [2, 0, 2], 2)]).toEqual([20, 21, 0, 1, 20, 21]);
    expect(gatherRows(matrix, [], 2)).toHaveLength(0);
  });
});
