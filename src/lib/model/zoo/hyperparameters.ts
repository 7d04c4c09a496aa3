import type { Hyperparameters } from '../../types.ts';
import { checkHyperparameters, type HyperparameterRule } from '../hyperparameters.ts';

/** A rule with the value that counts where none is given. */
export interface DefaultedRule extends HyperparameterRule {
  readonly default: number;
}

/** Defaults, then `overrides`, checked against the rules of `model`. Throws `hyperparameter-invalid`. */
export function resolveHyperparameters(
  model: string,
  rules: Readonly<Record<string, DefaultedRule>>,
  overrides: Hyperparameters,
): Hyperparameters {
  const defaults = Object.entries(rules).map(([name, rule]) => [name, rule.default] as const);
  return checkHyperparameters(model, rules, { ...Object.fromEntries(defaults), ...overrides });
}
