import { AppError } from '../../lib/errors.ts';
import type { ModelName } from '../../lib/model/index.ts';
import type { DeviceKind, ExperimentSplit } from '../../lib/types.ts';
import type { ExperimentChoice } from '../state/experiments.svelte.ts';

export const CHOICE_LIMITS = {
  length: { min: 1, max: 100 },
  seed: { min: 0, max: 2_147_483_647 },
  tuneMinutes: { min: 1, max: 600 },
} as const;
export type ChoiceNumber = keyof typeof CHOICE_LIMITS;

/** Of the interactions, or of the shoppers, that is tested; a cross-validation has five parts. */
const TEST_SHARE = 0.2;

/** The form as it was filled in. */
export interface ChoiceForm {
  readonly models: readonly ModelName[];
  readonly split: ExperimentSplit['kind'];
  readonly device: 'auto' | DeviceKind;
  readonly tune: boolean;
  readonly numbers: Readonly<Record<ChoiceNumber, string>>;
}

/** Reads the form. Throws `hyperparameter-invalid` with the `name` of the number. */
export function readChoice({ models, split, device, tune, numbers }: ChoiceForm): ExperimentChoice {
  const number = (name: ChoiceNumber): number => whole(name, numbers[name]);
  const seed = number('seed');
  return {
    ...{ models, device, seed, hyperparameters: {}, k: number('length') },
    split: { kind: split, seed, share: TEST_SHARE, leave: 1 },
    tuneSeconds: tune ? 60 * number('tuneMinutes') : null,
  };
}

function whole(name: ChoiceNumber, text: string): number {
  const { min, max } = CHOICE_LIMITS[name];
  const value = Number(text.trim());
  if (/^\d+$/u.test(text.trim()) && value >= min && value <= max) return value;
  throw new AppError('hyperparameter-invalid', `${name} must be a whole number from ${min} to ${max}.`, {
    values: { name, value: text, min, max },
  });
}
