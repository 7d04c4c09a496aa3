import { AppError } from '../../errors.ts';
import type { CsrMatrix } from './csr.ts';

/**
 * The signed confidence weight of a signed strength s: sign(s) · alpha · log(1 + |s|), on top of the weight that
 * every unobserved pair has (Hu, Koren, Volinsky 2008, section 4, with ε = 1). A negative sign stands for
 * preference 0, as in `implicit`: the pair is known to be disliked with that confidence.
 *
 * The logarithm, and not alpha · |s|, by measurement: validation NDCG@10 (mean of three splits of users cut from
 * train, 32 factors, 10 iterations) with |s| / log(1 + |s|): the demo community .369 / .384, MovieLens latest-small
 * .325 / .333, Online Retail .192 / .192.
 */
export function confidenceOf(strength: number, alpha: number): number {
  return Math.sign(strength) * alpha * Math.log1p(Math.abs(strength));
}

/** The confidence weights of a matrix of strengths. Throws `hyperparameter-invalid`. */
export function confidence(strengths: CsrMatrix, alpha: number): CsrMatrix {
  if (!Number.isFinite(alpha) || alpha <= 0) {
    throw new AppError('hyperparameter-invalid', 'alpha must be a number above 0.', {
      values: { name: 'alpha', value: alpha },
      remedy: 'Leave it to the default.',
    });
  }
  return { ...strengths, data: strengths.data.map((strength) => confidenceOf(strength, alpha)) };
}
