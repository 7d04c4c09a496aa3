import { popularityScores } from '../popularity/popularity.ts';
import { savedFloats } from './arrays.ts';
import { resolveHyperparameters } from '../hyperparameters.ts';
import type { FittedModel, ModelAdapter } from './model.ts';

/** The baseline that knows no person; it has no hyper-parameters. */
export const adapter: ModelAdapter = {
  name: 'popularity',
  task: 'ranking',
  continues: false,
  budget: null,
  hyperparameters: (_train, overrides) => resolveHyperparameters('popularity', {}, overrides),
  searchSpace: () => [],
  fit: ({ train }) => Promise.resolve(constantModel('popularity', train.rows, {}, popularityScores(train))),
  load: (saved) => constantModel('popularity', saved.users, {}, savedFloats(saved, 'scores', [saved.items])),
};

/** The same scores for everybody. */
export function constantModel(
  kind: 'popularity' | 'recent-popularity',
  users: number,
  hyperparameters: FittedModel['hyperparameters'],
  scores: Float32Array<ArrayBuffer>,
): FittedModel {
  return {
    kind,
    hyperparameters,
    users,
    items: scores.length,
    iterations: 0,
    scoresOf: () => scores,
    foldIn: () => scores,
    save: () => ({
      kind,
      hyperparameters,
      users,
      items: scores.length,
      arrays: { scores: { shape: [scores.length], values: scores } },
    }),
  };
}
