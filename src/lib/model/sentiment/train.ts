import { chiSquared, greatest } from '../../text/select-features.ts';
import type { Hyperparameters } from '../../types.ts';
import { resolveHyperparameters } from '../hyperparameters.ts';
import { fitLogisticRegression } from '../classify/logistic-regression.ts';
import type { CsrMatrix } from '../matrix/csr.ts';
import type { LabelledFeatures } from './labelled-texts.ts';

/**
 * Weights of the features that say most: a text's log-odds of being positive are
 * `intercept` + `toneWeight` · (its tone by word lists) + Σ w / √n over the n of its features that have a weight.
 */
export interface LinearSentiment {
  readonly intercept: number;
  readonly toneWeight: number;
  /** Feature numbers of the table trained on, ascending. */
  readonly features: Int32Array;
  readonly weights: Float64Array;
  readonly iterations: number;
  readonly converged: boolean;
}

export const SENTIMENT_RULES = {
  /** Features kept. */
  features: { min: 1, max: 1_000_000, whole: true, default: 10_000 },
  /** Texts that a feature must stand in: what stands in one text says nothing of the next. */
  minTexts: { min: 1, max: 1_000_000, whole: true, default: 2 },
  /** λ of the logistic regression. */
  regularization: { min: 1e-9, max: 1e9, default: 0.3 },
  maxIterations: { min: 1, max: 100_000, whole: true, default: 500 },
} as const;

/** Texts that each feature is taken to have stood in once more, in both classes (Laplace). */
const SMOOTHING = 1;

/** Of the column of tones; greater than that of any word, so that λ hardly holds the one weight back. */
const TONE_SCALE = 4;

/**
 * Trains on the rows of a table: the features of greatest χ² among them, binary, each row scaled to length 1, each
 * column by its naive-Bayes log-ratio, and a logistic regression with an L2 penalty over that (NB-SVM: Wang & Manning
 * 2012, with the logistic loss):
 *
 *   r_f = log( (1 + texts⁺ with f) / Σ_g (1 + texts⁺ with g) ) − log( the same of texts⁻ )
 *
 * Throws `hyperparameter-invalid`, `cancelled`.
 */
export async function trainSentiment(
  table: LabelledFeatures,
  rows: readonly number[],
  overrides: Hyperparameters = {},
  signal?: AbortSignal,
): Promise<LinearSentiment> {
  const values = resolveHyperparameters('a sentiment model', SENTIMENT_RULES, overrides);
  const counts = countByClass(table, rows);
  const kept = strongest(counts, values.features, values.minTexts);
  const features = columnsOf(table, rows, kept);
  const labels = Float32Array.from(rows, (row) => table.labels[row] ?? 0);
  const regression = await fitLogisticRegression(
    { features, labels },
    { regularization: values.regularization, maxIterations: values.maxIterations },
    {
      scales: Float64Array.of(...logRatios(counts, kept), TONE_SCALE),
      ...(signal === undefined ? {} : { signal }),
    },
  );
  const { intercept, weights: fitted, iterations, converged } = regression.toState();
  const weights = fitted.slice(0, kept.length);
  return { intercept, toneWeight: fitted[kept.length] ?? 0, weights, features: kept, iterations, converged };
}

/** log-odds of each row being positive. */
export function sentimentScores(
  { intercept, toneWeight, features, weights }: LinearSentiment,
  table: LabelledFeatures,
  rows: readonly number[],
): Float64Array {
  const byFeature = new Float64Array(table.keys.length).fill(NaN);
  features.forEach((feature, at) => (byFeature[feature] = weights[at] ?? 0));
  return Float64Array.from(rows, (row) => {
    let [sum, known] = [0, 0];
    for (let at = table.indptr[row] ?? 0; at < (table.indptr[row + 1] ?? 0); at++) {
      const weight = byFeature[table.indices[at] ?? 0] ?? NaN;
      if (Number.isNaN(weight)) continue;
      sum += weight;
      known++;
    }
    return intercept + toneWeight * (table.tones[row] ?? 0) + (known > 0 ? sum / Math.sqrt(known) : 0);
  });
}

interface ClassCounts {
  /** Texts of the class; positive ones second. */
  readonly texts: readonly [number, number];
  /** Texts of the class with each feature. */
  readonly having: readonly [Int32Array, Int32Array];
}

function countByClass(
  { keys, indptr, indices, labels }: LabelledFeatures,
  rows: readonly number[],
): ClassCounts {
  const having = [new Int32Array(keys.length), new Int32Array(keys.length)] as const;
  const texts: [number, number] = [0, 0];
  for (const row of rows) {
    const label = labels[row] === 1 ? 1 : 0;
    texts[label]++;
    for (let at = indptr[row] ?? 0; at < (indptr[row + 1] ?? 0); at++) {
      const feature = indices[at] ?? 0;
      having[label][feature] = (having[label][feature] ?? 0) + 1;
    }
  }
  return { texts, having };
}

function strongest({ texts, having }: ClassCounts, limit: number, minTexts: number): Int32Array {
  const [negatives, positives] = texts;
  const values = Float64Array.from(having[1], (positiveWith, feature) => {
    const negativeWith = having[0][feature] ?? 0;
    if (positiveWith + negativeWith < minTexts) return -1;
    return chiSquared({ positiveWith, negativeWith, positives, negatives });
  });
  return Int32Array.from(greatest(values, limit).filter((feature) => (values[feature] ?? -1) >= 0));
}

function logRatios({ having }: ClassCounts, kept: Int32Array): Float64Array {
  const smoothed = having.map((counts) =>
    Float64Array.from(kept, (feature) => SMOOTHING + (counts[feature] ?? 0)),
  );
  const [negative = new Float64Array(), positive = new Float64Array()] = smoothed;
  const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
  const shift = Math.log(sum(negative)) - Math.log(sum(positive));
  return positive.map((value, at) => Math.log(value / (negative[at] ?? 1)) + shift);
}

/** The rows' kept features as 1 / √(how many of them the row has), and the row's tone as the last column. */
function columnsOf(table: LabelledFeatures, rows: readonly number[], kept: Int32Array): CsrMatrix {
  const column = new Int32Array(table.keys.length).fill(-1);
  kept.forEach((feature, at) => (column[feature] = at));
  const indptr = new Int32Array(rows.length + 1);
  const indices: number[] = [];
  const data: number[] = [];
  rows.forEach((row, at) => {
    const start = indices.length;
    for (let entry = table.indptr[row] ?? 0; entry < (table.indptr[row + 1] ?? 0); entry++) {
      const found = column[table.indices[entry] ?? 0] ?? -1;
      if (found >= 0) indices.push(found);
    }
    const scale = 1 / Math.sqrt(indices.length - start);
    for (let entry = start; entry < indices.length; entry++) data.push(scale);
    indices.push(kept.length);
    data.push(table.tones[row] ?? 0);
    indptr[at + 1] = indices.length;
  });
  return {
    rows: rows.length,
    columns: kept.length + 1,
    indptr,
    indices: Int32Array.from(indices),
    data: Float32Array.from(data),
  };
}
