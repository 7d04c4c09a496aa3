import { describe, expect, it } from 'vitest';
import { openDescent } from '../../../../src/lib/model/explicit/descent-wasm.ts';
import { PlainDescent, type DescentRatings } from '../../../../src/lib/model/explicit/descent.ts';
import { copyOfFactors, type PointFactors } from '../../../../src/lib/model/explicit/point-factors.ts';
import { ratingTable } from '../../../../src/lib/model/explicit/ratings.ts';
import { normalMatrix } from '../../../../src/lib/model/matrix/random.ts';
import { relativeError } from '../support/random-matrices.ts';
import { plantedRatings } from './planted-ratings.ts';

const RATES = {
  biasRate: 0.03,
  rate: 0.05,
  biasRegularization: 0.04,
  regularization: 0.2,
  impliedRegularization: 0.3,
};
const USERS = 9;
const ITEMS = 7;

function problem(
  width: number,
  implied: boolean,
  seed: number,
): { data: DescentRatings; factors: PointFactors } {
  const table = ratingTable(plantedRatings(USERS, ITEMS, { seed }).ratings);
  return {
    data: { starts: table.userStarts, items: table.item, ratings: table.rating },
    factors: {
      mean: table.mean,
      userBiases: normalMatrix(USERS, 1, 0.2, seed + 11),
      itemBiases: normalMatrix(ITEMS, 1, 0.2, seed + 12),
      userFactors: normalMatrix(USERS, width, 0.4, seed + 13),
      itemFactors: normalMatrix(ITEMS, width, 0.4, seed + 14),
      impliedFactors: implied ? normalMatrix(ITEMS, width, 0.4, seed + 15) : null,
    },
  };
}

/** Koren's steps one rating at a time, in 64 bits: each y_j of the user is touched at each rating. */
function stepwise(
  { starts, items, ratings }: DescentRatings,
  factors: PointFactors,
  width: number,
  users: readonly number[],
): { factors: Record<string, number[]>; squares: number } {
  const [ub, ib, p, q] = [
    factors.userBiases,
    factors.itemBiases,
    factors.userFactors,
    factors.itemFactors,
  ].map((values) => [...values]) as [number[], number[], number[], number[]];
  const y = [...(factors.impliedFactors ?? [])];
  let squares = 0;
  for (const u of users) {
    const history = [...items.subarray(starts[u], starts[u + 1])];
    const norm = 1 / Math.sqrt(history.length);
    for (let entry = starts[u]!; entry < starts[u + 1]!; entry++) {
      const i = items[entry]!;
      const a = Array.from({ length: width }, (_, m) =>
        y.length === 0
          ? p[u * width + m]!
          : p[u * width + m]! + norm * history.reduce((sum, j) => sum + y[j * width + m]!, 0),
      );
      const e =
        ratings[entry]! -
        factors.mean -
        ub[u]! -
        ib[i]! -
        a.reduce((sum, value, m) => sum + value * q[i * width + m]!, 0);
      squares += e * e;
      ub[u]! += RATES.biasRate * (e - RATES.biasRegularization * ub[u]!);
      ib[i]! += RATES.biasRate * (e - RATES.biasRegularization * ib[i]!);
      for (let m = 0; m < width; m++) {
        const old = q[i * width + m]!;
        q[i * width + m]! += RATES.rate * (e * a[m]! - RATES.regularization * old);
        p[u * width + m]! += RATES.rate * (e * old - RATES.regularization * p[u * width + m]!);
        if (y.length === 0) continue;
        for (const j of history) {
          y[j * width + m]! +=
            RATES.rate * (e * norm * old - RATES.impliedRegularization * y[j * width + m]!);
        }
      }
    }
  }
  return {
    factors: { userBiases: ub, itemBiases: ib, userFactors: p, itemFactors: q, impliedFactors: y },
    squares,
  };
}

const ORDER = [4, 0, 8, 2, 1, 7, 3, 6, 5];

describe.each([
  ['biased', false],
  ['SVD++', true],
] as const)('descent of the %s model', (_, implied) => {
  it.each([1, 3, 4, 8, 13, 16, 20, 64])(
    'is the single steps, at %d factors, plain and in WebAssembly',
    async (width) => {
      const { data, factors } = problem(width, implied, width);
      const expected = stepwise(data, factors, width, [...ORDER, ...ORDER]);
      const plain = new PlainDescent(data, copyOfFactors(factors), width);
      const wasm = await openDescent(data, factors, width);
      expect(wasm).not.toBeInstanceOf(PlainDescent);
      for (const descent of [plain, wasm]) {
        descent.setRates(RATES);
        const squares = descent.visit(Int32Array.from(ORDER)) + descent.visit(Int32Array.from(ORDER));
        expect(squares / expected.squares).toBeCloseTo(1, 4);
        const found = descent.factors();
        for (const name of [
          'userBiases',
          'itemBiases',
          'userFactors',
          'itemFactors',
          'impliedFactors',
        ] as const) {
          const values = found[name] ?? new Float32Array();
          expect(values.length).toBe(expected.factors[name]!.length);
          expect(relativeError(values, expected.factors[name]!), name).toBeLessThan(2e-5);
        }
      }
    },
  );

  it('steps down the gradient of the regularized squared error', async () => {
    const width = 3;
    const { data, factors } = problem(width, implied, 77);
    // one rating: no later step mixes in
    const [user, entry] = [2, data.starts[2]!];
    const one = {
      ...data,
      starts: data.starts.map((start, at) => (at <= user ? entry : at === user + 1 ? entry + 1 : start)),
    };
    const item = data.items[entry]!;
    const norm = 1;
    const loss = (f: PointFactors): number => {
      let e = data.ratings[entry]! - f.mean - f.userBiases[user]! - f.itemBiases[item]!;
      let penalty = RATES.biasRegularization * (f.userBiases[user]! ** 2 + f.itemBiases[item]! ** 2);
      for (let m = 0; m < width; m++) {
        const [p, q] = [f.userFactors[user * width + m]!, f.itemFactors[item * width + m]!];
        const y = f.impliedFactors?.[item * width + m] ?? 0;
        e -= (p + norm * y) * q;
        penalty += RATES.regularization * (p * p + q * q) + RATES.impliedRegularization * y * y;
      }
      return (e * e + penalty) / 2;
    };
    const rate = 1e-2;
    const descent = await openDescent(one, factors, width);
    descent.setRates({ ...RATES, rate, biasRate: rate });
    descent.visit(Int32Array.of(user));
    const moved = descent.factors();
    const at = {
      userFactors: user * width,
      itemFactors: item * width,
      impliedFactors: item * width,
      userBiases: user,
      itemBiases: item,
    };
    for (const name of Object.keys(at) as (keyof typeof at)[]) {
      if (factors[name] === null) continue;
      const place = at[name];
      const nudged = (by: number): PointFactors => {
        const copy = copyOfFactors(factors);
        copy[name]![place]! += by;
        return copy;
      };
      const slope = (loss(nudged(1e-2)) - loss(nudged(-1e-2))) / 2e-2;
      expect((factors[name][place]! - moved[name]![place]!) / rate, name).toBeCloseTo(slope, 3);
    }
  });
});
