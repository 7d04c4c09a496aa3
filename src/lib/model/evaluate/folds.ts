import type { Interval } from './statistics.ts';

/** 97.5% quantiles of Student's t by degrees of freedom, from 1 (Abramowitz & Stegun 1964, table 26.10). */
const T_975 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131,
  2.12, 2.11, 2.101, 2.093,
];
/** Folds for which the interval is known. */
export const MAX_FOLDS = T_975.length + 1;

/**
 * The mean over the parts of a cross-validation with its 95% t-interval. The parts share most of their train data, so
 * the interval is narrower than the truth (Bengio & Grandvalet 2004: no unbiased estimate of it exists). `values` has 2
 * to MAX_FOLDS entries.
 */
export function meanOfFolds(values: readonly number[]): Interval {
  const { length } = values;
  const mean = values.reduce((sum, value) => sum + value, 0) / length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (length - 1);
  const half = (T_975[length - 2] ?? NaN) * Math.sqrt(variance / length);
  return { mean, low: mean - half, high: mean + half };
}
