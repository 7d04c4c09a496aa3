import { AppError } from '../../errors.ts';
import { recentPopularity } from '../popularity/recent.ts';
import { savedFloats } from './arrays.ts';
import { resolveHyperparameters } from '../hyperparameters.ts';
import type { ModelAdapter } from './model.ts';
import { constantModel } from './popularity.ts';

const RULES = { halfLifeDays: { default: 30, min: 1e-3, max: 1e5 } } as const;

export const adapter: ModelAdapter = {
  name: 'recent-popularity',
  task: 'ranking',
  continues: false,
  budget: null,
  hyperparameters: (_train, overrides) => resolveHyperparameters('recent-popularity', RULES, overrides),
  searchSpace: () => [{ name: 'halfLifeDays', min: 1, max: 1000, scale: 'log' }],
  fit: ({ train, timestamps, hyperparameters }) => {
    if (timestamps === null) {
      return Promise.reject(
        new AppError('not-enough-data', 'Recent popularity needs times, and the data has none.', {
          remedy: 'Take popularity.',
        }),
      );
    }
    const scores = recentPopularity(train, timestamps, hyperparameters['halfLifeDays'] ?? 0);
    return Promise.resolve(constantModel('recent-popularity', train.rows, hyperparameters, scores));
  },
  load: (saved) =>
    constantModel(
      'recent-popularity',
      saved.users,
      saved.hyperparameters,
      savedFloats(saved, 'scores', [saved.items]),
    ),
};
