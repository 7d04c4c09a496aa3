import { fitPowerLaw, type BenchSuite, type ReportedResult } from '../../lib/model/index.ts';

const INTERACTIONS = [100_000, 300_000, 1_000_000, 3_000_000, 10_000_000, 20_000_000] as const;
const ITEMS = [10_000, 30_000, 100_000, 300_000, 1_000_000] as const;
const FACTORS = [32, 64, 128, 256, 512] as const;

/** What a size is. Fold-in depends on the catalogue, not on the community. */
export type SizeAxis = 'interactions' | 'items';

export function sizeAxis(suite: BenchSuite): SizeAxis {
  return suite === 'foldin' ? 'items' : 'interactions';
}

/** The sizes of a sweep that fit into `freeBytes` and are not above `maxInteractions`. */
export function sweepSizes(
  axis: SizeAxis,
  { factors, maxInteractions, freeBytes }: { factors: number; maxInteractions: number; freeBytes: number },
): readonly number[] {
  if (axis === 'items') return ITEMS.filter((items) => itemBytes(items, factors) <= freeBytes);
  return INTERACTIONS.filter(
    (interactions) => interactions <= maxInteractions && interactionBytes(interactions, factors) <= freeBytes,
  );
}

export function sweepFactors(maxFactors: number): readonly number[] {
  return FACTORS.filter((factors) => factors <= maxFactors);
}

/** How time grows along an axis, in words: the exponent fitted to the medians. */
export function growth(axis: SizeAxis | 'factors', results: readonly ReportedResult[]): string {
  const points = results.map((result) => ({ x: result[axis], y: result.milliseconds.median }));
  const law = fitPowerLaw(points);
  return law === null
    ? `time by ${axis}: fewer than two sizes say nothing about growth`
    : `time grows as ${axis}^${law.exponent.toFixed(2)} (least squares in the logarithms, ${points.length} sizes)`;
}

/** Strengths, confidences both ways and what building them takes; factors with a copy on the device. */
function interactionBytes(interactions: number, factors: number): number {
  const rows = interactions / 143 + 27_000;
  return 60 * interactions + 12 * rows * factors;
}

/** Item factors, scores and masks. */
function itemBytes(items: number, factors: number): number {
  return items * (4 * factors + 32);
}
