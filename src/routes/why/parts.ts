import type { Explanation, Term } from '../../lib/model/index.ts';

/** An explanation as the panel shows it: the largest parts, and the rest as one sum, so that all add up. */
export interface Parts {
  readonly shown: readonly Term[];
  readonly restCount: number;
  readonly restSum: number;
  /** Largest absolute contribution, for the bars; 0 without terms. */
  readonly scale: number;
  readonly sum: number;
}

/** Parts shown one by one. */
export const MAX_PARTS = 6;

/** Splits an explanation's terms into those shown and the rest. */
export function explanationParts({ terms }: Pick<Explanation, 'terms'>, max = MAX_PARTS): Parts {
  const bySize = terms.toSorted((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
  // A single left-over part takes the place that its summary would.
  const cut = bySize.length <= max + 1 ? bySize.length : max;
  const rest = bySize.slice(cut);
  return {
    shown: bySize.slice(0, cut),
    restCount: rest.length,
    restSum: total(rest),
    scale: Math.abs(bySize[0]?.contribution ?? 0),
    sum: total(terms),
  };
}

function total(terms: readonly Term[]): number {
  return terms.reduce((sum, term) => sum + term.contribution, 0);
}
