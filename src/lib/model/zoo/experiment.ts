import { AppError } from '../../errors.ts';
import type { Hyperparameters } from '../../types.ts';
import { selectEntries, type Dataset } from '../evaluate/dataset.ts';
import { evaluateModel, type FoldedUsers, type ModelEvaluation } from '../evaluate/evaluate-model.ts';
import type { Split } from '../evaluate/splits.ts';
import { checkFactors } from '../hyperparameters.ts';
import type { CsrMatrix } from '../matrix/csr.ts';
import type { TrainingDevice } from '../train/devices.ts';
import type { FitProgress, FittedModel, ModelAdapter, Task } from './model.ts';

/** What the values of a data set mean. */
export interface Values {
  /** From this on an entry is relevant; 1 for interactions without ratings. */
  readonly relevantFrom: number;
  /** Of ratings; null for interactions without. */
  readonly scale: { readonly min: number; readonly max: number } | null;
}

/** Ratings from three quarters of their scale on are relevant: 4 and 5 of 1–5. */
const RELEVANT_PART = 0.75;

/** What the values of a data set mean: ratings, unless all are alike. */
export function valuesOf({ data }: CsrMatrix): Values {
  let min = Infinity;
  let max = -Infinity;
  for (const value of data) {
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  if (!(max > min)) return { relevantFrom: Number.isFinite(max) ? max : 1, scale: null };
  return { relevantFrom: min + RELEVANT_PART * (max - min), scale: { min, max } };
}

/**
 * What a model of `task` learns from: ratings as they are; for `probability` 1 where relevant, else 0; for `ranking`
 * the relevant entries alone, at 1 (the others are left out of the lists all the same).
 */
export function trainingData(dataset: Dataset, task: Task, { relevantFrom }: Values): Dataset {
  if (task === 'rating') return dataset;
  const relevant = (value: number): boolean => value >= relevantFrom;
  if (task === 'probability') {
    const data = dataset.matrix.data.map((value) => Number(relevant(value)));
    return { ...dataset, matrix: { ...dataset.matrix, data } };
  }
  const kept = selectEntries(dataset, (entry) => relevant(dataset.matrix.data[entry] ?? 0));
  return { ...kept, matrix: { ...kept.matrix, data: kept.matrix.data.map(() => 1) } };
}

export interface ExperimentRequest {
  readonly adapter: ModelAdapter;
  readonly split: Split;
  readonly values: Values;
  /** items × features (categories) for the models that learn from them; left out where the data has none. */
  readonly features?: CsrMatrix | null;
  /** Overrides of the defaults. */
  readonly hyperparameters: Hyperparameters;
  readonly seed: number;
  readonly device: TrainingDevice;
  readonly ks: readonly number[];
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (progress: FitProgress) => Promise<'stop' | undefined> | 'stop' | undefined;
}

export interface Experiment {
  readonly model: FittedModel;
  readonly evaluation: ModelEvaluation;
  readonly fitSeconds: number;
  readonly trainEntries: number;
}

/**
 * Fits a model on train and measures it on test. Throws `not-enough-data` for an empty train,
 * `hyperparameter-invalid`, also for more factors than items, and what fitting throws.
 */
export async function runExperiment(request: ExperimentRequest): Promise<Experiment> {
  const { adapter, split, values, ks, signal } = request;
  const { model, fitSeconds, trainEntries } = await fitModel({ ...request, train: split.train });
  const evaluation = await evaluateModel(model, {
    task: adapter.task,
    seen: split.train.matrix,
    test: split.test,
    relevantFrom: values.relevantFrom,
    scale: values.scale,
    folded: foldedUsers(split, adapter.task, values),
    ks,
    signal,
  });
  return { model, evaluation, fitSeconds, trainEntries };
}

/** A ranking learns from liked items alone; what a person is known to have rated is no news to them all the same. */
export function foldedUsers({ folded }: Split, task: Task, values: Values): FoldedUsers | null {
  if (folded === null) return null;
  return { histories: trainingData({ matrix: folded, timestamps: null }, task, values).matrix, seen: folded };
}

export type FitModelRequest = Omit<ExperimentRequest, 'split' | 'ks'> & { readonly train: Dataset };

/** The first half of `runExperiment`. */
export async function fitModel(request: FitModelRequest): Promise<Omit<Experiment, 'evaluation'>> {
  const { adapter, train, values, seed, device, signal, onProgress } = request;
  const { matrix, timestamps } = trainingData(train, adapter.task, values);
  if (matrix.indices.length === 0) {
    throw new AppError('not-enough-data', 'There is nothing to train on.', {
      values: { entries: train.matrix.indices.length, relevantFrom: values.relevantFrom },
      remedy: 'Give a train part with interactions that count as relevant.',
    });
  }
  const hyperparameters = adapter.hyperparameters(matrix, request.hyperparameters);
  checkFactors(hyperparameters['factors'], matrix.columns);
  const started = performance.now();
  const model = await adapter.fit({
    train: matrix,
    timestamps,
    features: request.features ?? null,
    hyperparameters,
    seed,
    device,
    signal,
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  return { model, fitSeconds: (performance.now() - started) / 1000, trainEntries: matrix.indices.length };
}
