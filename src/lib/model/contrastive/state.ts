import { AppError } from '../../errors.ts';
import type { PairwiseSide, PairwiseState } from '../backends/pairwise.ts';
import { dotAt } from '../linear/dense.ts';
import { rowLength, type CsrMatrix } from '../matrix/csr.ts';
import { normalMatrix } from '../matrix/random.ts';
import type { ItemRows } from './objective.ts';

/** Everything to go on from, or to serve from; structured-cloneable. */
export interface ContrastiveState<H> {
  readonly hyperparameters: H;
  readonly seed: number;
  /** Epochs that lie behind. */
  readonly epochs: number;
  readonly sides: PairwiseState;
}

/** Standard deviation of BPR's first factors, times √factors. */
const INITIAL_SCALE = 0.1;

/** Seeded normal rows, of length 1 on the sphere; 0 for users without items, who are never trained. */
export function firstSides(
  positives: CsrMatrix,
  factors: number,
  seed: number,
  onSphere: boolean,
): PairwiseState {
  const users = firstSide(positives.rows, factors, seed, onSphere);
  for (let user = 0; user < positives.rows; user++) {
    if (rowLength(positives, user) === 0) users.factors.fill(0, user * factors, (user + 1) * factors);
  }
  // another stream than the users': equal ones would start at cos = 1
  return { users, items: firstSide(positives.columns, factors, seed ^ 0x5eed, onSphere) };
}

/**
 * The sides of a state, with what `blank` has for items that took no step yet. Users who took none, but have items
 * now, begin where `foldIn` puts them. Throws `input-invalid` for a state of another shape.
 */
export function continuedSides<H extends { readonly factors: number }>(
  positives: CsrMatrix,
  from: ContrastiveState<H>,
  factors: number,
  blank: PairwiseState,
  foldIn: (items: ItemRows, own: Int32Array) => Float64Array,
): PairwiseState {
  const { users, items } = checkedState(from).sides;
  const fits =
    from.hyperparameters.factors === factors &&
    users.steps.length <= positives.rows &&
    items.steps.length <= positives.columns;
  if (!fits) {
    throw new AppError('input-invalid', 'The saved model is of another shape than the matrix.', {
      values: {
        users: positives.rows,
        items: positives.columns,
        factors,
        savedUsers: users.steps.length,
        savedItems: items.steps.length,
        savedFactors: from.hyperparameters.factors,
      },
    });
  }
  takeOver(blank.users, users, factors);
  takeOver(blank.items, items, factors);
  if (from.epochs === 0) return blank;
  const known = { factors, data: blank.items.factors };
  blank.users.steps.forEach((steps, user) => {
    if (steps > 0 || rowLength(positives, user) === 0) return;
    const own = positives.indices.subarray(positives.indptr[user], positives.indptr[user + 1]);
    blank.users.factors.set(foldIn(known, own), user * factors);
  });
  return blank;
}

/** Throws `input-invalid` where the parts of a state do not fit together or hold a value that is not finite. */
export function checkedState<H extends { readonly factors: number }>(
  state: ContrastiveState<H>,
): ContrastiveState<H> {
  const { factors } = state.hyperparameters;
  for (const side of [state.sides.users, state.sides.items]) {
    const rows = side.steps.length;
    const fits =
      side.factors.length === rows * factors &&
      side.firstMoment.length === rows * factors &&
      side.secondMoment.length === rows &&
      [side.factors, side.firstMoment, side.secondMoment].every((part) => part.every(Number.isFinite)) &&
      side.steps.every((steps) => steps >= 0);
    if (!fits) throw new AppError('input-invalid', 'A saved model whose parts do not fit together.');
  }
  if (Number.isInteger(state.epochs) && state.epochs >= 0 && Number.isInteger(state.seed)) return state;
  throw new AppError('input-invalid', 'A saved model without a seed or a number of epochs.');
}

function firstSide(rows: number, factors: number, seed: number, onSphere: boolean): PairwiseSide {
  const values = normalMatrix(rows, factors, INITIAL_SCALE / Math.sqrt(factors), seed);
  for (let row = 0; onSphere && row < rows; row++) {
    const own = values.subarray(row * factors, (row + 1) * factors);
    const vector = Float64Array.from(own);
    const length = Math.sqrt(dotAt(vector, vector, 0));
    own.forEach((value, p) => (own[p] = value / length));
  }
  return {
    factors: values,
    firstMoment: new Float32Array(rows * factors),
    secondMoment: new Float32Array(rows),
    steps: new Int32Array(rows),
  };
}

/** Rows that have taken a step; those that have not are, with the same seed, where they were. */
function takeOver(side: PairwiseSide, known: PairwiseSide, factors: number): void {
  known.steps.forEach((steps, row) => {
    if (steps === 0) return;
    const [begin, end] = [row * factors, (row + 1) * factors];
    side.factors.set(known.factors.subarray(begin, end), begin);
    side.firstMoment.set(known.firstMoment.subarray(begin, end), begin);
    side.secondMoment[row] = known.secondMoment[row] ?? 0;
    side.steps[row] = steps;
  });
}
