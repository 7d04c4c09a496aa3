import { AppError } from '../../errors.ts';
import type { Hyperparameters } from '../../types.ts';

/** A hyper-parameter's rule: its default and the values it may take, ends included. */
export interface HyperparameterRule {
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly whole?: boolean;
}

/**
 * Defaults, then `overrides`, checked against the rules of `model`. Throws `hyperparameter-invalid` for an unknown
 * name and for a value that is no number in its range (NaN never is).
 */
export function resolveHyperparameters(
  model: string,
  rules: Readonly<Record<string, HyperparameterRule>>,
  overrides: Hyperparameters,
): Hyperparameters {
  for (const [name, value] of Object.entries(overrides)) {
    if (!Object.hasOwn(rules, name)) {
      const known = Object.keys(rules);
      throw invalid(
        name,
        value,
        `is not a hyper-parameter of ${model}`,
        known.length === 0 ? 'It has none.' : `Its own: ${known.join(', ')}.`,
      );
    }
  }
  return Object.fromEntries(
    Object.entries(rules).map(([name, rule]) => [name, checked(name, overrides[name] ?? rule.default, rule)]),
  );
}

function checked(name: string, value: number, { min, max, whole }: HyperparameterRule): number {
  if (value >= min && value <= max && (whole !== true || Number.isInteger(value))) return value;
  const kind = whole === true ? 'a whole number' : 'a number';
  throw invalid(name, value, `must be ${kind} from ${min} to ${max}`, 'Leave it to the default.');
}

function invalid(name: string, value: number, rule: string, remedy: string): AppError {
  return new AppError('hyperparameter-invalid', `${name} ${rule}.`, {
    values: { name, value: String(value) },
    remedy,
  });
}
