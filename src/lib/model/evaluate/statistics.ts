import { Random } from '../matrix/random.ts';

/** A mean with the interval that holds it with the given confidence. */
export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 2_000;

/**
 * Percentile bootstrap of a mean over users (Efron 1979): `values` are drawn anew with replacement 2,000 times. NaN
 * for no values.
 */
export function bootstrapMean(values: ArrayLike<number>, seed: number, confidence = 0.95): Interval {
  const random = new Random(seed);
  const means = new Float64Array(RESAMPLES);
  for (let sample = 0; sample < RESAMPLES; sample++) {
    let sum = 0;
    for (let draw = 0; draw < values.length; draw++) sum += values[random.below(values.length)] ?? 0;
    means[sample] = sum / values.length;
  }
  means.sort();
  const at = (share: number): number => means[Math.min(RESAMPLES - 1, Math.floor(share * RESAMPLES))] ?? NaN;
  return { mean: meanOf(values), low: at((1 - confidence) / 2), high: at((1 + confidence) / 2) };
}

/** Standard normal quantile of a two-sided 95% interval. */
const Z_95 = 1.959964;

/**
 * A share with its 95% score interval (Wilson 1927), which stays inside 0–1 and honest for few trials (Brown, Cai,
 * DasGupta 2001). `mean` is `successes / trials`; NaN for no trials. Trials are taken to be independent.
 */
export function wilsonInterval(successes: number, trials: number): Interval {
  const mean = successes / trials;
  const square = Z_95 ** 2;
  const centre = (mean + square / (2 * trials)) / (1 + square / trials);
  const half =
    (Z_95 / (1 + square / trials)) * Math.sqrt((mean * (1 - mean)) / trials + square / (4 * trials * trials));
  // an end at the mean must not miss it by rounding
  return { mean, low: Math.min(mean, centre - half), high: Math.max(mean, centre + half) };
}

/** How two models differ on the same users. */
export interface PairedComparison {
  /** Mean of first − second, with its bootstrap interval. */
  readonly difference: Interval;
  /**
   * Two-sided p of a randomisation test (Smucker, Allan & Carterette 2007): how often a difference at least as large
   * arises where each user's two values are swapped by chance; at least 1 / 2,001.
   */
  readonly p: number;
  /** Users for whom the first is better, and worse. */
  readonly better: number;
  readonly worse: number;
}

/** `first` and `second` are one metric of two models, a value a user, in the same order. */
export function comparePaired(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  seed: number,
): PairedComparison {
  const differences = Float64Array.from(first, (value, at) => value - (second[at] ?? NaN));
  // users without a difference cannot change a sum of signs
  const moving = differences.filter((value) => value !== 0);
  const observed = Math.abs(sumOf(moving));
  const random = new Random(seed);
  let asLarge = 0;
  for (let sample = 0; sample < RESAMPLES; sample++) {
    let sum = 0;
    for (const value of moving) sum += random.uniform() < 0.5 ? value : -value;
    // rounding must not make an equal sum a smaller one
    if (Math.abs(sum) >= observed - 1e-12 * observed) asLarge++;
  }
  return {
    difference: bootstrapMean(differences, seed),
    p: (asLarge + 1) / (RESAMPLES + 1),
    better: moving.reduce((count, value) => count + Number(value > 0), 0),
    worse: moving.reduce((count, value) => count + Number(value < 0), 0),
  };
}

function meanOf(values: ArrayLike<number>): number {
  return sumOf(values) / values.length;
}

function sumOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += values[at] ?? 0;
  return sum;
}
