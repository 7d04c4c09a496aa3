import { describe, expect, it } from 'vitest';
import { PlainBackend } from '../../../../src/lib/model/backends/plain.ts';
import { Ease } from '../../../../src/lib/model/ease/fit.ts';
import { evaluateScores } from '../../../../src/lib/model/evaluate/evaluate.ts';
import { holdOutUsers } from '../../../../src/lib/model/evaluate/split.ts';
import { strengthMatrix } from '../../../../src/lib/model/matrix/interactions.ts';
import { popularityScores } from '../../../../src/lib/model/popularity/popularity.ts';
import { plantedCommunity } from '../support/planted.ts';
import { randomSparse, sparseOf } from '../support/random-matrices.ts';

const backend = new PlainBackend();

/** ‖X_j − X b‖² + λ‖b‖² of one column of weights. */
function columnLoss(
  x: readonly (readonly number[])[],
  b: readonly number[],
  j: number,
  lambda: number,
): number {
  const errors = x.map((row) => row[j]! - row.reduce((sum, value, i) => sum + value * b[i]!, 0));
  return [...errors, ...b.map((value) => Math.sqrt(lambda) * value)].reduce((sum, v) => sum + v * v, 0);
}

describe('Ease', () => {
  it('is the minimum of its objective: any change of a weight off the diagonal raises the loss', async () => {
    const sparse = randomSparse([4, 5, 2, 6, 3, 0, 6], 6, 31);
    const dense = Array.from({ length: sparse.rows }, (_, row) => {
      const values = Array.from({ length: 6 }, () => 0);
      for (let at = sparse.indptr[row]!; at < sparse.indptr[row + 1]!; at++) {
        values[sparse.indices[at]!] = sparse.data[at]!;
      }
      return values;
    });
    const lambda = 0.7;
    const { weights } = await Ease.fit(backend, sparse, { regularization: lambda });
    for (let j = 0; j < 6; j++) {
      const b = Array.from({ length: 6 }, (_, i) => weights[i * 6 + j]!);
      expect(b[j]).toBe(0);
      const least = columnLoss(dense, b, j, lambda);
      for (let i = 0; i < 6; i++) {
        if (i === j) continue;
        for (const change of [-0.01, 0.01]) {
          const other = b.with(i, b[i]! + change);
          expect(columnLoss(dense, other, j, lambda)).toBeGreaterThan(least);
        }
      }
    }
  });

  it('finds the planted taste of held-out users much better than popularity', async () => {
    const { columns } = plantedCommunity(300, 60, 6);
    const strengths = strengthMatrix(columns, null);
    const { train, heldOut } = holdOutUsers(strengths, { seed: 2, candidates: 300 });
    const ease = await Ease.fit(backend, train, { regularization: 50 });
    const popularity = popularityScores(train);
    const ndcg = evaluateScores(heldOut, (user) => ease.scores(user), 10).ndcg;
    expect(ndcg).toBeGreaterThan(2 * evaluateScores(heldOut, () => popularity, 10).ndcg);
  });

  it('scores a history by the sum of its rows', async () => {
    const ease = await Ease.fit(
      backend,
      sparseOf([
        [1, 1, 0],
        [0, 1, 1],
        [1, 1, 1],
      ]),
      { regularization: 1 },
    );
    const row = (item: number): number[] => [...ease.weights.subarray(3 * item, 3 * item + 3)];
    expect([...ease.scores({ item: [0, 2], strength: [2, 1] })]).toEqual(
      row(0).map((value, j) => 2 * value + row(2)[j]!),
    );
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])(
    'refuses a regularization of %d',
    async (regularization) => {
      await expect(Ease.fit(backend, sparseOf([[1]]), { regularization })).rejects.toMatchObject({
        code: 'hyperparameter-invalid',
      });
    },
  );
});
