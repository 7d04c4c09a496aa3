import { AppError } from '../../errors.ts';
import type { Hyperparameters } from '../../types.ts';

/** What a hyper-parameter may be, both ends included. */
export interface HyperparameterRule {
  readonly min: number;
  readonly max: number;
  readonly whole?: true;
}

/**
 * `defaults`, then `overrides`. Throws `hyperparameter-invalid` for an unknown name and for a value that is no number,
 * or out of its range. `factors` beyond the items are refused as well: they could not be told apart.
 */
export function checkedHyperparameters<Name extends string>(
  rules: Readonly<Record<Name, HyperparameterRule>>,
  defaults: Readonly<Record<Name, number>>,
  overrides: Hyperparameters,
  items: number,
): Readonly<Record<Name, number>> {
  for (const name of Object.keys(overrides)) {
    if (!Object.hasOwn(rules, name))
      throw invalid(name, overrides[name], 'is not a hyper-parameter of this model');
  }
  const values = { ...defaults, ...overrides };
  for (const name of Object.keys(rules) as Name[]) {
    const { min, max, whole } = rules[name];
    const value = values[name];
    if (!(value >= min && value <= max) || (whole === true && !Number.isInteger(value))) {
      throw invalid(
        name,
        value,
        `must be ${whole === true ? 'a whole number' : 'a number'} from ${min} to ${max}`,
      );
    }
  }
  const factors = (values as Readonly<Record<string, number>>)['factors'] ?? 0;
  if (factors > items) throw invalid('factors', factors, `must not be more than the ${items} items`);
  return values;
}

function invalid(name: string, value: number | undefined, rule: string): AppError {
  return new AppError('hyperparameter-invalid', `${name} ${rule}.`, {
    values: { name, value: String(value) },
    remedy: 'Leave it to the default.',
  });
}
