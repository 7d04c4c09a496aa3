import { runInSlices } from '../backends/slices.ts';
import { dampedBiases } from './biases.ts';
import { openDescent } from './descent-wasm.ts';
import type { Descent, DescentRates } from './descent.ts';
import { FactorModel } from './factor-model.ts';
import { NormalStream } from './normal-stream.ts';
import { checkConverging, EarlyStopping, type RatingFitOptions } from './options.ts';
import { continuedFactors, predictorOf, type PointFactors } from './point-factors.ts';
import { ratingTable, type RatingColumns, type RatingTable } from './ratings.ts';

/** What a descent needs to know, of either model. */
export interface DescentPlan extends DescentRates {
  readonly factors: number;
  readonly epochs: number;
  readonly initialScale: number;
  /** With y of SVD++. */
  readonly implied: boolean;
}

/** Of the first epoch's step length, what the last one has left: the length falls on a line. */
const LAST_RATE = 0.1;
/** Ratings visited between two looks at the clock: some milliseconds. */
const RATINGS_PER_STEP = 20_000;

/**
 * Stochastic gradient descent over the users in a new random order each epoch, a user's ratings in one random order.
 * A user's vector then stays in the nearest cache, and SVD++'s implied sums can be moved as one.
 */
export async function fitByDescent(
  ratings: RatingColumns,
  plan: DescentPlan,
  options: RatingFitOptions & { readonly start?: FactorModel },
): Promise<FactorModel> {
  const table = ratingTable(ratings, options.scale);
  const stopping = new EarlyStopping<PointFactors>(options, table);
  const random = new NormalStream(options.seed);
  const first =
    options.start === undefined
      ? startFactors(table, plan, random)
      : continuedFactors(options.start.toState(), table, plan.factors, plan.implied);
  const data = { starts: table.userStarts, items: table.item.slice(), ratings: table.rating.slice() };
  for (let user = 0; user < table.users; user++) shuffleEntries(data, user, random);
  const descent = await openDescent(data, first, plan.factors);
  const order = usersWithRatings(table);
  for (let epoch = 0; epoch < plan.epochs; epoch++) {
    const left = 1 - ((1 - LAST_RATE) * epoch) / Math.max(1, plan.epochs - 1);
    descent.setRates({ ...plan, rate: plan.rate * left, biasRate: plan.biasRate * left });
    shuffle(order, random);
    const squares = await runInSlices(epochSteps(descent, order, table), options.signal, 1);
    const trainRmse = Math.sqrt(squares / table.rating.length);
    checkConverging(trainRmse);
    const { rmse, stop } = stopping.look(
      table.scale,
      () => predictorOf(descent.factors(), table),
      () => descent.factors(),
    );
    options.onProgress?.({ iteration: epoch + 1, iterations: plan.epochs, trainRmse, validationRmse: rmse });
    if (stop) break;
  }
  const penalties = { factor: plan.regularization, bias: plan.biasRegularization, frequencyScaling: 1 };
  return FactorModel.of(stopping.best ?? descent.factors(), table, penalties, table.scale);
}

/** Visits all users; returns the sum of squared errors. */
function* epochSteps(descent: Descent, order: Int32Array, table: RatingTable): Generator<void, number> {
  let squares = 0;
  let [begin, visited] = [0, 0];
  for (let at = 0; at < order.length; at++) {
    const user = order[at] ?? 0;
    visited += (table.userStarts[user + 1] ?? 0) - (table.userStarts[user] ?? 0);
    if (visited < RATINGS_PER_STEP && at < order.length - 1) continue;
    squares += descent.visit(order.subarray(begin, at + 1));
    [begin, visited] = [at + 1, 0];
    yield;
  }
  return squares;
}

function startFactors(table: RatingTable, plan: DescentPlan, random: NormalStream): PointFactors {
  const { users, items, userStarts, itemStarts, mean } = table;
  const normals = (starts: Int32Array, rows: number): Float32Array<ArrayBuffer> => {
    const values = new Float32Array(rows * plan.factors);
    for (let row = 0; row < rows; row++) {
      // never trained: they stay 0, which is what an unknown row is predicted by
      if (starts[row] === starts[row + 1]) continue;
      const end = (row + 1) * plan.factors;
      for (let at = row * plan.factors; at < end; at++) values[at] = plan.initialScale * random.normal();
    }
    return values;
  };
  return {
    mean,
    ...dampedBiases(table),
    userFactors: normals(userStarts, users),
    itemFactors: normals(itemStarts, items),
    impliedFactors: plan.implied ? normals(itemStarts, items) : null,
  };
}

function usersWithRatings({ users, userStarts }: RatingTable): Int32Array<ArrayBuffer> {
  const all = Int32Array.from({ length: users }, (_, user) => user);
  return all.filter((user) => userStarts[user] !== userStarts[user + 1]);
}

/** Fisher–Yates. */
function shuffle(values: Int32Array, random: NormalStream): void {
  for (let last = values.length - 1; last > 0; last--) {
    const other = Math.floor(random.uniform() * (last + 1));
    const value = values[last] ?? 0;
    values[last] = values[other] ?? 0;
    values[other] = value;
  }
}

interface Entries {
  readonly starts: Int32Array;
  readonly items: Int32Array;
  readonly ratings: Float32Array;
}

/** Puts a user's ratings in random order. */
function shuffleEntries({ starts, items, ratings }: Entries, user: number, random: NormalStream): void {
  const begin = starts[user] ?? 0;
  for (let last = (starts[user + 1] ?? 0) - 1; last > begin; last--) {
    const other = begin + Math.floor(random.uniform() * (last - begin + 1));
    const item = items[last] ?? 0;
    const rating = ratings[last] ?? 0;
    items[last] = items[other] ?? 0;
    ratings[last] = ratings[other] ?? 0;
    items[other] = item;
    ratings[other] = rating;
  }
}
