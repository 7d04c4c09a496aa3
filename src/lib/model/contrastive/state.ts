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

/**
 * Seeded normal rows; 0 for users without items, who are never trained. On the sphere they have length 1, and are near
 * their neighbours in the graph from the start (`spread`).
 */
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
  const items = firstSide(positives.columns, factors, seed ^ 0x5eed, onSphere);
  if (onSphere) spread(positives, users.factors, items.factors, factors);
  return { users, items };
}

/**
 * A random projection of the graph (as FastRP, Chen et al. 2019, of two steps): a user's row points where the rows of
 * their items do, weighted by 1/√n_i, n_i being an item's users; then an item's where its users' do, by 1/√n_u. Random
 * rows alone take a good part of the epochs to come that far. Items without users stay where they are.
 */
function spread(
  { rows, columns, indptr, indices }: CsrMatrix,
  users: Float32Array,
  items: Float32Array,
  factors: number,
): void {
  const itemDegrees = new Float64Array(columns);
  for (const item of indices) itemDegrees[item] = (itemDegrees[item] ?? 0) + 1;
  const sums = new Float64Array(columns * factors);
  const sum = new Float64Array(factors);
  for (let user = 0; user < rows; user++) {
    const own = indices.subarray(indptr[user], indptr[user + 1]);
    sum.fill(0);
    for (const item of own) {
      const weight = 1 / Math.sqrt(itemDegrees[item] ?? 1);
      for (let p = 0; p < factors; p++) sum[p] = (sum[p] ?? 0) + weight * (items[item * factors + p] ?? 0);
    }
    point(users, user, sum);
    const weight = 1 / Math.sqrt(own.length);
    for (const item of own) {
      for (let p = 0; p < factors; p++) {
        const at = item * factors + p;
        sums[at] = (sums[at] ?? 0) + weight * (users[user * factors + p] ?? 0);
      }
    }
  }
  for (let item = 0; item < columns; item++) {
    point(items, item, sums.subarray(item * factors, (item + 1) * factors));
  }
}

/** Sets a row to the direction of `vector`; leaves it where that has none. */
function point(rows: Float32Array, row: number, vector: Float64Array): void {
  const length = Math.sqrt(dotAt(vector, vector, 0));
  if (!(length > 0)) return;
  vector.forEach((value, p) => (rows[row * vector.length + p] = value / length));
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

/** Rows that have taken a step; those that have not are, with the same seed and matrix, where they were. */
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
