/**
 * How often a feature and a class stand together, over all documents: a 2 × 2 table. Which of two classes is called
 * positive does not matter for any of the measures.
 */
export interface FeatureCounts {
  /** Documents of the positive class with the feature. */
  readonly positiveWith: number;
  /** Documents of the other class with the feature. */
  readonly negativeWith: number;
  /** All documents of the positive class. */
  readonly positives: number;
  /** All documents of the other class. */
  readonly negatives: number;
}

/**
 * χ² of a feature's independence of the class (Yang & Pedersen 1997), 0 where they are independent:
 *
 *   N (A·D − C·B)² / ((A + C)(B + D)(A + B)(C + D))
 *
 * with A, B the positive and other documents with the feature, C, D those without it. 0 for a feature that all
 * documents have, or none, and where there is one class only.
 */
export function chiSquared({ positiveWith, negativeWith, positives, negatives }: FeatureCounts): number {
  const without = { positive: positives - positiveWith, negative: negatives - negativeWith };
  const total = positives + negatives;
  const product =
    positives * negatives * (positiveWith + negativeWith) * (without.positive + without.negative);
  if (product === 0) return 0;
  const difference = positiveWith * without.negative - without.positive * negativeWith;
  return (total * difference * difference) / product;
}

/**
 * Mutual information of a feature's presence and the class in bits (Manning, Raghavan & Schütze 2008, 13.5.1):
 *
 *   Σ_t Σ_c (N_tc / N) log2(N · N_tc / (N_t · N_c)),   t: with or without the feature, c: the class
 *
 * An empty cell counts 0, its limit.
 */
export function mutualInformation({
  positiveWith,
  negativeWith,
  positives,
  negatives,
}: FeatureCounts): number {
  const total = positives + negatives;
  if (total === 0) return 0;
  const having = positiveWith + negativeWith;
  const part = (cell: number, row: number, column: number): number =>
    cell === 0 ? 0 : (cell / total) * Math.log2((total * cell) / (row * column));
  return (
    part(positiveWith, having, positives) +
    part(negativeWith, having, negatives) +
    part(positives - positiveWith, total - having, positives) +
    part(negatives - negativeWith, total - having, negatives)
  );
}

/** Positions of the `limit` greatest values, ascending; ties go to the lower position. */
export function greatest(values: ArrayLike<number>, limit: number): number[] {
  return Array.from({ length: values.length }, (_, at) => at)
    .sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b)
    .slice(0, limit)
    .sort((a, b) => a - b);
}
