import type { Cell, DataTable } from './csv.ts';

/** What speaks for a recommended item; `item` is null for what is not the visitor's own (popularity and the like). */
export interface ExportedReason {
  readonly item: string | null;
  readonly name: string;
  readonly contribution: number;
}

export interface ExportedRecommendation {
  readonly item: string;
  readonly name: string;
  readonly score: number;
  /** All terms of the score, in any order; they sum to it. */
  readonly reasons: readonly ExportedReason[];
}

/** Reasons that have columns of their own; the others are one sum. */
const REASONS = 3;

/** Recommendations in their order, with what each score is made of: the contributions of a row sum to its score. */
export function recommendationTable(recommendations: readonly ExportedRecommendation[]): DataTable {
  const places = Array.from({ length: REASONS }, (_, at) => `reason ${at + 1}`);
  return {
    columns: [
      ...['rank', 'item', 'name', 'score'],
      ...places.flatMap((reason) => [`${reason} item`, reason, `${reason} contribution`]),
      'other contributions',
    ],
    rows: recommendations.map(({ item, name, score, reasons }, at) => {
      const bySize = reasons.toSorted((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
      const rest = bySize.slice(REASONS).reduce((sum, { contribution }) => sum + contribution, 0);
      const named = places.flatMap((_, place): Cell[] => {
        const reason = bySize[place];
        return [reason?.item, reason?.name, reason?.contribution];
      });
      return [at + 1, item, name, score, ...named, rest];
    }),
  };
}
