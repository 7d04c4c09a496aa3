/**
 * What settings of the graph filter reach on a validation part cut from train: nine tenths of each user's items in,
 * the tenth to be found, as `fairshelf evaluate --tune` cuts it. Test is never read. Run by graph-filter.mjs:
 *
 *     node tests/bench/graph-filter.mjs FOLDER [--users 1000] [--user-exponents 0.3,0.5] [--item-exponents 0.5]
 *       [--ranks 0,256] [--exponents 0.5] [--betas 0.2,0.3] [--times 0,1.5,2.5] [--degrees 0,0.2]
 *
 * For each normalisation the powers P^j of each history and of its low-pass are computed once; every other setting is
 * a sum of them.
 */
import { join } from 'node:path';
import { loadData } from '../../src/cli/sources/load-data.ts';
import { GRAPH_LANES, type GraphEngine, type LowPass } from '../../src/lib/model/backends/graph.ts';
import { openGraphEngine } from '../../src/lib/model/backends/open-graph.ts';
import { ndcgAtK, recallAtK } from '../../src/lib/model/evaluate/metrics.ts';
import { rankTopK } from '../../src/lib/model/evaluate/rank.ts';
import { splitDataset } from '../../src/lib/model/evaluate/splits.ts';
import { leadingEigenvectorSteps } from '../../src/lib/model/linear/leading-eigenvectors.ts';
import { rowLength, selectRows, transpose, type CsrMatrix } from '../../src/lib/model/matrix/csr.ts';
import { Random } from '../../src/lib/model/matrix/random.ts';

const K = 20;
const SEED = 1;
const SHARE = 0.1;
/** Powers of P from which the responses are put together. */
const POWERS = 5;

interface Grid {
  readonly users: number;
  readonly userExponents: readonly number[];
  readonly itemExponents: readonly number[];
  readonly ranks: readonly number[];
  /** t of D_I^t V Vᵀ D_I^-t. */
  readonly exponents: readonly number[];
  readonly betas: readonly number[];
  /** T: the sharpening is RK4's one step over [0, T] of dr/dt = −P r, 1 − TP + (TP)²/2 − (TP)³/6 + (TP)⁴/24. */
  readonly times: readonly number[];
  readonly degrees: readonly number[];
}

interface Total {
  recall: number;
  ndcg: number;
}

export async function run(args: readonly string[]): Promise<void> {
  const [folder = '', ...words] = args;
  const grid = gridOf(words);
  const { parts } = await loadData([join(folder, 'train.txt')], 'lightgcn', null);
  const { dataset } = parts[0]!;
  const split = splitDataset(dataset, { kind: 'random', seed: SEED, share: SHARE, leave: 1 });
  const train = split.train.matrix;
  const candidates = Array.from({ length: train.rows }, (_, user) => user).filter(
    (user) => rowLength(split.test, user) > 0 && rowLength(train, user) > 0,
  );
  const users = Int32Array.from(new Random(SEED).shuffle(candidates).slice(0, grid.users)).sort();
  console.error(`${users.length} users, ${train.indices.length} entries, test ${split.test.indices.length}`);
  for (const a of grid.userExponents) {
    for (const b of grid.itemExponents) await measure(train, split.test, users, a, b, grid);
  }
}

async function measure(
  train: CsrMatrix,
  test: CsrMatrix,
  users: Int32Array,
  a: number,
  b: number,
  { ranks, exponents, betas, times, degrees }: Grid,
): Promise<void> {
  const began = performance.now();
  const degree = degreesOf(transpose(train));
  const itemScale = degree.map((value) => value ** -b);
  const userScale = degreesOf(train).map((value) => value ** (-2 * a));
  const unscaled = await openGraphEngine({ interactions: train, userScale, itemScale });
  const highest = Math.max(1, ...ranks);
  const { values, vectors } = finish(leadingEigenvectorSteps(unscaled, train.columns, highest, SEED));
  const largest = values[0]!;
  const engine = await openGraphEngine({
    interactions: train,
    userScale: userScale.map((value) => value / largest),
    itemScale,
  });
  const quarters = [0, 0.25, 0.5, 0.75, 1].map((part) =>
    (values[Math.min(values.length - 1, Math.floor(part * values.length))]! / largest).toFixed(4),
  );
  console.error(
    `a ${a} b ${b}: λ ${largest.toFixed(4)}, eigenvalues ${quarters.join(' ')}, ${seconds(began)} s`,
  );
  const items = train.columns;
  const gains = degrees.map((q) => Float32Array.from(degree, (value) => value ** q));
  const totals = new Map<string, Total>();
  for (let first = 0; first < users.length; first += GRAPH_LANES) {
    const batch = users.subarray(first, first + GRAPH_LANES);
    const histories = selectRows(train, batch);
    const linear = powersOf(engine, histories, null);
    for (const rank of ranks) {
      for (const exponent of rank === 0 ? [0] : exponents) {
        const low =
          rank === 0
            ? null
            : powersOf(engine, histories, lowPass(vectors, values.length, rank, degree, exponent));
        for (const beta of low === null ? [0] : betas) {
          const merged = low === null ? linear : linear.map((power, at) => sumOf(power, beta, low[at]!));
          for (const time of times) {
            const sharpened = sharpen(merged, time);
            for (const [at, gain] of gains.entries()) {
              const name = `a ${a} b ${b} rank ${rank} t ${exponent} beta ${beta} T ${time} q ${degrees[at]}`;
              const total = totals.get(name) ?? { recall: 0, ndcg: 0 };
              batch.forEach((user, row) => {
                const own = sharpened.subarray(row * items, (row + 1) * items);
                const seen = train.indices.subarray(train.indptr[user], train.indptr[user + 1]);
                const relevant = new Set(test.indices.subarray(test.indptr[user], test.indptr[user + 1]));
                const list = rankTopK(productOf(own, gain), seen, K);
                total.recall += recallAtK(list, relevant, K);
                total.ndcg += ndcgAtK(list, relevant, K);
              });
              totals.set(name, total);
            }
          }
        }
      }
    }
  }
  const sorted = [...totals].sort(([, one], [, other]) => other.ndcg - one.ndcg);
  for (const [name, { recall, ndcg }] of sorted) {
    console.log(
      `${name}: recall ${(recall / users.length).toFixed(5)} ndcg ${(ndcg / users.length).toFixed(5)}`,
    );
  }
  console.error(`${seconds(began)} s`);
}

type Powers = readonly Float32Array[];

/** P^j of the low-pass of each history (j from 0), or P^(j+1) of the history itself; rows histories. */
function powersOf(engine: GraphEngine, histories: CsrMatrix, low: LowPass | null): Powers {
  const items = histories.columns;
  const respond = (lowPass: LowPass | null) => {
    engine.use({ coefficients: [1], lowPass, gain: new Float64Array(items).fill(1) });
    return finish(engine.scores(histories));
  };
  let power = respond(null);
  if (low !== null) {
    const linear = power;
    power = respond(low).map((value, at) => value - (linear[at] ?? 0));
  }
  const powers = [power];
  let block = turned(power, histories.rows, items);
  for (let at = 1; at < POWERS; at++) {
    block = finish(engine.blur(block, histories.rows));
    powers.push(turned(block, items, histories.rows));
  }
  return powers;
}

function sumOf(one: Float32Array, beta: number, other: Float32Array): Float32Array {
  const sum = new Float32Array(one.length);
  for (let at = 0; at < sum.length; at++) sum[at] = one[at]! + beta * other[at]!;
  return sum;
}

/** s(P) of what the powers begin with. */
function sharpen([p0, p1, p2, p3, p4]: Powers, time: number): Float32Array {
  const [c1, c2, c3, c4] = [-time, time ** 2 / 2, -(time ** 3) / 6, time ** 4 / 24];
  const sum = new Float32Array(p0!.length);
  for (let at = 0; at < sum.length; at++) {
    sum[at] = p0![at]! + c1 * p1![at]! + c2 * p2![at]! + c3 * p3![at]! + c4 * p4![at]!;
  }
  return sum;
}

function productOf(one: Float32Array, other: Float32Array): Float32Array {
  const product = new Float32Array(one.length);
  for (let at = 0; at < product.length; at++) product[at] = one[at]! * other[at]!;
  return product;
}

function lowPass(
  vectors: Float32Array,
  found: number,
  rank: number,
  degree: Float64Array,
  exponent: number,
): LowPass {
  const kept = Math.min(rank, found);
  const leading = new Float32Array(degree.length * kept);
  degree.forEach((_, item) => leading.set(vectors.subarray(item * found, item * found + kept), item * kept));
  return {
    rank: kept,
    vectors: leading,
    left: degree.map((value) => value ** exponent),
    right: degree.map((value) => value ** -exponent),
  };
}

function degreesOf({ rows, indptr }: CsrMatrix): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => Math.max(1, indptr[row + 1]! - indptr[row]!));
}

/** Row-major rows × columns to columns × rows. */
function turned(values: Float32Array, rows: number, columns: number): Float32Array<ArrayBuffer> {
  const out = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++)
      out[column * rows + row] = values[row * columns + column]!;
  }
  return out;
}

function finish<Result>(steps: Generator<void, Result>): Result {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

function gridOf(words: readonly string[]): Grid {
  const given = new Map<string, string>();
  for (let at = 0; at < words.length; at += 2) given.set(words[at]!.replace(/^--/u, ''), words[at + 1]!);
  const list = (name: string, fallback: string): number[] =>
    (given.get(name) ?? fallback).split(',').map(Number);
  return {
    users: Number(given.get('users') ?? 1000),
    userExponents: list('user-exponents', '0.5'),
    itemExponents: list('item-exponents', '0.5'),
    ranks: list('ranks', '0,256'),
    exponents: list('exponents', '0.5'),
    betas: list('betas', '0.2,0.3'),
    times: list('times', '0,1.5,2.5'),
    degrees: list('degrees', '0'),
  };
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(1);
}
