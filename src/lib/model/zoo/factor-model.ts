import type { Hyperparameters } from '../../types.ts';
import type { Backend } from '../backends/backend.ts';
import type { CsrMatrix } from '../matrix/csr.ts';
import { rankTopK } from '../evaluate/rank.ts';
import { savedFloats, savedLength, savedPositions } from './arrays.ts';
import type { FittedModel, History, ModelName, Ranking, SavedModel } from './model.ts';
import { checkUser } from './positions.ts';
import { vector } from './history-model.ts';

const MAX_ITERATIONS = 2 ** 31 - 1;

/** A model whose score is the dot product of a user's and an item's factors. */
export interface FactorModelParts {
  readonly kind: ModelName;
  readonly hyperparameters: Hyperparameters;
  readonly factors: number;
  readonly iterations: number;
  /** Row-major, users × factors; empty where only the item side is at hand. */
  readonly userFactors: Float32Array<ArrayBuffer>;
  /** Row-major, items × factors. */
  readonly itemFactors: Float32Array<ArrayBuffer>;
  /** Scores for who has no history. */
  readonly popularity: Float32Array<ArrayBuffer>;
  /** Users who had nothing in train get popularity: their factors say nothing. 1 each. */
  readonly coldUsers: Uint8Array<ArrayBuffer>;
  readonly fold: (history: History) => {
    readonly vector: ArrayLike<number>;
    readonly contributions: (item: number) => Float64Array;
  };
  /** Where users are ranked; null ranks them one by one. */
  readonly backend: Backend | null;
}

export function factorModel(parts: FactorModelParts): FittedModel {
  const { kind, hyperparameters, factors, iterations, userFactors, itemFactors, popularity, coldUsers } =
    parts;
  const users = userFactors.length / factors;
  const { backend } = parts;
  const dots = (vectorOfUser: ArrayLike<number>): Float64Array => {
    const scores = new Float64Array(popularity.length);
    for (let item = 0; item < scores.length; item++) {
      let sum = 0;
      for (let f = 0; f < factors; f++)
        sum += (vectorOfUser[f] ?? 0) * (itemFactors[item * factors + f] ?? 0);
      scores[item] = sum;
    }
    return scores;
  };
  const model: FittedModel = {
    kind,
    hyperparameters,
    users,
    items: popularity.length,
    iterations,
    scoresOf: (user) => {
      checkUser(user, users);
      if (coldUsers[user] === 1) return popularity;
      return dots(userFactors.subarray(user * factors, (user + 1) * factors));
    },
    foldIn: (history) => (history.item.length === 0 ? popularity : dots(parts.fold(history).vector)),
    contributions: (history, item) =>
      history.item.length === 0
        ? { parts: new Float64Array(0), rest: popularity[item] ?? 0 }
        : { parts: parts.fold(history).contributions(item), rest: 0 },
    update: (entries) => Promise.resolve(factorModel(updated(parts, entries))),
    save: () => ({
      kind,
      hyperparameters,
      users,
      items: popularity.length,
      arrays: {
        userFactors: { shape: [users, factors], values: userFactors },
        itemFactors: { shape: [popularity.length, factors], values: itemFactors },
        popularity: vector(popularity),
        iterations: { shape: [1], values: Int32Array.of(iterations) },
      },
    }),
  };
  if (backend === null) return model;
  return {
    ...model,
    rank: (given, seen, k, signal) => {
      given.forEach((user) => checkUser(user, users));
      const rows = new Float32Array(given.length * factors);
      given.forEach((user, row) =>
        rows.set(userFactors.subarray(user * factors, (user + 1) * factors), row * factors),
      );
      // popularity has no factors: a cold user is ranked by the one place that knows it
      if (given.some((user) => coldUsers[user] === 1)) return rankMixed(model, given, seen, k);
      return rankOnDevice(backend, rows, factors, itemFactors, seen, k, signal);
    },
  };
}

/** The arrays of a saved factor model; without users where there are none. Throws `snapshot-corrupt`. */
export function loadedFactors(saved: SavedModel, factors: number) {
  const { users, items } = saved;
  savedLength(saved, 'itemFactors');
  const userFactors = users === 0 ? new Float32Array(0) : savedFloats(saved, 'userFactors', [users, factors]);
  return {
    userFactors,
    itemFactors: savedFloats(saved, 'itemFactors', [items, factors]),
    popularity: savedFloats(saved, 'popularity', [items]),
    iterations: savedPositions(saved, 'iterations', [1], MAX_ITERATIONS)[0] ?? 0,
    coldUsers: coldRows(userFactors, factors),
  };
}

/** 1 for each row of zeros: such a user has nothing in train. */
export function coldRows(values: Float32Array, factors: number): Uint8Array<ArrayBuffer> {
  const cold = new Uint8Array(values.length / factors);
  for (let row = 0; row < cold.length; row++) {
    if (values.subarray(row * factors, (row + 1) * factors).every((value) => value === 0)) cold[row] = 1;
  }
  return cold;
}

/** Users with new rows are folded in anew; item factors stay. */
function updated(parts: FactorModelParts, entries: CsrMatrix): FactorModelParts {
  const { factors } = parts;
  const users = Math.max(entries.rows, parts.userFactors.length / factors);
  const userFactors = new Float32Array(users * factors);
  userFactors.set(parts.userFactors);
  for (let row = 0; row < entries.rows; row++) {
    const [begin, end] = [entries.indptr[row] ?? 0, entries.indptr[row + 1] ?? 0];
    if (begin === end) continue;
    const history = { item: entries.indices.slice(begin, end), strength: entries.data.slice(begin, end) };
    userFactors.set(Float32Array.from(parts.fold(history).vector), row * factors);
  }
  return { ...parts, userFactors, coldUsers: coldRows(userFactors, factors) };
}

async function rankOnDevice(
  backend: Backend,
  rows: Float32Array,
  factors: number,
  itemFactors: Float32Array,
  seen: CsrMatrix,
  k: number,
  signal: AbortSignal | undefined,
): Promise<Ranking> {
  const users = backend.upload(rows.length / factors, factors, rows);
  const items = backend.upload(itemFactors.length / factors, factors, itemFactors);
  const known = backend.uploadSparse(seen);
  try {
    const top = await backend.topK({ users, itemFactors: items, seen: known, k }, signal);
    return { k, items: top.items };
  } finally {
    for (const held of [users, items, known]) held.release();
  }
}

function rankMixed(model: FittedModel, users: Int32Array, seen: CsrMatrix, k: number): Promise<Ranking> {
  const items = new Int32Array(users.length * k).fill(-1);
  users.forEach((user, row) => {
    const known = seen.indices.subarray(seen.indptr[row], seen.indptr[row + 1]);
    items.set(rankTopK(model.scoresOf(user), known, k), row * k);
  });
  return Promise.resolve({ k, items });
}
