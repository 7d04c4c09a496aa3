import type { Hyperparameters } from '../../types.ts';
import { throwIfCancelled } from '../backends/slices.ts';
import { historyOf } from '../evaluate/evaluate-model.ts';
import { rankTopK } from '../evaluate/rank.ts';
import { rowLength, selectRows, type CsrMatrix } from '../matrix/csr.ts';
import { savedFloats, savedLength, savedPositions } from './arrays.ts';
import type { FittedModel, History, ModelName, Ranking, SavedArray, SavedModel } from './model.ts';
import { checkUser } from './positions.ts';

/** A model that knows items only: a user is what is in their row. */
export interface HistoryScorer {
  /** One score an item, linear in the strengths. */
  scores(history: History): ArrayLike<number>;
  /** The same for many people at once, where that is faster. */
  readonly many?: ManyScorer;
  /** What each entry of the history adds to the item's score. */
  parts(history: History, item: number): Float64Array;
  /** What makes up the item side. */
  arrays(): Readonly<Record<string, SavedArray>>;
}

export interface ManyScorer {
  /** Most histories that one call takes. */
  readonly atOnce: number;
  /** A row a history: histories × items, equal to `scores` but for rounding. */
  scores(histories: CsrMatrix, signal?: AbortSignal): Promise<Float32Array>;
}

export interface HistoryModelParts {
  readonly kind: ModelName;
  readonly hyperparameters: Hyperparameters;
  readonly scorer: HistoryScorer;
  /** Users' rows; without rows where only the item side is at hand. */
  readonly train: CsrMatrix;
  /** Scores for who has no history. */
  readonly popularity: Float32Array<ArrayBuffer>;
}

/** Users ranked between two looks at the signal, and breaths of the event loop. */
const RANKED_AT_ONCE = 16;

export function historyModel(parts: HistoryModelParts): FittedModel {
  const { kind, hyperparameters, scorer, train, popularity } = parts;
  const foldIn = (history: History): ArrayLike<number> =>
    history.item.length === 0 ? popularity : scorer.scores(history);
  const rankRows = async (
    histories: CsrMatrix,
    seen: CsrMatrix,
    k: number,
    signal?: AbortSignal,
  ): Promise<Ranking> => {
    const items = new Int32Array(histories.rows * k).fill(-1);
    const { many } = scorer;
    const atOnce = many?.atOnce ?? RANKED_AT_ONCE;
    for (let first = 0; first < histories.rows; first += atOnce) {
      await new Promise((resolve) => setTimeout(resolve));
      throwIfCancelled(signal);
      const count = Math.min(atOnce, histories.rows - first);
      const rows = Int32Array.from({ length: count }, (_, at) => first + at);
      const scored = await many?.scores(selectRows(histories, rows), signal);
      for (const [at, row] of rows.entries()) {
        const history = historyOf(histories, row);
        const own =
          scored === undefined || history.item.length === 0
            ? foldIn(history)
            : scored.subarray(at * popularity.length, (at + 1) * popularity.length);
        items.set(rankTopK(own, historyOf(seen, row).item, k), row * k);
      }
    }
    return { k, items };
  };
  return {
    kind,
    hyperparameters,
    users: train.rows,
    items: popularity.length,
    iterations: 0,
    scoresOf: (user) => {
      checkUser(user, train.rows);
      return foldIn(historyOf(train, user));
    },
    foldIn,
    rank: (users, seen, k, signal) => {
      users.forEach((user) => checkUser(user, train.rows));
      return rankRows(selectRows(train, users), seen, k, signal);
    },
    rankHistories: rankRows,
    contributions: (history, item) => ({
      parts: scorer.parts(history, item),
      rest: history.item.length === 0 ? (popularity[item] ?? 0) : 0,
    }),
    update: (entries) => Promise.resolve(historyModel({ ...parts, train: withRows(train, entries) })),
    save: () => ({
      kind,
      hyperparameters,
      users: train.rows,
      items: popularity.length,
      arrays: { ...scorer.arrays(), popularity: vector(popularity), ...savedCsr('user', train) },
    }),
  };
}

/** Users' rows and popularity of a saved model, with its scorer made by `scorerOf`. */
export function loadHistoryModel(saved: SavedModel, scorer: HistoryScorer): FittedModel {
  const { kind, hyperparameters, users, items } = saved;
  return historyModel({
    kind,
    hyperparameters,
    scorer,
    train: loadedCsr(saved, 'user', users, items),
    popularity: savedFloats(saved, 'popularity', [items]),
  });
}

/** A sparse matrix as three arrays, their names beginning with `name`. */
export function savedCsr(name: string, matrix: CsrMatrix): Record<string, SavedArray> {
  return {
    [`${name}Indptr`]: { shape: [matrix.indptr.length], values: matrix.indptr },
    [`${name}Indices`]: { shape: [matrix.indices.length], values: matrix.indices },
    [`${name}Data`]: vector(matrix.data),
  };
}

/** Back from `savedCsr`; without rows where `rows` is 0. Throws `snapshot-corrupt`. */
export function loadedCsr(saved: SavedModel, name: string, rows: number, columns: number): CsrMatrix {
  if (rows === 0) return emptyMatrix(columns);
  const entries = savedLength(saved, `${name}Indices`);
  return {
    rows,
    columns,
    indptr: savedPositions(saved, `${name}Indptr`, [rows + 1], entries + 1),
    indices: savedPositions(saved, `${name}Indices`, [entries], columns),
    data: savedFloats(saved, `${name}Data`, [entries]),
  };
}

export function vector(values: Float32Array<ArrayBuffer>): SavedArray {
  return { shape: [values.length], values };
}

/** `entries`' rows in place of those of `matrix` where they have entries, and behind them. */
export function withRows(matrix: CsrMatrix, entries: CsrMatrix): CsrMatrix {
  const rows = Math.max(matrix.rows, entries.rows);
  const source = (row: number): CsrMatrix =>
    row >= matrix.rows || (row < entries.rows && rowLength(entries, row) > 0) ? entries : matrix;
  const indptr = new Int32Array(rows + 1);
  for (let row = 0; row < rows; row++) indptr[row + 1] = (indptr[row] ?? 0) + rowLength(source(row), row);
  const indices = new Int32Array(indptr[rows] ?? 0);
  const data = new Float32Array(indices.length);
  for (let row = 0; row < rows; row++) {
    const own = historyOf(source(row), row);
    indices.set(own.item, indptr[row]);
    data.set(own.strength, indptr[row]);
  }
  return { rows, columns: matrix.columns, indptr, indices, data };
}

function emptyMatrix(columns: number): CsrMatrix {
  return {
    rows: 0,
    columns,
    indptr: new Int32Array(1),
    indices: new Int32Array(0),
    data: new Float32Array(0),
  };
}
