import {
  MODEL_NAMES,
  type ModelName,
  type ProtocolDifference,
  type PublishedTable,
} from '../../lib/model/index.ts';
import type { ExperimentGroups, ExperimentSplit } from '../../lib/types.ts';
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
  kfold: 'models.splitKfold',
} as const satisfies Record<ExperimentSplit['kind'], string>;

export const DIFFERENCE_TEXT = {
  split: 'models.differentSplit',
  draw: 'models.differentDraw',
  length: 'models.differentLength',
  part: 'models.differentPart',
  stars: 'models.differentStars',
} as const satisfies Record<ProtocolDifference, string>;

const PROTOCOL_TEXT = {
  'ml-100k': 'models.protocolMl100k',
  'ml-10m': 'models.protocolMl10m',
  'ml-20m': 'models.protocolMl20m',
  gowalla: 'models.protocolGowalla',
  'amazon-book-kgat': 'models.protocolAmazonBook',
} as const satisfies Record<PublishedTable['data'], string>;

export function protocolText(i18n: I18n, data: PublishedTable['data']): string {
  return i18n.t(PROTOCOL_TEXT[data]);
}

export const GROUPED_TEXT = {
  activity: 'models.byActivity',
  taste: 'models.byTaste',
  popularity: 'models.byPopularity',
} as const satisfies Record<ExperimentGroups['by'], string>;

const GROUP_TEXT = {
  few: 'models.groupFew',
  some: 'models.groupSome',
  many: 'models.groupMany',
  popular: 'models.groupPopular',
  mixed: 'models.groupMixed',
  niche: 'models.groupNiche',
  head: 'models.groupHead',
  tail: 'models.groupTail',
} as const;

/** A group's name; of one that this version does not know, what it is called there. */
export function groupText(i18n: I18n, group: string): string {
  return group in GROUP_TEXT ? i18n.t(GROUP_TEXT[group as keyof typeof GROUP_TEXT]) : group;
}

/** A metric with four decimals, as published tables have them. */
export function formatMetric(i18n: I18n, value: number): string {
  return i18n.number(value, { minimumFractionDigits: 4, maximumFractionDigits: 4 });
}
