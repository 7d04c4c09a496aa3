import { describe, expect, it } from 'vitest';
import { BayesianModel } from '../../../../src/lib/model/explicit/bayesian-model.ts';
import { fitBayesian } from '../../../../src/lib/model/explicit/bayesian.ts';
import type { RatingProgress } from '../../../../src/lib/model/explicit/options.ts';
import { NormalStream } from '../../../../src/lib/model/explicit/normal-stream.ts';
import { holdOutRatings, ratingErrors } from '../../../../src/lib/model/explicit/options.ts';
import { ratingTable, type RatingColumns } from '../../../../src/lib/model/explicit/ratings.ts';
import { Sampler } from '../../../../src/lib/model/explicit/sampler.ts';
import { Random } from '../../../../src/lib/model/matrix/random.ts';
import { columnsOf, distance, plantedRatings } from './planted-ratings.ts';

const USERS = 60;
const ITEMS = 40;
const scale = { min: -5, max: 11 };
const planted = plantedRatings(USERS, ITEMS);
const small = { factors: 3, sweeps: 80, burnIn: 30, samples: 20 };

const fit = (ratings: RatingColumns, set: object = {}, options: object = {}): Promise<BayesianModel> =>
  fitBayesian(ratings, { ...small, ...set }, { seed: 1, scale, ...options });

/** Draws the mean of every normal, and of gammas: what is left of a sweep is plain algebra. */
class Means extends NormalStream {
  #start = new NormalStream(5);
  silent = false;

  override normal(): number {
    return this.silent ? 0 : this.#start.normal();
  }

  override gamma(shape: number, rate: number): number {
    return shape / rate;
  }
}

/**
 * The same sweep as loops over all ratings, in 64 bits, with every coefficient's derivative worked out from the model's
 * formula by whom it belongs to.
 */
class PlainSweep {
  readonly dims: number;
  w: number;
  alpha = 1;
  readonly p: number[][];
  readonly q: number[][];
  readonly y: number[][];
  readonly x: number[][];
  readonly c: number[][];
  readonly priors: { mean: number[]; precision: number[] }[];
  readonly #rows: { u: number; i: number; t: number; r: number }[];
  readonly #n: number[];
  readonly #m: number[];

  constructor(sampler: Sampler, ratings: RatingColumns, bin: Int32Array, bins: number, factors: number) {
    const state = sampler.state();
    this.dims = factors + 1;
    this.w = state.intercept;
    const split = (values: Float64Array, rows: number): number[][] =>
      Array.from({ length: this.dims }, (_, dim) => [...values.subarray(dim * rows, (dim + 1) * rows)]);
    this.p = split(sampler.userSide.own, ratings.users);
    this.q = split(sampler.itemSide.own, ratings.items);
    this.y = split(sampler.userSide.sets!.values, ratings.items);
    this.x = split(sampler.itemSide.sets!.values, ratings.users);
    this.c = split(sampler.timeSide!.own, bins);
    this.priors = [this.p, this.y, this.q, this.x, this.c].map(() => ({
      mean: Array.from({ length: this.dims }, () => 0),
      precision: Array.from({ length: this.dims }, () => 1),
    }));
    const table = ratingTable(ratings);
    this.#rows = Array.from(table.rating, (r, at) => ({
      u: table.user[at]!,
      i: table.item[at]!,
      t: bin[at]!,
      r,
    }));
    this.#n = Array.from({ length: ratings.users }, (_, u) => this.#rows.filter((row) => row.u === u).length);
    this.#m = Array.from({ length: ratings.items }, (_, i) => this.#rows.filter((row) => row.i === i).length);
  }

  a(dim: number, u: number): number {
    const own = this.#rows.filter((row) => row.u === u);
    return this.p[dim]![u]! + own.reduce((sum, { i }) => sum + this.y[dim]![i]! / Math.sqrt(this.#n[u]!), 0);
  }

  b(dim: number, i: number): number {
    const own = this.#rows.filter((row) => row.i === i);
    return this.q[dim]![i]! + own.reduce((sum, { u }) => sum + this.x[dim]![u]! / Math.sqrt(this.#m[i]!), 0);
  }

  predict({ u, i, t }: { u: number; i: number; t: number }): number {
    let value = this.w + this.a(0, u) + this.b(0, i) + this.c[0]![t]!;
    for (let dim = 1; dim < this.dims; dim++) {
      const [a, b, c] = [this.a(dim, u), this.b(dim, i), this.c[dim]![t]!];
      value += a * b + c * (a + b);
    }
    return value;
  }

  run(): void {
    const errors = (): number[] => this.#rows.map((row) => row.r - this.predict(row));
    const squares = errors().reduce((sum, e) => sum + e * e, 0);
    this.alpha = (1 + this.#rows.length / 2) / (1 + squares / 2);
    this.w += errors().reduce((sum, e) => sum + e, 0) / this.#rows.length;
    for (let dim = 0; dim < this.dims; dim++) {
      [this.p, this.y, this.q, this.x, this.c].forEach((family, at) =>
        this.#drawPrior(at, family[dim]!, dim),
      );
      const rated = new Set(this.#rows.map(({ u, i }) => `${u}-${i}`));
      const left = ({ i, t }: { i: number; t: number }): number =>
        dim === 0 ? 1 : this.b(dim, i) + this.c[dim]![t]!;
      const right = ({ u, t }: { u: number; t: number }): number =>
        dim === 0 ? 1 : this.a(dim, u) + this.c[dim]![t]!;
      const when = ({ u, i }: { u: number; i: number }): number =>
        dim === 0 ? 1 : this.a(dim, u) + this.b(dim, i);
      this.#draw(0, this.p[dim]!, dim, (row, u) => (row.u === u ? left(row) : 0));
      this.#draw(1, this.y[dim]!, dim, (row, j) =>
        rated.has(`${row.u}-${j}`) ? left(row) / Math.sqrt(this.#n[row.u]!) : 0,
      );
      this.#draw(2, this.q[dim]!, dim, (row, i) => (row.i === i ? right(row) : 0));
      this.#draw(3, this.x[dim]!, dim, (row, v) =>
        rated.has(`${v}-${row.i}`) ? right(row) / Math.sqrt(this.#m[row.i]!) : 0,
      );
      this.#draw(4, this.c[dim]!, dim, (row, t) => (row.t === t ? when(row) : 0));
    }
  }

  #drawPrior(family: number, values: number[], dim: number): void {
    const { mean, precision } = this.priors[family]!;
    const old = mean[dim]!;
    const squares = values.reduce((sum, value) => sum + (value - old) ** 2, 0) + old * old;
    precision[dim] = (1 + (values.length + 1) / 2) / (1 + squares / 2);
    mean[dim] = values.reduce((sum, value) => sum + value, 0) / (values.length + 1);
  }

  #draw(
    family: number,
    values: number[],
    dim: number,
    slope: (row: { u: number; i: number; t: number }, at: number) => number,
  ): void {
    const lambda = this.priors[family]!.precision[dim]!;
    const mu = this.priors[family]!.mean[dim]!;
    values.forEach((old, at) => {
      let [square, product] = [0, 0];
      for (const row of this.#rows) {
        const h = slope(row, at);
        if (h === 0) continue;
        square += h * h;
        product += h * (row.r - this.predict(row) + h * old);
      }
      values[at] = (this.alpha * product + lambda * mu) / (this.alpha * square + lambda);
    });
  }
}

describe('Sampler', () => {
  it('draws from the conditionals that plain loops over all ratings give', () => {
    const { ratings } = plantedRatings(7, 5, { seed: 9 });
    const table = ratingTable(ratings);
    const random = new Random(4);
    const bins = 3;
    const bin = Int32Array.from(table.rating, () => random.below(bins));
    const factors = 2;
    const means = new Means(1);
    const shape = { factors, itemSets: true, userSets: true, bin, bins, initialScale: 0.5 };
    const sampler = new Sampler(table, shape, means);
    means.silent = true;
    const plain = new PlainSweep(sampler, ratings, bin, bins, factors);
    for (let sweep = 0; sweep < 3; sweep++) {
      const steps = sampler.sweep();
      while (steps.next().done !== true);
      plain.run();
    }
    const close = (found: Float64Array, expected: number[][]): void => {
      const flat = expected.flat();
      expect(found.length).toBe(flat.length);
      flat.forEach((value, at) => expect(found[at]).toBeCloseTo(value, 8));
    };
    expect(sampler.intercept).toBeCloseTo(plain.w, 9);
    expect(sampler.noisePrecision).toBeCloseTo(plain.alpha, 8);
    close(sampler.userSide.own, plain.p);
    close(sampler.userSide.sets!.values, plain.y);
    close(sampler.itemSide.own, plain.q);
    close(sampler.itemSide.sets!.values, plain.x);
    close(sampler.timeSide!.own, plain.c);
    close(
      sampler.userSide.composite,
      plain.p.map((values, dim) => values.map((_, u) => plain.a(dim, u))),
    );
  });
});

describe('fitBayesian', () => {
  it.each([
    { itemSets: 0, userSets: 0 },
    { itemSets: 1, userSets: 0 },
    { itemSets: 1, userSets: 1 },
  ])('recovers planted ratings with %o', async (sets) => {
    const model = await fit(planted.ratings, sets);
    const found = distance(USERS, ITEMS, (user, item) => model.predict(user, item), planted.truth);
    expect(found).toBeLessThan(0.25 * distance(USERS, ITEMS, () => 3, planted.truth));
  });

  it('estimates the noise, and moves with the time of a rating', async () => {
    const day = 86_400;
    const random = new Random(8);
    const rows = [...planted.ratings.user.keys()].map((at) => {
      const time = day * random.below(4);
      const late = time >= 2 * day ? 1 : -1;
      return {
        user: planted.ratings.user[at]!,
        item: planted.ratings.item[at]!,
        rating: planted.ratings.rating[at]! + late,
        time,
      };
    });
    const model = await fit(columnsOf(USERS, ITEMS, rows), { sweeps: 150, binDays: 1 });
    const noise = model.toState().samples.map(({ noisePrecision }) => 1 / Math.sqrt(noisePrecision));
    expect(noise.reduce((sum, value) => sum + value, 0) / noise.length).toBeCloseTo(0.1, 1);
    const moved = distance(
      USERS,
      ITEMS,
      (u, i) => model.predict(u, i, 3 * day),
      (u, i) => planted.truth(u, i) + 1,
    );
    expect(moved).toBeLessThan(0.3);
    // a time that train does not have is between the two
    expect(
      Math.abs(model.score(1, 1, 99 * day) - (model.score(1, 1, 0) + model.score(1, 1, 3 * day)) / 2),
    ).toBeLessThan(0.5);
    // without a time: the user's latest one
    const own = rows.filter(({ user }) => user === 1).map(({ time }) => time);
    expect(model.predict(1, 1)).toBe(model.predict(1, 1, Math.max(...own)));
    const newcomer = model.foldIn({
      item: Int32Array.of(0, 1, 2),
      rating: Float32Array.of(4, 4, 4),
      time: Float64Array.of(0, 3 * day, day),
    });
    const updated = model.update(
      columnsOf(
        USERS + 1,
        ITEMS,
        [0, 3 * day, day].map((time, item) => ({ user: USERS, item, rating: 4, time })),
      ),
    );
    expect(updated.predict(USERS, 9)).toBeCloseTo(newcomer.predict(9), 4);
    expect(updated.predict(USERS, 9, 3 * day)).toBe(updated.predict(USERS, 9));
    expect(updated.predict(USERS, 9, 0)).toBeLessThan(updated.predict(USERS, 9));
    const timeless = await fit(columnsOf(USERS, ITEMS, rows), { binDays: 0 });
    expect(timeless.predict(1, 1, 0)).toBe(timeless.predict(1, 1, 3 * day));
  });

  it('gives the same model for the same seed, another for another', async () => {
    const first = (await fit(planted.ratings)).scoresOf(3);
    expect((await fit(planted.ratings)).scoresOf(3)).toEqual(first);
    expect((await fit(planted.ratings, {}, { seed: 2 })).scoresOf(3)).not.toEqual(first);
  });

  it('folds a user in as the sampler would have, and updates likewise', async () => {
    const model = await fit(planted.ratings, { sweeps: 200, samples: 60 });
    const entries = [...planted.ratings.user.keys()].filter((at) => planted.ratings.user[at] === 5);
    const history = {
      item: Int32Array.from(entries, (at) => planted.ratings.item[at]!),
      rating: Float32Array.from(entries, (at) => planted.ratings.rating[at]!),
    };
    const folded = model.foldIn(history);
    for (let item = 0; item < ITEMS; item++)
      expect(Math.abs(folded.predict(item) - model.predict(5, item))).toBeLessThan(0.15);
    expect(folded.scores()[3]).toBeCloseTo(folded.predict(3), 9);
    const row = {
      ...history,
      user: new Int32Array(entries.length).fill(USERS),
      users: USERS + 1,
      items: ITEMS,
    };
    const updated = model.update(row);
    for (let item = 0; item < ITEMS; item++)
      expect(updated.predict(USERS, item)).toBeCloseTo(folded.predict(item), 4);
    expect(updated.predict(4, 4)).toBe(model.predict(4, 4));
    const blank = model.foldIn({ item: new Int32Array(), rating: new Float32Array() });
    expect(Number.isFinite(blank.predict(0))).toBe(true);
    expect(() => model.update({ ...row, items: ITEMS + 1 })).toThrow(
      expect.objectContaining({ code: 'input-invalid' }),
    );
  });

  it('predicts users and items without ratings from the priors', async () => {
    const model = await fit({ ...planted.ratings, users: USERS + 1, items: ITEMS + 1 });
    const blank = model.foldIn({ item: new Int32Array(), rating: new Float32Array() });
    for (let item = 0; item < ITEMS; item++)
      expect(model.predict(USERS, item)).toBeCloseTo(blank.predict(item), 5);
    expect(Math.abs(model.predict(USERS, ITEMS) - 3)).toBeLessThan(1);
  });

  it('is the same model after toState and fromState, and goes on from there', async () => {
    const model = await fit(planted.ratings);
    const state = structuredClone(model.toState());
    expect(BayesianModel.fromState(state).scoresOf(2)).toEqual(model.scoresOf(2));
    expect(() => BayesianModel.fromState({ ...state, samples: [] })).toThrow(
      expect.objectContaining({ code: 'snapshot-corrupt' }),
    );
    expect(() => BayesianModel.fromState({ ...state, items: ITEMS + 1 })).toThrow(
      expect.objectContaining({ code: 'snapshot-corrupt' }),
    );
    // one sweep is far from burnt in, but for a model that goes on
    const once = { sweeps: 1, burnIn: 0, samples: 1 };
    const grown = { ...planted.ratings, users: USERS + 2, items: ITEMS + 1 };
    const further = await fit(grown, once, { start: model });
    const cold = await fit(grown, once);
    const far = (of: BayesianModel): number =>
      distance(USERS, ITEMS, (u, i) => of.predict(u, i), planted.truth);
    expect(far(further)).toBeLessThan(0.5 * far(cold));
    await expect(fit(planted.ratings, { factors: 2 }, { start: model })).rejects.toMatchObject({
      code: 'input-invalid',
    });
  });

  it('reports the error of the mean so far', async () => {
    const { train, heldOut } = holdOutRatings(planted.ratings, 0.1, 3);
    const seen: RatingProgress[] = [];
    const onProgress = (progress: RatingProgress): unknown => seen.push(progress);
    const model = await fit(train, {}, { validation: heldOut, onProgress });
    expect(seen.length).toBe(small.sweeps);
    expect(seen.filter(({ validationRmse }) => validationRmse !== null).length).toBe(small.samples);
    const { rmse } = ratingErrors(heldOut, scale, (user, item) => model.predict(user, item));
    expect(seen.at(-1)!.validationRmse).toBeCloseTo(rmse, 6);
  });

  it('can be cancelled', async () => {
    const control = new AbortController();
    const onProgress = (): void => control.abort();
    await expect(fit(planted.ratings, {}, { signal: control.signal, onProgress })).rejects.toMatchObject({
      code: 'cancelled',
    });
  });

  it.each([
    { factors: ITEMS + 1 },
    { factors: Number.NaN },
    { sweeps: 10, burnIn: 10 },
    { samples: 0 },
    { itemSets: 2 },
    { binDays: -1 },
    { regularization: 1 },
  ])('refuses %o', async (set) => {
    await expect(fit(planted.ratings, set)).rejects.toMatchObject({ code: 'hyperparameter-invalid' });
  });

  it('refuses more time bins than can be kept', async () => {
    const rows = [0, 1].map((user) => ({ user, item: 0, rating: user, time: user * 1e12 }));
    await expect(fit(columnsOf(2, 1, rows), { factors: 1, binDays: 1 })).rejects.toMatchObject({
      code: 'hyperparameter-invalid',
    });
  });
});
