import { AppError } from '../../errors.ts';
import { MODEL_NAMES, type ModelAdapter, type ModelName } from './model.ts';

/** Each adapter in a chunk of its own: a page loads only the models it uses. */
const ADAPTERS: Readonly<Record<ModelName, () => Promise<{ readonly adapter: ModelAdapter }>>> = {
  ials: () => import('./ials.ts'),
  mf: () => import('./mf.ts'),
  svdpp: () => import('./svdpp.ts'),
  bayesian: () => import('./bayesian.ts'),
  logistic: () => import('./logistic.ts'),
  ncf: () => import('./ncf.ts'),
  logreg: () => import('./logreg.ts'),
  deep: () => import('./deep.ts'),
  bpr: () => import('./bpr.ts'),
  ccl: () => import('./ccl.ts'),
  ease: () => import('./ease.ts'),
  itemknn: () => import('./itemknn.ts'),
  rp3beta: () => import('./rp3beta.ts'),
  popularity: () => import('./popularity.ts'),
  'recent-popularity': () => import('./recent-popularity.ts'),
  'graph-filter': () => import('./graph-filter.ts'),
};

/** Loads the adapter of a model by name. Throws `input-invalid` naming what there is. */
export async function modelAdapter(name: string): Promise<ModelAdapter> {
  const known = MODEL_NAMES.find((model) => model === name);
  if (known !== undefined) return (await ADAPTERS[known]()).adapter;
  throw new AppError('input-invalid', `There is no model called ${JSON.stringify(name)}.`, {
    values: { model: name },
    remedy: `Give one of: ${MODEL_NAMES.join(', ')}.`,
  });
}
