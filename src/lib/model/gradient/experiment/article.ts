import type { Hyperparameters } from '../../../types.ts';
import { softplus } from '../objective.ts';
import type { OpenPairEngine } from '../pairs/engine.ts';
import { PairFit } from '../pairs/fit.ts';
import { PAIR_MODELS, type PairModelKind } from '../pairs/hyperparameters.ts';
import type { LabelledPairs } from '../pairs/labelled-pairs.ts';
import type { PairModel } from '../pairs/model.ts';
import { plantedMatrix, type PlantedOptions } from './planted.ts';

/** After an epoch. */
export interface ExperimentPoint {
  /** 1-based. */
  readonly epoch: number;
  /** Objective per pair while training, each batch's at the factors it met. */
  readonly trainLoss: number;
  /** Mean log-loss of the held-out cells, in nats. */
  readonly heldOutLogLoss: number;
}

export interface ArticleExperimentResult {
  readonly seed: number;
  readonly planted: PlantedOptions;
  readonly trainCells: number;
  readonly heldOutCells: number;
  /** See `PlantedMatrix`. */
  readonly bayesFloor: number;
  readonly truthLogLoss: number;
  readonly models: readonly {
    readonly model: PairModelKind;
    readonly hyperparameters: Hyperparameters;
    readonly curve: readonly ExperimentPoint[];
    readonly goal: number;
    /** First epoch at or below `goal`; null where there is none. */
    readonly epochsToGoal: number | null;
  }[];
}

export interface ExperimentOptions {
  /** Left out: 1,000 × 1,000, rank 2, half observed, log-odds of deviation 400. */
  readonly planted?: Partial<PlantedOptions>;
  readonly models?: readonly PairModelKind[];
  /** Most epochs a model. */
  readonly epochs?: number;
  /** Held-out log-loss that counts as reached. */
  readonly goal?: number;
  /** Overrides of the experiment's own choice, for all models. */
  readonly hyperparameters?: Hyperparameters;
  /** Left out: the CPU. */
  readonly open?: OpenPairEngine;
  readonly signal?: AbortSignal;
  readonly onProgress?: (model: PairModelKind, point: ExperimentPoint) => void;
}

const PLANTED: PlantedOptions = {
  users: 1000,
  items: 1000,
  rank: 2,
  // The floor is then an eighth of the goal: what is left is for the models to lose.
  logOddsDeviation: 400,
  observed: 0.5,
};
const EPOCHS = 100;
const GOAL = 0.044;

/**
 * Steps are short, since constant ones leave the log-odds, whose planted size is in the hundreds, trembling; and λ is
 * small, since the planted vectors are long.
 */
const HYPERPARAMETERS: Readonly<Record<PairModelKind, Hyperparameters>> = {
  logistic: { factors: 2, learningRate: 0.02, regularization: 1e-5, batchSize: 2048 },
  ncf: { factors: 16, learningRate: 0.005, regularization: 3e-4, batchSize: 512 },
};

/**
 * The article's experiment: both its models on a planted matrix of which half is observed, with the held-out log-loss
 * after each epoch beside what the planted noise allows. Deterministic for a seed. Throws what `fitPairs` and
 * `plantedMatrix` throw.
 */
export async function articleExperiment(
  seed: number,
  options: ExperimentOptions = {},
): Promise<ArticleExperimentResult> {
  const { models = PAIR_MODELS, epochs = EPOCHS, goal = GOAL, signal, onProgress } = options;
  const planted = { ...PLANTED, ...options.planted };
  const { train, heldOut, bayesFloor, truthLogLoss } = plantedMatrix(planted, seed);
  const results: ArticleExperimentResult['models'][number][] = [];
  for (const model of models) {
    const overrides = { ...HYPERPARAMETERS[model], ...options.hyperparameters, iterations: epochs };
    const fit = await PairFit.open(model, train, overrides, {
      seed,
      ...(options.open === undefined ? {} : { open: options.open }),
    });
    try {
      const curve: ExperimentPoint[] = [];
      while (fit.epochs < epochs) {
        const { loss } = await fit.iterate(signal);
        const heldOutLogLoss = logLossOf(await fit.model(), heldOut);
        const point = { epoch: fit.epochs, trainLoss: loss, heldOutLogLoss };
        curve.push(point);
        onProgress?.(model, point);
      }
      const reached = curve.find((point) => point.heldOutLogLoss <= goal);
      results.push({
        model,
        hyperparameters: { ...fit.hyperparameters },
        curve,
        goal,
        epochsToGoal: reached?.epoch ?? null,
      });
    } finally {
      fit.dispose();
    }
  }
  return {
    seed,
    planted,
    trainCells: train.label.length,
    heldOutCells: heldOut.label.length,
    bayesFloor,
    truthLogLoss,
    models: results,
  };
}

/** Mean of −log P(label); pairs sorted by user are scored a user at a time. */
function logLossOf(model: PairModel, { user, item, label }: LabelledPairs): number {
  let sum = 0;
  let scored = -1;
  let scores = new Float32Array();
  for (let pair = 0; pair < user.length; pair++) {
    const u = user[pair] ?? 0;
    if (u !== scored) {
      scores = model.scoresOf(u);
      scored = u;
    }
    const x = scores[item[pair] ?? 0] ?? NaN;
    sum += softplus(x) - (label[pair] ?? 0) * x;
  }
  return sum / user.length;
}
