import { AppError } from '../../errors.ts';
import type { TrainingCheckpoint, TrainingPoint } from '../../types.ts';
import { sealCheckpoint, verifyCheckpoint } from '../snapshot.ts';
import type { RunPlan, RunState } from './run.ts';
import type { TrainRequest } from './types.ts';

/** Rows and columns of the training matrix. */
export interface Shape {
  readonly users: number;
  readonly items: number;
}

/**
 * The request's checkpoint where it is sound and was made by the same run: pack, model, seed, shape, and every
 * hyper-parameter that the request names. Null where there is none, or it is damaged or another run's: the run then
 * starts anew. Hyper-parameters that the request leaves open are the checkpoint's: the defaults move a little with
 * each of the visitor's events, and that is no reason to lose a run.
 */
export async function fittingCheckpoint(
  request: TrainRequest,
  shape: Shape,
): Promise<TrainingCheckpoint | null> {
  const { checkpoint } = request;
  if (checkpoint === null || !(await isSound(checkpoint))) return null;
  const fits =
    checkpoint.packId === request.packId &&
    checkpoint.packFingerprint === request.packFingerprint &&
    checkpoint.model === request.model &&
    checkpoint.seed === request.seed &&
    checkpoint.users === shape.users &&
    checkpoint.items === shape.items &&
    Object.entries(request.hyperparameters).every(
      ([name, value]) => checkpoint.hyperparameters[name] === value,
    );
  return fits ? checkpoint : null;
}

/** A checkpoint of a run after `history`. Throws `training-diverged` for a state that must not be kept. */
export async function makeCheckpoint(
  request: TrainRequest,
  plan: RunPlan,
  shape: Shape,
  state: RunState,
  history: readonly TrainingPoint[],
): Promise<TrainingCheckpoint> {
  const last = history.at(-1);
  if (last === undefined) throw new AppError('internal', 'A checkpoint before the first iteration.');
  return sealCheckpoint({
    packId: request.packId,
    packFingerprint: request.packFingerprint,
    model: request.model,
    hyperparameters: plan.hyperparameters,
    seed: request.seed,
    iteration: last.iteration,
    ...shape,
    factors: plan.factors,
    ...state,
    history,
    savedAt: Date.now(),
  });
}

async function isSound(checkpoint: TrainingCheckpoint): Promise<boolean> {
  try {
    await verifyCheckpoint(checkpoint);
    return true;
  } catch {
    return false; // `snapshot-corrupt`; the page has looked at it too, and told the visitor
  }
}
