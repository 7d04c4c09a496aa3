import { rowLength, type CsrMatrix } from '../matrix/csr.ts';
import { Random } from '../matrix/random.ts';

/**
 * An item counts as relevant from this strength on: a basket's worth of interest (so an order, a like, 4 or 5
 * stars, or a lot of looking). Single views are left out: predicting what someone glanced at is not what a shelf
 * is for, and 4 stars is the usual threshold on rating data.
 */
export const RELEVANT_STRENGTH = 2;
/** A user is held out only with at least this many relevant items, so that some remain to fold in. */
export const MIN_RELEVANT_ITEMS = 3;
/** Share of the eligible community held out, at most MAX_HELD_OUT_USERS: enough for a mean with little noise. */
export const HELD_OUT_SHARE = 0.2;
export const MAX_HELD_OUT_USERS = 500;
/** Share of a held-out user's relevant items that become targets; the rest is folded in. */
export const TARGET_SHARE = 0.2;

/** A community user kept out of training. */
export interface HeldOutUser {
  /** Row in the matrix the split was made from. */
  readonly user: number;
  /** What is folded in: item positions, ascending, and their signed strengths. Filtered out of the ranking. */
  readonly item: Int32Array<ArrayBuffer>;
  readonly strength: Float32Array<ArrayBuffer>;
  /** Relevant items that nothing was told of. At least one. */
  readonly targets: ReadonlySet<number>;
}

export interface HoldOutSplit {
  /** Same shape as the matrix given; the rows of held-out users are empty, so positions stay what they were. */
  readonly train: CsrMatrix;
  /** Ascending by `user`. */
  readonly heldOut: readonly HeldOutUser[];
}

/**
 * Strong generalisation (Marlin 2004; Liang et al. 2018): whole users are held out of training, later folded in
 * with 80% of their relevant items and all their other interactions, and the remaining 20% are to be found among
 * all items not folded in. Only the first `candidates` rows are community users; the rows behind them (the
 * visitor) always train. The same seed gives the same split. With fewer than five eligible users nobody is held
 * out.
 */
export function holdOutUsers(
  strengths: CsrMatrix,
  { seed, candidates }: { readonly seed: number; readonly candidates: number },
): HoldOutSplit {
  const random = new Random(seed);
  const eligible = Array.from({ length: candidates }, (_, user) => user).filter(
    (user) => relevantEntries(strengths, user).length >= MIN_RELEVANT_ITEMS,
  );
  const count = Math.min(MAX_HELD_OUT_USERS, Math.floor(HELD_OUT_SHARE * eligible.length));
  const users = random
    .shuffle(eligible)
    .slice(0, count)
    .sort((first, second) => first - second);
  const heldOut = users.map((user) => {
    const relevant = random.shuffle(relevantEntries(strengths, user));
    const targets = Math.max(1, Math.round(TARGET_SHARE * relevant.length));
    return holdOut(strengths, user, new Set(relevant.slice(0, targets)));
  });
  return { train: withoutRows(strengths, new Set(users)), heldOut };
}

/** Interactions to train on, and for some users items to be found that are not among them. */
export interface EntrySplit {
  readonly train: CsrMatrix;
  /** Item positions by row of `train`; no set is empty. */
  readonly targets: ReadonlyMap<number, ReadonlySet<number>>;
}

/**
 * Weak generalisation: of every user with at least MIN_RELEVANT_ITEMS relevant items, TARGET_SHARE of them are held
 * out of training. The same seed gives the same split.
 */
export function holdOutEntries(strengths: CsrMatrix, seed: number): EntrySplit {
  const random = new Random(seed);
  const targets = new Map<number, ReadonlySet<number>>();
  const removed = new Set<number>();
  for (let user = 0; user < strengths.rows; user++) {
    const relevant = relevantEntries(strengths, user);
    if (relevant.length < MIN_RELEVANT_ITEMS) continue;
    const chosen = random.shuffle(relevant).slice(0, Math.max(1, Math.round(TARGET_SHARE * relevant.length)));
    for (const entry of chosen) removed.add(entry);
    targets.set(user, new Set(chosen.map((entry) => strengths.indices[entry] ?? 0)));
  }
  return { train: withoutEntries(strengths, removed), targets };
}

function withoutEntries(matrix: CsrMatrix, removed: ReadonlySet<number>): CsrMatrix {
  const indptr = new Int32Array(matrix.rows + 1);
  for (let row = 0; row < matrix.rows; row++) {
    let kept = indptr[row] ?? 0;
    for (let entry = matrix.indptr[row] ?? 0; entry < (matrix.indptr[row + 1] ?? 0); entry++) {
      if (!removed.has(entry)) kept++;
    }
    indptr[row + 1] = kept;
  }
  const stays = (_: number, entry: number): boolean => !removed.has(entry);
  return { ...matrix, indptr, indices: matrix.indices.filter(stays), data: matrix.data.filter(stays) };
}

/** Positions in `indices` of a user's relevant items. */
function relevantEntries({ indptr, data }: CsrMatrix, user: number): number[] {
  const entries: number[] = [];
  const end = indptr[user + 1] ?? 0;
  for (let entry = indptr[user] ?? 0; entry < end; entry++) {
    if ((data[entry] ?? 0) >= RELEVANT_STRENGTH) entries.push(entry);
  }
  return entries;
}

function holdOut(
  { indptr, indices, data }: CsrMatrix,
  user: number,
  targetEntries: ReadonlySet<number>,
): HeldOutUser {
  const folded: number[] = [];
  const end = indptr[user + 1] ?? 0;
  for (let entry = indptr[user] ?? 0; entry < end; entry++) {
    if (!targetEntries.has(entry)) folded.push(entry);
  }
  return {
    user,
    item: Int32Array.from(folded, (entry) => indices[entry] ?? 0),
    strength: Float32Array.from(folded, (entry) => data[entry] ?? 0),
    targets: new Set(Array.from(targetEntries, (entry) => indices[entry] ?? 0)),
  };
}

function withoutRows(matrix: CsrMatrix, removed: ReadonlySet<number>): CsrMatrix {
  const indptr = new Int32Array(matrix.rows + 1);
  for (let row = 0; row < matrix.rows; row++) {
    indptr[row + 1] = (indptr[row] ?? 0) + (removed.has(row) ? 0 : rowLength(matrix, row));
  }
  const entries = indptr[matrix.rows] ?? 0;
  const indices = new Int32Array(entries);
  const data = new Float32Array(entries);
  for (let row = 0; row < matrix.rows; row++) {
    if (removed.has(row)) continue;
    const start = indptr[row] ?? 0;
    indices.set(matrix.indices.subarray(matrix.indptr[row], matrix.indptr[row + 1]), start);
    data.set(matrix.data.subarray(matrix.indptr[row], matrix.indptr[row + 1]), start);
  }
  return { rows: matrix.rows, columns: matrix.columns, indptr, indices, data };
}

/** The held-out users' folded-in interactions as a matrix, one row a user in their order. */
export function foldedMatrix(heldOut: readonly HeldOutUser[], items: number): CsrMatrix {
  const indptr = new Int32Array(heldOut.length + 1);
  heldOut.forEach(({ item }, row) => {
    indptr[row + 1] = (indptr[row] ?? 0) + item.length;
  });
  const entries = indptr[heldOut.length] ?? 0;
  const indices = new Int32Array(entries);
  const data = new Float32Array(entries);
  heldOut.forEach(({ item, strength }, row) => {
    indices.set(item, indptr[row]);
    data.set(strength, indptr[row]);
  });
  return { rows: heldOut.length, columns: items, indptr, indices, data };
}
