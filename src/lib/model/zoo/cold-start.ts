import { popularityScores } from '../popularity/popularity.ts';
import { rowLength, type CsrMatrix } from '../matrix/csr.ts';
import { savedFloats, savedPositions } from './arrays.ts';
import type { FittedModel, SavedModel } from './model.ts';

/** What a model that knows nothing of a person falls back to. */
export interface ColdStart {
  /** One number an item. */
  readonly popularity: Float32Array<ArrayBuffer>;
  /** 1 for each user who had nothing in train. */
  readonly coldUsers: Int32Array<ArrayBuffer>;
}

export function coldStartOf(train: CsrMatrix): ColdStart {
  return {
    popularity: popularityScores(train),
    coldUsers: Int32Array.from({ length: train.rows }, (_, user) => Number(rowLength(train, user) === 0)),
  };
}

/** The part of a saved model that `withColdStart` added. Throws `snapshot-corrupt`. */
export function savedColdStart(saved: SavedModel): ColdStart {
  const { users, items } = saved;
  return {
    popularity: savedFloats(saved, 'popularity', [items]),
    coldUsers: users === 0 ? new Int32Array() : savedPositions(saved, 'userIsCold', [users], 2),
  };
}

/** The model, but by popularity for whom it knows nothing of: its own scores are then the same for every item. */
export function withColdStart(model: FittedModel, cold: ColdStart): FittedModel {
  const { popularity, coldUsers } = cold;
  return {
    ...model,
    scoresOf: (user) => (coldUsers[user] === 1 ? popularity : model.scoresOf(user)),
    foldIn: (history) => (history.item.length === 0 ? popularity : model.foldIn(history)),
    ...(model.update === undefined
      ? {}
      : {
          update: async (entries) => {
            const updated = (await model.update?.(entries)) ?? model;
            const coldNow = Int32Array.from({ length: updated.users }, (_, user) =>
              user < entries.rows && rowLength(entries, user) > 0 ? 0 : (coldUsers[user] ?? 1),
            );
            return withColdStart(updated, { popularity, coldUsers: coldNow });
          },
        }),
    save() {
      const saved = model.save();
      return {
        ...saved,
        arrays: {
          ...saved.arrays,
          popularity: { shape: [popularity.length], values: popularity },
          userIsCold: { shape: [coldUsers.length], values: coldUsers },
        },
      };
    },
  };
}
