import { expect, it } from 'vitest';
import { popularityScores } from '../../../../src/lib/model/popularity/popularity.ts';
import { sparseOf } from '../support/random-matrices.ts';

it('counts users with a positive strength, item by item', () => {
  const strengths = sparseOf([
    [5, -1, 0],
    [0.2, -2, 0],
    [0, 3, 0],
  ]);
  expect([...popularityScores(strengths)]).toEqual([2, 1, 0]);
});
