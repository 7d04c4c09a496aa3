import type { Hyperparameters, ItemIndex } from '../../types.ts';
import { savedIalsHyperparameters } from '../ials/hyperparameters.ts';
import { ridges } from '../ials/objective.ts';
import { Cholesky } from '../linear/cholesky.ts';
import {
  addOuter,
  addToDiagonal,
  addWeightedRows,
  gatherRows,
  gramOf,
  rowDots,
  rowOf,
  weightedGram,
} from '../linear/dense.ts';
import { confidence } from '../matrix/confidence.ts';
import type { CsrMatrix } from '../matrix/csr.ts';
import type { VisitorRow } from '../matrix/visitor-row.ts';
import type { ItemFactors } from './item-factors.ts';
import { factorScores } from './item-scores.ts';
import type { ItemScreen } from './item-screen.ts';
import type { Preference } from './preference.ts';

/** A visitor's vector and what follows from it. */
export interface FoldedVisitor extends Preference {
  /** The visitor's factors. */
  readonly vector: Float64Array;
}

/** Folds visitors in against fixed item factors. */
export interface FoldIn {
  /** A `screen` of the same item factors ranks where scores are not needed for the fold-in itself. */
  fold(row: VisitorRow, screen?: ItemScreen | null): FoldedVisitor;
  /**
   * Folds in rows that grow by an item or two from one to the next, each from what the one before has: the same as
   * `fold` but for rounding, and several times as fast for long rows. Drop it with the visitor.
   */
  sequence(): (row: VisitorRow) => FoldedVisitor;
}

/**
 * Exact fold-in for implicit ALS: the row solve of the training objective (`ials/objective`), in Float64,
 *
 *   x = A⁻¹ Σ_j w_j p_j y_j,  A = α0 YᵀY + Σ_j w_j y_j y_jᵀ + λ (n + α0·|I|)^ν I,
 *
 * with the confidence w_j > 0 and p_j = 1 where the strength is positive, else 0. So a score y_iᵀx splits exactly
 * into Σ_j y_iᵀA⁻¹ w_j p_j y_j (Hu, Koren, Volinsky 2008, section 5). The Gram matrix is made once. Throws
 * `hyperparameter-invalid` where the snapshot lacks a hyper-parameter.
 */
export function ialsFoldIn(items: ItemFactors, saved: Hyperparameters): FoldIn {
  const hyperparameters = savedIalsHyperparameters(saved);
  const { factors, data } = items;
  const scaledGram = gramOf(data, items.items, factors).map(
    (value) => hyperparameters.unobservedWeight * value,
  );

  const observedOf = (row: VisitorRow): CsrMatrix =>
    confidence(matrixOf(row, items.items), hyperparameters.alpha);
  /** `gram` is Σ_j w_j y_j y_jᵀ, lower triangle; it becomes A. */
  const solved = (
    row: VisitorRow,
    { observed, history, gram }: { observed: CsrMatrix; history: Float32Array; gram: Float64Array },
    screen: ItemScreen | null,
  ): FoldedVisitor => {
    /** w_j p_j, parallel to the row. */
    const weights = Float64Array.from(observed.data, (weight) => Math.max(0, weight));
    for (let at = 0; at < gram.length; at++) gram[at] = (gram[at] ?? 0) + (scaledGram[at] ?? 0);
    const right = new Float64Array(factors);
    addWeightedRows(history, weights, right);
    addToDiagonal(gram, factors, ridges(observed, hyperparameters)[0] ?? 0);
    const cholesky = new Cholesky(gram, factors);
    const vector = cholesky.solve(right);
    return {
      basis: 'factors',
      threshold: 0,
      vector,
      scores: factorScores(items, vector, screen),
      contributions(item: ItemIndex) {
        const shares = new Float64Array(row.item.length);
        rowDots(history, cholesky.solve(rowOf(data, item, factors)), shares);
        return { history: shares.map((share, at) => share * (weights[at] ?? 0)), rest: null };
      },
    };
  };

  return {
    fold(row, screen = null) {
      const observed = observedOf(row);
      const history = gatherRows(data, row.item, factors);
      const gram = weightedGram(history, factors, Float64Array.from(observed.data, Math.abs));
      return solved(row, { observed, history, gram }, screen);
    },
    sequence() {
      const gram = new Float64Array(factors * factors);
      /** |w_j| of what is in the Gram matrix so far. */
      let known = new Map<number, number>();
      return (row) => {
        const observed = observedOf(row);
        const now = new Map(Array.from(row.item, (item, at) => [item, Math.abs(observed.data[at] ?? 0)]));
        for (const item of new Set([...known.keys(), ...now.keys()])) {
          const change = (now.get(item) ?? 0) - (known.get(item) ?? 0);
          addOuter(gram, rowOf(data, item, factors), change);
        }
        known = now;
        const history = gatherRows(data, row.item, factors);
        return solved(row, { observed, history, gram: gram.slice() }, null);
      };
    },
  };
}

/** The visitor as a matrix of one row. */
function matrixOf({ item, strength }: VisitorRow, items: number): CsrMatrix {
  return { rows: 1, columns: items, indptr: Int32Array.of(0, item.length), indices: item, data: strength };
}
