import { MODEL_NAMES, type ModelName } from '../../lib/model/index.ts';
import type { ExperimentSplit } from '../../lib/types.ts';
import type { I18n } from '../i18n/i18n.svelte.ts';

const NAME_TEXT = {
  ials: 'models.nameIals',
  mf: 'models.nameMf',
  svdpp: 'models.nameSvdpp',
  bayesian: 'models.nameBayesian',
  logistic: 'models.nameLogistic',
  ncf: 'models.nameNcf',
  logreg: 'models.nameLogreg',
  deep: 'models.nameDeep',
  bpr: 'models.nameBpr',
  ccl: 'models.nameCcl',
  ease: 'models.nameEase',
  itemknn: 'models.nameItemknn',
  rp3beta: 'models.nameRp3beta',
  popularity: 'models.namePopularity',
  'recent-popularity': 'models.nameRecentPopularity',
  'graph-filter': 'models.nameGraphFilter',
} as const satisfies Record<ModelName, string>;

/** A model's name in the page's language; of a model that this version does not know, what it is called there. */
export function modelName(i18n: I18n, model: string): string {
  const known = MODEL_NAMES.find((name) => name === model);
  return known === undefined ? model : i18n.t(NAME_TEXT[known]);
}

export const SPLIT_TEXT = {
  random: 'models.splitRandom',
  time: 'models.splitTime',
  users: 'models.splitUsers',
  'leave-k': 'models.splitLeave',
} as const satisfies Record<ExperimentSplit['kind'], string>;

/** A metric with four decimals, as published tables have them. */
export function formatMetric(i18n: I18n, value: number): string {
  return i18n.number(value, { minimumFractionDigits: 4, maximumFractionDigits: 4 });
}
