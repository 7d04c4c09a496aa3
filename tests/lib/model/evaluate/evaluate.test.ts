import { describe, expect, it } from 'vitest';
import { evaluateRankings, evaluateScores } from '../../../../src/lib/model/evaluate/evaluate.ts';
import type { HeldOutUser } from '../../../../src/lib/model/evaluate/split.ts';
import { Random } from '../../../../src/lib/model/matrix/random.ts';

function user(index: number, items: readonly number[], targets: readonly number[]): HeldOutUser {
  return {
    user: index,
    item: Int32Array.from(items),
    strength: new Float32Array(items.length).fill(1),
    targets: new Set(targets),
  };
}

describe('evaluateScores', () => {
  it('averages over users, by hand', () => {
    // Scores rank the items 0, 1, 2, … User 0 has seen 0: target 1 comes first. User 1's target 2 comes third.
    const scores = [9, 8, 7, 6];
    const quality = evaluateScores([user(0, [0], [1]), user(1, [], [2])], () => scores, 2);
    expect(quality).toEqual({
      users: 2,
      k: 2,
      ndcg: 0.5,
      recall: 0.5,
      truncatedRecall: 0.5,
      precision: 0.25,
      hitRate: 0.5,
      mrr: 0.5,
    });
  });

  it('gives the truth 1 and a ranking without the targets 0', () => {
    const users = [user(0, [4], [0, 3]), user(1, [], [1])];
    const targets = new Map(users.map((held) => [held.user, held.targets]));
    const truth = (sign: number) => (folded: { readonly user: number }) =>
      Array.from({ length: 5 }, (_, item) => (targets.get(folded.user)?.has(item) === true ? sign : 0));
    expect(evaluateScores(users, truth(1), 2)).toMatchObject({ ndcg: 1, truncatedRecall: 1, mrr: 1 });
    expect(evaluateScores(users, truth(-1), 2)).toMatchObject({ ndcg: 0, recall: 0, hitRate: 0 });
  });

  it('gives random scores the hit rate that chance gives', () => {
    // One target among 100 items: a random top 10 holds it with probability 0.1; 3 deviations of 2,000 users.
    const random = new Random(7);
    const users = Array.from({ length: 2_000 }, (_, index) => user(index, [], [index % 100]));
    const quality = evaluateScores(users, () => Array.from({ length: 100 }, () => random.uniform()), 10);
    expect(Math.abs(quality.hitRate - 0.1)).toBeLessThan(3 * Math.sqrt((0.1 * 0.9) / 2_000));
  });

  it('does not show the targets to the scorer', () => {
    evaluateScores(
      [user(3, [1], [2])],
      (folded) => {
        expect(Object.keys(folded).sort()).toEqual(['item', 'strength', 'user']);
        return [0, 0, 0];
      },
      1,
    );
    expect.assertions(1);
  });

  it('is 0, not NaN, where nobody was held out', () => {
    expect(evaluateScores([], () => [], 10)).toMatchObject({ users: 0, ndcg: 0, recall: 0, mrr: 0 });
  });

  it('names a score that is not finite', () => {
    expect(() => evaluateScores([user(0, [], [0])], () => [NaN], 1)).toThrow(
      expect.objectContaining({ code: 'training-diverged' }),
    );
  });
});

describe('evaluateRankings', () => {
  it('takes lists as they are, places without an item being misses', () => {
    const users = [user(0, [], [5]), user(1, [], [6])];
    const lists = [
      [4, 5, -1],
      [6, -1, -1],
    ];
    const quality = evaluateRankings(users, (_, row) => lists[row]!, 3);
    expect(quality.mrr).toBeCloseTo((1 / 2 + 1) / 2, 12);
    expect(quality.ndcg).toBeCloseTo((1 / Math.log2(3) + 1) / 2, 12);
  });
});
