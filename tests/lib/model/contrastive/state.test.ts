import { describe, expect, it } from 'vitest';
import { firstSides } from '../../../../src/lib/model/contrastive/state.ts';
import { normalMatrix } from '../../../../src/lib/model/matrix/random.ts';
import { sparseOf } from '../support/random-matrices.ts';

const FACTORS = 5;
/** User 2 has no items, item 3 no users. */
const LIKES = [
  [1, 0, 1, 0, 1],
  [0, 1, 1, 0, 0],
  [0, 0, 0, 0, 0],
  [1, 1, 1, 0, 1],
];
const USERS = LIKES.length;
const ITEMS = 5;

const unit = (vector: readonly number[]): number[] => {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
};
const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
const rowsOf = (values: Float32Array): number[][] =>
  Array.from({ length: values.length / FACTORS }, (_, row) => [
    ...values.subarray(row * FACTORS, (row + 1) * FACTORS),
  ]);
/** Σ_j weight_j · row_j by coordinate. */
const mix = (weights: readonly number[], rows: readonly (readonly number[])[]): number[] =>
  Array.from({ length: FACTORS }, (_, p) => total(weights.map((weight, at) => weight * rows[at]![p]!)));

function expectClose(found: readonly number[], wanted: readonly number[]): void {
  expect(found).toHaveLength(wanted.length);
  found.forEach((value, p) => expect(value).toBeCloseTo(wanted[p]!, 6));
}

describe('first rows', () => {
  it('on the sphere point where their neighbours do, weighted by the roots of the degrees', () => {
    const { users, items } = firstSides(sparseOf(LIKES), FACTORS, 7, true);
    const random = rowsOf(normalMatrix(ITEMS, FACTORS, 1, 7 ^ 0x5eed)).map(unit);
    const usersOf = LIKES[0]!.map((_, item) => total(LIKES.map((row) => row[item]!)));
    const points = LIKES.map((row) =>
      total(row) === 0
        ? new Array<number>(FACTORS).fill(0)
        : unit(
            mix(
              row.map((like, item) => (like === 0 ? 0 : like / Math.sqrt(usersOf[item]!))),
              random,
            ),
          ),
    );
    rowsOf(users.factors).forEach((row, user) => expectClose(row, points[user]!));
    rowsOf(items.factors).forEach((row, item) => {
      const weights = LIKES.map((likes) => (likes[item]! === 0 ? 0 : 1 / Math.sqrt(total(likes))));
      expectClose(row, usersOf[item] === 0 ? random[item]! : unit(mix(weights, points)));
    });
  });

  it('of BPR are random alone', () => {
    const { users, items } = firstSides(sparseOf(LIKES), FACTORS, 7, false);
    const scale = 0.1 / Math.sqrt(FACTORS);
    expect(items.factors).toEqual(normalMatrix(ITEMS, FACTORS, scale, 7 ^ 0x5eed));
    expect(users.factors.subarray(0, 2 * FACTORS)).toEqual(
      normalMatrix(USERS, FACTORS, scale, 7).subarray(0, 2 * FACTORS),
    );
    expect(users.factors.subarray(2 * FACTORS, 3 * FACTORS)).toEqual(new Float32Array(FACTORS));
  });
});
