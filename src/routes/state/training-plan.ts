import { AppError } from '../../lib/errors.ts';
import type { Hyperparameters, ModelSnapshot, TrainingCheckpoint } from '../../lib/types.ts';

/** What decides whether training may begin on its own. */
export interface AutoTrainFacts {
  /** The visitor's setting. */
  readonly enabled: boolean;
  /** The community's interactions are kept on the device. */
  readonly communityStored: boolean;
  /** Events of the visitor in the open shop. */
  readonly events: number;
  /** A model trained from the shop as it is now. */
  readonly hasFreshSnapshot: boolean;
  /** A run that a reload interrupted. */
  readonly hasCheckpoint: boolean;
  /** A run of this page's life ended by error or by the visitor: it is not begun again unasked. */
  readonly stopped: boolean;
}

/** True where there is something to learn from and nothing learnt yet, or an interrupted run to finish. */
export function shouldAutoTrain(facts: AutoTrainFacts): boolean {
  if (!facts.enabled || !facts.communityStored || facts.stopped) return false;
  return facts.hasCheckpoint || (facts.events > 0 && !facts.hasFreshSnapshot);
}

/** A snapshot of another version of the shop: its item positions may no longer be the catalogue's. */
export function isStale(snapshot: Pick<ModelSnapshot, 'packFingerprint'>, fingerprint: string): boolean {
  return snapshot.packFingerprint !== fingerprint;
}

/** True where a checkpoint belongs to the shop as it is now, so that a run can go on from it. */
export function isResumable(checkpoint: TrainingCheckpoint, fingerprint: string): boolean {
  return checkpoint.packFingerprint === fingerprint;
}

/** Bounds of what the visitor may set; the model's own validation is stricter where it must be. */
export const ADVANCED_LIMITS = {
  factors: { min: 2, max: 256 },
  iterations: { min: 1, max: 200 },
} as const;
export type AdvancedKey = keyof typeof ADVANCED_LIMITS;

/** What the visitor typed under "advanced"; an empty field leaves the default that the model takes from the data. */
export type AdvancedInput = Readonly<Record<AdvancedKey, string>>;

/**
 * Reads the advanced fields. Throws `hyperparameter-invalid` (values: name, value, min, max) for anything but a
 * whole number inside the bounds.
 */
export function readAdvanced(input: AdvancedInput): Hyperparameters {
  const read: Record<string, number> = {};
  for (const key of ['factors', 'iterations'] as const) {
    const text = input[key].trim();
    if (text === '') continue;
    const value = /^\d{1,6}$/.test(text) ? Number(text) : NaN;
    const { min, max } = ADVANCED_LIMITS[key];
    if (!(value >= min && value <= max)) {
      throw new AppError('hyperparameter-invalid', `${key} must be a whole number from ${min} to ${max}.`, {
        values: { name: key, value: text, min, max },
        remedy: `Enter a whole number from ${min} to ${max}, or leave the field empty.`,
      });
    }
    read[key] = value;
  }
  return read;
}
