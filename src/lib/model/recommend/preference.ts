import type { ItemIndex } from '../../types.ts';
import type { ItemScores } from './item-scores.ts';
import type { Basis, Term } from './types.ts';

/** A named part of a score that is no item of the visitor's history. */
export interface OtherTerm {
  readonly type: Exclude<Term['type'], 'history'>;
  readonly contribution: number;
}

/** Why an item has its score: one contribution for each entry of the visitor's row, and the rest by name. */
export interface Contributions {
  /** Parallel to the visitor's row. */
  readonly history: Float64Array;
  readonly rest: OtherTerm | null;
}

/** What a visitor seems to want: a score for every item, each the sum of its contributions. */
export interface Preference {
  readonly basis: Basis;
  /** A score must be above this to be recommended; -Infinity where any score may be. */
  readonly threshold: number;
  readonly scores: ItemScores;
  /** Sums to the item's score within 1e-4. */
  contributions(item: ItemIndex): Contributions;
}
