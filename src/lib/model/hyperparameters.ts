import { AppError } from '../errors.ts';
import type { Hyperparameters } from '../types.ts';

/** What a hyper-parameter may be, both ends included. */
export interface HyperparameterRule {
  readonly min: number;
  readonly max: number;
  readonly whole?: boolean;
}

/**
 * `values`, defaults with overrides on them, as the rules of `model` have them. Throws `hyperparameter-invalid` for an
 * unknown name, and for one that is missing, no number (NaN never is) or out of its range.
 */
export function checkHyperparameters<Name extends string>(
  model: string,
  rules: Readonly<Record<Name, HyperparameterRule>>,
  values: Hyperparameters,
): Readonly<Record<Name, number>> {
  const names = Object.keys(rules) as Name[];
  for (const [name, value] of Object.entries(values)) {
    if (Object.hasOwn(rules, name)) continue;
    const known = names.length === 0 ? 'It has none.' : `Its own: ${names.join(', ')}.`;
    throw invalid(name, value, `is not a hyper-parameter of ${model}`, known);
  }
  const checked = names.map((name): [Name, number] => {
    const value = values[name] ?? Number.NaN;
    const { min, max, whole } = rules[name];
    if (value >= min && value <= max && (whole !== true || Number.isInteger(value))) return [name, value];
    const kind = whole === true ? 'a whole number' : 'a number';
    throw invalid(name, value, `must be ${kind} from ${min} to ${max}`, 'Leave it to the default.');
  });
  return Object.fromEntries(checked) as Record<Name, number>;
}

/** A rule with the value that counts where none is given. */
export interface DefaultedRule extends HyperparameterRule {
  readonly default: number;
}

/** Defaults, then `overrides`, checked against the rules of `model`. Throws `hyperparameter-invalid`. */
export function resolveHyperparameters<Name extends string>(
  model: string,
  rules: Readonly<Record<Name, DefaultedRule>>,
  overrides: Hyperparameters,
): Readonly<Record<Name, number>> {
  const defaults = Object.entries<DefaultedRule>(rules).map(([name, rule]) => [name, rule.default] as const);
  return checkHyperparameters(model, rules, { ...Object.fromEntries(defaults), ...overrides });
}

/** Throws `hyperparameter-invalid` for more factors than items: they could not be told apart. */
export function checkFactors(factors: number | undefined, items: number): void {
  if (factors === undefined || factors <= items) return;
  throw invalid(
    'factors',
    factors,
    `must be at most the number of items, ${items}`,
    'Give fewer factors, or leave them to the default.',
  );
}

function invalid(name: string, value: number, rule: string, remedy: string): AppError {
  return new AppError('hyperparameter-invalid', `${name} ${rule}.`, {
    values: { name, value: String(value) },
    remedy,
  });
}
