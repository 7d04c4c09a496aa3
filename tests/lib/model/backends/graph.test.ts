/** The WebAssembly against the plain loops, on fresh random graphs. */
import { describe, expect, it } from 'vitest';
import { CpuGraphEngine } from '../../../../src/lib/model/backends/cpu/graph.ts';
import { kernelModule } from '../../../../src/lib/model/backends/cpu/kernel-module.ts';
import { startKernels } from '../../../../src/lib/model/backends/cpu/kernels.ts';
import { GRAPH_LANES } from '../../../../src/lib/model/backends/graph.ts';
import { openGraphEngine } from '../../../../src/lib/model/backends/open-graph.ts';
import { PlainGraphEngine } from '../../../../src/lib/model/backends/plain/graph.ts';
import { Random } from '../../../../src/lib/model/matrix/random.ts';
import { randomFactors, randomSparse, relativeError } from '../support/random-matrices.ts';

function run<Result>(steps: Generator<void, Result>): Result {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

const CASES = [
  { users: 3, items: 7, longest: 4, rank: 1, histories: 1, columns: 1 },
  { users: 150, items: 90, longest: 30, rank: 13, histories: GRAPH_LANES, columns: 45 },
  { users: 700, items: 5_000, longest: 60, rank: 40, histories: 9, columns: 64 },
];

describe.each(CASES)('$users users, $items items', ({ users, items, longest, rank, histories, columns }) => {
  const seed = Date.now() % 100_000;
  const random = new Random(seed);
  const lengths = (count: number): number[] => Array.from({ length: count }, () => random.below(longest));
  const operator = {
    interactions: randomSparse(lengths(users), items, seed),
    userScale: Float64Array.from({ length: users }, () => random.uniform()),
    itemScale: Float64Array.from({ length: items }, () => 0.1 + random.uniform()),
  };
  const plain = new PlainGraphEngine(operator);
  const wasm = async () => new CpuGraphEngine(await startKernels(await kernelModule()), operator);

  it('multiplies blocks', async () => {
    const engine = await wasm();
    const y = randomFactors(items, columns, seed);
    const m = Float64Array.from({ length: columns * columns }, () => random.uniform() - 0.5);
    expect(relativeError(run(engine.blur(y, columns)), run(plain.blur(y, columns)))).toBeLessThan(1e-5);
    expect(relativeError(run(engine.gram(y, columns)), run(plain.gram(y, columns)))).toBeLessThan(1e-5);
    expect(relativeError(run(engine.times(y, columns, m)), run(plain.times(y, columns, m)))).toBeLessThan(
      1e-5,
    );
  });

  it.each([
    { coefficients: [1], low: true },
    { coefficients: [1, -2.5, 3.1, -2.6, 1.6], low: true },
    { coefficients: [0.5, 0, 0.2], low: false },
    { coefficients: [1, -0.9, 0], low: false },
  ])('scores histories by $coefficients', async ({ coefficients, low }) => {
    const engine = await wasm();
    const response = {
      coefficients,
      lowPass: low
        ? {
            rank,
            vectors: randomFactors(items, rank, seed + 1),
            left: Float64Array.from({ length: items }, () => random.uniform()),
            right: Float64Array.from({ length: items }, () => random.uniform()),
          }
        : null,
      gain: Float64Array.from({ length: items }, () => random.uniform()),
    };
    engine.use(response);
    plain.use(response);
    const rows = randomSparse(lengths(histories), items, seed + 3);
    const [mine, theirs] = [run(engine.scores(rows)), run(plain.scores(rows))];
    expect(mine).toHaveLength(histories * items);
    expect(relativeError(mine, theirs), `seed ${seed}`).toBeLessThan(2e-5);
    // nothing of the last batch is left behind
    expect(run(engine.scores(rows))).toEqual(mine);
  });
});

it('is in WebAssembly where there is SIMD', async () => {
  const interactions = randomSparse([2, 1], 5, 1);
  const ones = (length: number) => new Float64Array(length).fill(1);
  const operator = { interactions, userScale: ones(2), itemScale: ones(5) };
  expect(await openGraphEngine(operator)).toBeInstanceOf(CpuGraphEngine);
});
