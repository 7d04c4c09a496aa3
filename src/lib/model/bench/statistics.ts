import { AppError } from '../../errors.ts';

/**
 * The value that a share `p` of the values does not exceed, by nearest rank: the ⌈p n⌉-th smallest. Throws
 * `input-invalid` without values.
 */
export function percentile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((first, second) => first - second);
  const value = sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)];
  if (value === undefined) throw new AppError('input-invalid', 'A percentile of nothing.');
  return value;
}

/** The middle value, or the mean of the two in the middle. Throws `input-invalid` without values. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((first, second) => first - second);
  const upper = sorted[sorted.length >> 1];
  const lower = sorted[(sorted.length - 1) >> 1];
  if (upper === undefined || lower === undefined) throw new AppError('input-invalid', 'A median of nothing.');
  return (lower + upper) / 2;
}

/** y ≈ coefficient · x^exponent. */
export interface PowerLaw {
  readonly exponent: number;
  readonly coefficient: number;
}

/**
 * The power law through points by least squares in the logarithms of both axes. Null for fewer than two different
 * x. Every coordinate must be above 0.
 */
export function fitPowerLaw(points: readonly { readonly x: number; readonly y: number }[]): PowerLaw | null {
  const logs = points.map(({ x, y }) => ({ x: Math.log(x), y: Math.log(y) }));
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const meanX = mean(logs.map(({ x }) => x));
  const meanY = mean(logs.map(({ y }) => y));
  let [covariance, variance] = [0, 0];
  for (const { x, y } of logs) {
    covariance += (x - meanX) * (y - meanY);
    variance += (x - meanX) ** 2;
  }
  if (!(variance > 0)) return null;
  const exponent = covariance / variance;
  return { exponent, coefficient: Math.exp(meanY - exponent * meanX) };
}
