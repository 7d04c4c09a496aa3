import { runInSlices } from '../backends/slices.ts';
import { dampedBiases } from './biases.ts';
import { FactorModel } from './factor-model.ts';
import { NormalStream } from './normal-stream.ts';
import { checkConverging, EarlyStopping, type PredictRating, type RatingFitOptions } from './options.ts';
import { continuedFactors, copyOfFactors, predictorOf, type PointFactors } from './point-factors.ts';
import { itemOrder, ratingTable, type RatingColumns, type RatingTable } from './ratings.ts';
import { ridgeRow } from './ridge-row.ts';

/** Hyper-parameters of alternating least squares. */
export interface AlternationPlan {
  readonly factors: number;
  readonly iterations: number;
  readonly regularization: number;
  readonly biasRegularization: number;
  /** ν: a row of n ratings has the penalties λ nᵛ. */
  readonly frequencyScaling: number;
  readonly initialScale: number;
}

/** One side of the factorization: its rows, and where their entries stand in the table. */
interface Side {
  readonly starts: Int32Array;
  /** Positions in the table; null where the side's order is the table's. */
  readonly order: Int32Array | null;
  readonly biases: Float32Array<ArrayBuffer>;
  readonly factors: Float32Array<ArrayBuffer>;
  /** Row of the table's entry on this side. */
  readonly index: Int32Array;
}

/** Alternating least squares: all users exactly from the items, then all items from the users; the loss never rises. */
export async function fitByAlternation(
  ratings: RatingColumns,
  plan: AlternationPlan,
  options: RatingFitOptions & { readonly start?: FactorModel },
): Promise<FactorModel> {
  const table = ratingTable(ratings, options.scale);
  const stopping = new EarlyStopping<PointFactors>(options, table);
  const start =
    options.start === undefined
      ? startFactors(table, plan, options.seed)
      : continuedFactors(options.start.toState(), table, plan.factors, false);
  const users: Side = {
    starts: table.userStarts,
    order: null,
    biases: start.userBiases,
    factors: start.userFactors,
    index: table.user,
  };
  const items: Side = {
    starts: table.itemStarts,
    order: itemOrder(table),
    biases: start.itemBiases,
    factors: start.itemFactors,
    index: table.item,
  };
  for (let iteration = 1; iteration <= plan.iterations; iteration++) {
    await runInSlices(solveSteps(users, items, table, start.mean, plan), options.signal, 1);
    await runInSlices(solveSteps(items, users, table, start.mean, plan), options.signal, 1);
    const predict = predictorOf(start, table);
    const trainRmse = trainingRmse(table, predict);
    checkConverging(trainRmse);
    const { rmse, stop } = stopping.look(
      table.scale,
      () => predict,
      () => copyOfFactors(start),
    );
    options.onProgress?.({ iteration, iterations: plan.iterations, trainRmse, validationRmse: rmse });
    if (stop) break;
  }
  const penalties = {
    factor: plan.regularization,
    bias: plan.biasRegularization,
    frequencyScaling: plan.frequencyScaling,
  };
  return FactorModel.of(stopping.best ?? start, table, penalties, table.scale);
}

/** Solves all rows of `side` against `fixed`; yields after each. */
function* solveSteps(
  side: Side,
  fixed: Side,
  table: RatingTable,
  mean: number,
  plan: AlternationPlan,
): Generator<void, void> {
  const width = plan.factors;
  for (let row = 0; row < side.biases.length; row++) {
    const begin = side.starts[row] ?? 0;
    const count = (side.starts[row + 1] ?? 0) - begin;
    const design = new Float32Array(count * width);
    const targets = new Float64Array(count);
    for (let entry = 0; entry < count; entry++) {
      const at = side.order === null ? begin + entry : (side.order[begin + entry] ?? 0);
      const other = fixed.index[at] ?? 0;
      design.set(fixed.factors.subarray(other * width, (other + 1) * width), entry * width);
      targets[entry] = (table.rating[at] ?? 0) - mean - (fixed.biases[other] ?? 0);
    }
    const weight = count ** plan.frequencyScaling;
    const penalty = { factor: plan.regularization * weight, bias: plan.biasRegularization * weight };
    const { bias, vector } = ridgeRow(design, width, targets, penalty);
    side.biases[row] = bias;
    side.factors.set(vector, row * width);
    yield;
  }
}

function startFactors(table: RatingTable, plan: AlternationPlan, seed: number): PointFactors {
  const random = new NormalStream(seed);
  const itemFactors = new Float32Array(table.items * plan.factors);
  for (let at = 0; at < itemFactors.length; at++) itemFactors[at] = plan.initialScale * random.normal();
  return {
    mean: table.mean,
    ...dampedBiases(table),
    userFactors: new Float32Array(table.users * plan.factors),
    itemFactors,
    impliedFactors: null,
  };
}

function trainingRmse({ user, item, rating }: RatingTable, predict: PredictRating): number {
  let squares = 0;
  for (let at = 0; at < rating.length; at++) {
    squares += ((rating[at] ?? 0) - predict(user[at] ?? 0, item[at] ?? 0, undefined)) ** 2;
  }
  return Math.sqrt(squares / rating.length);
}
