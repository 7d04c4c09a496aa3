import { describe, expect, it } from 'vitest';
import { fitBiased } from '../../../../src/lib/model/explicit/biased.ts';
import { FactorModel } from '../../../../src/lib/model/explicit/factor-model.ts';
import {
  holdOutRatings,
  ratingErrors,
  type RatingProgress,
} from '../../../../src/lib/model/explicit/options.ts';
import { ratingTable, type RatingColumns } from '../../../../src/lib/model/explicit/ratings.ts';
import { ridgeRow } from '../../../../src/lib/model/explicit/ridge-row.ts';
import { fitSvdpp } from '../../../../src/lib/model/explicit/svdpp.ts';
import { normalMatrix } from '../../../../src/lib/model/matrix/random.ts';
import { columnsOf, distance, plantedRatings } from './planted-ratings.ts';

const USERS = 60;
const ITEMS = 40;
const scale = { min: -5, max: 11 };
const planted = plantedRatings(USERS, ITEMS);
const small = { factors: 4, regularization: 0.03 };

const FITS = {
  sgd: (ratings: RatingColumns, options: object = {}, set: object = {}) =>
    fitBiased(ratings, { ...small, epochs: 60, ...set }, { seed: 1, scale, ...options }),
  als: (ratings: RatingColumns, options: object = {}, set: object = {}) =>
    fitBiased(ratings, { ...small, iterations: 15, ...set }, { seed: 1, scale, solver: 'als', ...options }),
  svdpp: (ratings: RatingColumns, options: object = {}, set: object = {}) =>
    fitSvdpp(ratings, { ...small, epochs: 60, learningRate: 0.06, ...set }, { seed: 1, scale, ...options }),
};

describe('ridgeRow', () => {
  it('is the minimum of its objective', () => {
    const width = 3;
    const design = normalMatrix(8, width, 1, 4);
    const targets = Float64Array.from(normalMatrix(8, 1, 1, 5));
    const penalty = { bias: 0.4, factor: 0.9 };
    const loss = (bias: number, vector: ArrayLike<number>): number => {
      let total = penalty.bias * bias * bias;
      for (let m = 0; m < width; m++) total += penalty.factor * vector[m]! ** 2;
      targets.forEach((target, row) => {
        let error = target - bias;
        for (let m = 0; m < width; m++) error -= vector[m]! * design[row * width + m]!;
        total += error * error;
      });
      return total;
    };
    const { bias, vector } = ridgeRow(design, width, targets, penalty);
    const least = loss(bias, vector);
    for (const change of [-1e-3, 1e-3]) {
      expect(loss(bias + change, vector)).toBeGreaterThan(least);
      for (let m = 0; m < width; m++) {
        expect(loss(bias, vector.with(m, vector[m]! + change))).toBeGreaterThan(least);
      }
    }
  });
});

describe.each(Object.entries(FITS))('%s', (name, fit) => {
  it('recovers planted ratings much better than their mean, also where none was given', async () => {
    const model = await fit(planted.ratings);
    const found = distance(USERS, ITEMS, (user, item) => model.predict(user, item), planted.truth);
    const blank = distance(USERS, ITEMS, () => 3, planted.truth);
    expect(found).toBeLessThan(0.25 * blank);
  });

  it('gives the same model for the same seed, another for another', async () => {
    const first = (await fit(planted.ratings)).toState();
    expect((await fit(planted.ratings)).toState()).toEqual(first);
    expect((await fit(planted.ratings, { seed: 2 })).toState().itemFactors).not.toEqual(first.itemFactors);
  });

  it('predicts users and items without ratings by what is left of the formula', async () => {
    const model = await fit({ ...planted.ratings, users: USERS + 1, items: ITEMS + 1 });
    const { mean, userBiases, itemBiases } = model.toState();
    expect(model.predict(USERS, ITEMS)).toBeCloseTo(mean, 5);
    expect(model.predict(USERS, 3)).toBeCloseTo(mean + itemBiases[3]!, 5);
    expect(model.predict(4, ITEMS)).toBeCloseTo(mean + userBiases[4]!, 5);
  });

  it('scores all items as it predicts each, and clips predictions alone', async () => {
    const model = FactorModel.fromState({
      ...(await fit(planted.ratings)).toState(),
      scale: { min: 3, max: 3.5 },
    });
    const scores = model.scoresOf(7);
    scores.forEach((score, item) => {
      expect(model.predict(7, item)).toBeCloseTo(Math.min(3.5, Math.max(3, score)), 9);
    });
    expect(Math.max(...scores)).toBeGreaterThan(3.6);
  });

  it('folds a new user in from half of the ratings and predicts the other half', async () => {
    const { ratings, truth } = planted;
    const own = (user: number) => [...ratings.user.keys()].filter((at) => ratings.user[at] === user);
    const newcomer = USERS - 1;
    const without = [...ratings.user.keys()].filter((at) => ratings.user[at] !== newcomer);
    const pick = (entries: number[]) =>
      columnsOf(
        USERS,
        ITEMS,
        entries.map((at) => ({
          user: ratings.user[at]!,
          item: ratings.item[at]!,
          rating: ratings.rating[at]!,
        })),
      );
    const model = await fit(pick(without));
    const { item, rating } = pick(own(newcomer));
    const folded = model.foldIn({ item, rating });
    const asked = Array.from({ length: ITEMS }, (_, position) => position);
    const error = (predict: (item: number) => number): number =>
      asked.reduce((sum, at) => sum + (predict(at) - truth(newcomer, at)) ** 2, 0);
    expect(error((at) => folded.predict(at))).toBeLessThan(0.3 * error((at) => model.predict(newcomer, at)));
    expect(folded.scores()[5]).toBeCloseTo(folded.predict(5), 9);
    // no history: the model of a user nothing is known of
    const blank = model.foldIn({ item: new Int32Array(), rating: new Float32Array() });
    expect(blank.predict(2)).toBeCloseTo(model.predict(newcomer, 2), 6);
    // and the same user put into the model
    const updated = model.update({ ...pick(own(newcomer)), users: USERS });
    for (const at of asked) expect(updated.predict(newcomer, at)).toBeCloseTo(folded.predict(at), 4);
    for (const at of asked) expect(updated.predict(3, at)).toBe(model.predict(3, at));
  });

  it('takes in new users and new items by an update', async () => {
    const model = await fit(planted.ratings);
    const rows = Array.from({ length: 20 }, (_, item) => ({
      user: USERS,
      item,
      rating: planted.truth(0, item),
    }));
    const updated = model.update(
      columnsOf(USERS + 1, ITEMS + 1, [...rows, { user: USERS, item: ITEMS, rating: 9 }]),
    );
    expect([updated.users, updated.items]).toEqual([USERS + 1, ITEMS + 1]);
    expect(updated.predict(USERS, 30)).toBeCloseTo(planted.truth(0, 30), 0);
    expect(updated.predict(USERS, ITEMS)).toBeGreaterThan(updated.toState().mean + 1);
    expect(model.users).toBe(USERS);
  });

  it('is the same model after toState and fromState; a damaged state is refused', async () => {
    const model = await fit(planted.ratings);
    const state = structuredClone(model.toState());
    const again = FactorModel.fromState(state);
    expect(again.scoresOf(5)).toEqual(model.scoresOf(5));
    const history = { item: Int32Array.of(1, 2), rating: Float32Array.of(2, 4) };
    expect(again.foldIn(history).scores()).toEqual(model.foldIn(history).scores());
    for (const damaged of [
      { ...state, items: ITEMS + 1 },
      { ...state, userFactors: state.userFactors.map(() => Number.NaN) },
      { ...state, mean: Number.NaN },
      { ...state, version: 2 as unknown as 1 },
    ]) {
      expect(() => FactorModel.fromState(damaged)).toThrow(
        expect.objectContaining({ code: 'snapshot-corrupt' }),
      );
    }
  });

  it('goes on from a model', async () => {
    const rough = await fit(planted.ratings, {}, name === 'als' ? { iterations: 1 } : { epochs: 3 });
    const further = await fit(
      planted.ratings,
      { start: rough },
      name === 'als' ? { iterations: 5 } : { epochs: 30 },
    );
    const rmse = (model: FactorModel): number =>
      ratingErrors(planted.ratings, scale, (user, item) => model.predict(user, item)).rmse;
    expect(rmse(further)).toBeLessThan(rmse(rough) - 0.02);
    await expect(fit(planted.ratings, { start: rough }, { factors: 3 })).rejects.toMatchObject({
      code: 'input-invalid',
    });
  });

  it('ends early by validation ratings, and keeps the best state', async () => {
    const { train, heldOut } = holdOutRatings(planted.ratings, 0.1, 3);
    const seen: RatingProgress[] = [];
    const long = name === 'als' ? { iterations: 200 } : { epochs: 400 };
    const model = await fit(
      train,
      { validation: heldOut, patience: 2, onProgress: (progress: RatingProgress) => seen.push(progress) },
      { ...long, regularization: 1e-4, biasRegularization: 1e-4 },
    );
    expect(seen.length).toBeLessThan(200);
    const best = Math.min(...seen.map(({ validationRmse }) => validationRmse ?? Number.NaN));
    expect(ratingErrors(heldOut, scale, (user, item) => model.predict(user, item)).rmse).toBeCloseTo(best, 5);
    expect(seen.at(-1)!.validationRmse).toBeGreaterThan(best);
    expect(seen.at(-1)!.trainRmse).toBeLessThan(seen[0]!.trainRmse);
  });

  it('can be cancelled', async () => {
    await expect(fit(planted.ratings, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'cancelled',
    });
    const control = new AbortController();
    const onProgress = (): void => control.abort();
    await expect(fit(planted.ratings, { signal: control.signal, onProgress })).rejects.toMatchObject({
      code: 'cancelled',
    });
  });

  it.each([
    { factors: Number.NaN },
    { factors: 1.5 },
    { factors: 0 },
    { factors: ITEMS + 1 },
    { regularization: Number.NaN },
    { regularization: -1 },
    { initialScale: Number.POSITIVE_INFINITY },
    { speed: 1 },
  ])('refuses %o', async (set) => {
    await expect(fit(planted.ratings, {}, set)).rejects.toMatchObject({ code: 'hyperparameter-invalid' });
  });

  it('refuses positions that it does not have', async () => {
    const model = await fit(planted.ratings);
    for (const [user, item] of [
      [-1, 0],
      [USERS, 0],
      [0, ITEMS],
      [0.5, 0],
      [0, Number.NaN],
    ] as const) {
      expect(() => model.predict(user, item)).toThrow(expect.objectContaining({ code: 'input-invalid' }));
    }
    expect(() => model.foldIn({ item: Int32Array.of(0), rating: Float32Array.of(99) })).toThrow(
      expect.objectContaining({ code: 'input-invalid' }),
    );
  });

  it('trains on one rating', async () => {
    const one = columnsOf(1, 1, [{ user: 0, item: 0, rating: 4 }]);
    const model = await fit(one, {}, { factors: 1 });
    expect(model.predict(0, 0)).toBeCloseTo(4, 1);
  });
});

describe('fitBiased', () => {
  it('says that a descent diverged', async () => {
    const hyperparameters = { factors: 4, learningRate: 10, biasLearningRate: 10, epochs: 100 };
    await expect(fitBiased(planted.ratings, hyperparameters, { seed: 1 })).rejects.toMatchObject({
      code: 'training-diverged',
    });
  });

  it('lowers its objective with every iteration of ALS, to where no parameter has a slope', async () => {
    const losses: number[] = [];
    const set = { factors: 3, regularization: 0.05, biasRegularization: 0.05 };
    const loss = (model: FactorModel): number => {
      const table = ratingTable(planted.ratings);
      const { userBiases, itemBiases, userFactors, itemFactors } = model.toState();
      let total = 0;
      for (let at = 0; at < table.rating.length; at++) {
        const [user, item] = [table.user[at]!, table.item[at]!];
        total += (table.rating[at]! - model.scoresOf(user)[item]!) ** 2;
        // λ n ‖·‖² is λ ‖·‖² at each of the n ratings
        for (const [values, row, width] of [
          [userBiases, user, 1],
          [itemBiases, item, 1],
          [userFactors, user, 3],
          [itemFactors, item, 3],
        ] as const) {
          for (let m = 0; m < width; m++) total += 0.05 * values[row * width + m]! ** 2;
        }
      }
      return total;
    };
    let model = await fitBiased(planted.ratings, { ...set, iterations: 1 }, { seed: 1, solver: 'als' });
    losses.push(loss(model));
    for (let iteration = 0; iteration < 4; iteration++) {
      model = await fitBiased(
        planted.ratings,
        { ...set, iterations: 1 },
        { seed: 1, solver: 'als', start: model },
      );
      losses.push(loss(model));
    }
    losses.slice(1).forEach((value, at) => expect(value).toBeLessThan(losses[at]!));
    const longer = { ...set, iterations: 400 };
    const settled = await fitBiased(planted.ratings, longer, { seed: 1, solver: 'als', start: model });
    const state = settled.toState();
    const least = loss(settled);
    for (const name of ['userBiases', 'itemBiases', 'userFactors', 'itemFactors'] as const) {
      for (const place of [0, 7]) {
        const slope = [1, -1].map((sign) => {
          const values = state[name].slice();
          values[place]! += sign * 1e-2;
          return loss(FactorModel.fromState({ ...state, [name]: values })) - least;
        });
        // a minimum along the axis: up both ways, and alike
        expect(Math.min(...slope), name).toBeGreaterThan(0);
        expect(Math.abs(slope[0]! - slope[1]!) / (slope[0]! + slope[1]!)).toBeLessThan(0.05);
      }
    }
  });
});
