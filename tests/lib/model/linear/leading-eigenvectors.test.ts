import { describe, expect, it } from 'vitest';
import { openGraphEngine } from '../../../../src/lib/model/backends/open-graph.ts';
import { leadingEigenvectorSteps } from '../../../../src/lib/model/linear/leading-eigenvectors.ts';
import { symmetricEigenSteps } from '../../../../src/lib/model/linear/symmetric-eigen.ts';
import { randomSparse } from '../support/random-matrices.ts';

function run<Result>(steps: Generator<void, Result>): Result {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

const USERS = 70;
const ITEMS = 45;

async function randomGraph(seed: number) {
  const interactions = randomSparse(
    Array.from({ length: USERS }, (_, user) => 1 + ((user * 7) % 12)),
    ITEMS,
    seed,
  );
  const engine = await openGraphEngine({
    interactions,
    userScale: Float64Array.from({ length: USERS }, (_, user) => 1 / (1 + ((user * 7) % 12))),
    itemScale: Float64Array.from({ length: ITEMS }, (_, item) => 1 / (1 + item)),
  });
  const identity = new Float32Array(ITEMS * ITEMS);
  for (let item = 0; item < ITEMS; item++) identity[item * (ITEMS + 1)] = 1;
  return { engine, dense: run(engine.blur(identity, ITEMS)) };
}

describe('the leading eigenvectors', () => {
  it('are those of the dense decomposition', async () => {
    const { engine, dense } = await randomGraph(Date.now() % 100_000);
    const expected = [...run(symmetricEigenSteps(dense, ITEMS)).values].sort((a, b) => b - a);
    const { values, vectors } = run(leadingEigenvectorSteps(engine, ITEMS, 10, 3));
    expect(values).toHaveLength(10);
    for (let at = 0; at < 10; at++) {
      expect(values[at]! / expected[0]!).toBeCloseTo(expected[at]! / expected[0]!, 3);
      const v = Array.from({ length: ITEMS }, (_, item) => vectors[item * 10 + at]!);
      expect(Math.hypot(...v)).toBeCloseTo(1, 4);
      const image = v.map((_, row) =>
        v.reduce((sum, x, column) => sum + dense[row * ITEMS + column]! * x, 0),
      );
      // P v = λ v
      const off = Math.hypot(...image.map((x, item) => x - values[at]! * v[item]!));
      expect(off / expected[0]!).toBeLessThan(2e-2);
    }
  });

  it('are the same for the same seed, and span the same space for another', async () => {
    const { engine } = await randomGraph(11);
    const first = run(leadingEigenvectorSteps(engine, ITEMS, 4, 1));
    expect(run(leadingEigenvectorSteps(engine, ITEMS, 4, 1))).toEqual(first);
    const other = run(leadingEigenvectorSteps(engine, ITEMS, 4, 2));
    let shared = 0;
    for (let i = 0; i < 4; i++) {
      for (let j = 0; j < 4; j++) {
        let dot = 0;
        for (let item = 0; item < ITEMS; item++)
          dot += first.vectors[item * 4 + i]! * other.vectors[item * 4 + j]!;
        shared += dot * dot;
      }
    }
    expect(shared).toBeCloseTo(4, 2);
  });

  it('are no more than there are', async () => {
    // two users: rank 2
    const interactions = randomSparse([3, 5], 20, 4);
    const ones = (length: number) => new Float64Array(length).fill(1);
    const engine = await openGraphEngine({ interactions, userScale: ones(2), itemScale: ones(20) });
    const { values, vectors } = run(leadingEigenvectorSteps(engine, 20, 6, 1));
    expect(values).toHaveLength(2);
    expect(vectors).toHaveLength(40);
    const empty = randomSparse([0, 0], 20, 4);
    const nothing = await openGraphEngine({ interactions: empty, userScale: ones(2), itemScale: ones(20) });
    expect(run(leadingEigenvectorSteps(nothing, 20, 6, 1)).values).toHaveLength(0);
  });
});
