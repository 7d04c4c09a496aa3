import { AppError } from '../../errors.ts';
import { MODEL_KINDS, type Hyperparameters, type ModelKind, type TrainingCheckpoint } from '../../types.ts';
import { blankLoss, logisticHyperparameters } from '../gradient/hyperparameters.ts';
import { ialsHyperparameters } from '../ials/hyperparameters.ts';
import { confidenceOf } from '../matrix/confidence.ts';
import type { CsrMatrix } from '../matrix/csr.ts';
import type { TrainingDevice } from './devices.ts';
import { IalsRun } from './ials-run.ts';
import { LogisticRun } from './logistic-run.ts';
import type { Run, RunPlan } from './run.ts';

/** A model's plan and the way to run it on a device. */
export interface ModelPlan extends RunPlan {
  /** Goes on from `checkpoint`, or begins. */
  open(device: TrainingDevice, checkpoint: TrainingCheckpoint | null): Promise<Run>;
}

/**
 * The plan of a model for this training matrix. Throws `hyperparameter-invalid`, and `input-invalid` for an unknown
 * model.
 */
export function planFor(
  model: ModelKind,
  strengths: CsrMatrix,
  overrides: Hyperparameters,
  seed: number,
): ModelPlan {
  switch (model) {
    case 'ials': {
      const hyperparameters = ialsHyperparameters(strengths, overrides);
      return {
        hyperparameters,
        factors: hyperparameters.factors,
        iterations: hyperparameters.iterations,
        blankLoss:
          sumOf(strengths, (value) => Math.max(0, confidenceOf(value, hyperparameters.alpha))) /
          strengths.data.length,
        open: ({ backend }, checkpoint) =>
          Promise.resolve(IalsRun.open(backend, strengths, hyperparameters, seed, checkpoint)),
      };
    }
    case 'logistic': {
      const hyperparameters = logisticHyperparameters(strengths, overrides);
      return {
        hyperparameters: { ...hyperparameters },
        factors: hyperparameters.factors,
        iterations: hyperparameters.iterations,
        blankLoss: blankLoss(strengths, hyperparameters),
        open: (device, checkpoint) => LogisticRun.open(device, strengths, hyperparameters, seed, checkpoint),
      };
    }
    default:
      throw new AppError('input-invalid', 'There is no such model.', {
        values: { model, models: MODEL_KINDS.join(', ') },
      });
  }
}

function sumOf({ data }: CsrMatrix, term: (strength: number) => number): number {
  return data.reduce((sum, strength) => sum + term(strength), 0);
}
