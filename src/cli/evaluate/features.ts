import { FEATURE_MODELS, MODEL_NAMES, type CsrMatrix } from '../../lib/model/index.ts';
import type { CommandLineOutput } from '../output.ts';
import { movielensFeatures, readItemFeatures } from '../sources/item-features.ts';
import type { FitPlan } from './options.ts';

/**
 * The items' categories where the model learns from them: of the file given, else of the one beside MovieLens's
 * ratings; null where there is none. `ratings` is a file or folder of the data.
 */
export function featuresFor(
  { model, features, format }: FitPlan,
  ratings: string,
  items: readonly string[],
  { err }: CommandLineOutput,
): CsrMatrix | null {
  const name = MODEL_NAMES.find((known) => known === model);
  if (name === undefined || !FEATURE_MODELS.has(name)) {
    if (features !== null) err(`${model} does not learn from item features: --features has no influence.`);
    return null;
  }
  const file = features ?? movielensFeatures(ratings, format);
  if (file === null) {
    err(`No item categories (--features FILE): ${model} learns from what users and items had alone.`);
    return null;
  }
  const { matrix, unknown } = readItemFeatures(file, items);
  err(`${file}: ${matrix.columns} categories; ${unknown} of ${items.length} items are not in it.`);
  return matrix;
}
