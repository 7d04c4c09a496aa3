import { AppError } from '../../errors.ts';
import type { Hyperparameters } from '../../types.ts';

/** What a hyper-parameter may be, and what it is if nobody says. */
export interface Rule {
  readonly min: number;
  readonly max: number;
  readonly whole?: boolean;
  readonly value: number;
}

/** Defaults, then `overrides`. Throws `hyperparameter-invalid` naming an unknown name or a value out of range. */
export function checked<Name extends string>(
  rules: Readonly<Record<Name, Rule>>,
  overrides: Hyperparameters,
): Readonly<Record<Name, number>> {
  const values = Object.fromEntries(Object.entries<Rule>(rules).map(([name, { value }]) => [name, value]));
  for (const [name, value] of Object.entries(overrides)) {
    const rule = Object.entries<Rule>(rules).find(([known]) => known === name)?.[1];
    const sound =
      rule !== undefined &&
      value >= rule.min &&
      value <= rule.max &&
      (rule.whole !== true || Number.isInteger(value));
    if (!sound) {
      const range = rule === undefined ? {} : { min: rule.min, max: rule.max };
      throw new AppError(
        'hyperparameter-invalid',
        rule === undefined
          ? `The model has no hyper-parameter ${name}.`
          : `${name} must be a ${rule.whole === true ? 'whole number' : 'number'} from ${rule.min} to ${rule.max}.`,
        { values: { name, value: String(value), ...range }, remedy: 'Leave it to the default.' },
      );
    }
    values[name] = value;
  }
  return values as Record<Name, number>;
}
