import type { Hyperparameters } from '../../types.ts';
import { throwIfCancelled } from '../backends/slices.ts';
import type { Examples, Features } from '../classify/features.ts';
import { PairFeatures, type UserSummary } from '../classify/pair-features.ts';
import type { TallyState } from '../classify/tally.ts';
import { historyOf } from '../evaluate/evaluate-model.ts';
import { rankTopK } from '../evaluate/rank.ts';
import { sigmoid } from '../gradient/objective.ts';
import { pairsOfStrengths, withNegatives } from '../gradient/pairs/labelled-pairs.ts';
import { resolveHyperparameters, type DefaultedRule } from '../hyperparameters.ts';
import { rowLength, type CsrMatrix } from '../matrix/csr.ts';
import { Random } from '../matrix/random.ts';
import { savedFloats } from './arrays.ts';
import { loadedCsr, savedCsr } from './history-model.ts';
import { labelledHistory } from './labelled-history.ts';
import type {
  FittedModel,
  FitProgress,
  History,
  ModelAdapter,
  Ranking,
  SavedArray,
  SavedModel,
  SearchRange,
} from './model.ts';
import { checkUser } from './positions.ts';

type ClassifierName = 'logreg' | 'deep';

/** What gives the log-odds of rows of features. */
interface Classifier {
  logOdds(features: Features): ArrayLike<number>;
}

interface ClassifierFit<Model> {
  readonly seed: number;
  readonly signal: AbortSignal | undefined;
  /** Goes on from here; null begins. */
  readonly start: Model | null;
  readonly onProgress: (
    progress: Omit<FitProgress, 'model'> & { readonly model: () => Model },
  ) => Promise<'stop' | undefined>;
}

/** What tells one classifier of pairs from the other. */
export interface ClassifierKind<Model extends Classifier> {
  readonly name: ClassifierName;
  readonly budget: string | null;
  /** Without `negatives`, which both have; `examples` are the pairs with the negatives drawn to them. */
  readonly rules: (examples: number, overrides: Hyperparameters) => Readonly<Record<string, DefaultedRule>>;
  readonly searchSpace: readonly SearchRange[];
  readonly fit: (
    examples: Examples,
    hyperparameters: Hyperparameters,
    options: ClassifierFit<Model>,
  ) => Promise<Model>;
  readonly iterationsOf: (model: Model) => number;
  readonly arrays: (model: Model) => Readonly<Record<string, SavedArray>>;
  /** `columns` is the number of features. */
  readonly load: (saved: SavedModel, columns: number) => Model;
}

/** Drawn a like where the data has no dislikes: a classifier of "always yes" is none. */
const NEGATIVES_WITHOUT_DISLIKES = 4;
const MAX_NEGATIVES = 1000;
/** Users ranked between two looks at the signal, and breaths of the event loop. */
const RANKED_AT_ONCE = 8;

/**
 * The adapter of a classifier of user–item pairs by their features (`classify/pair-features`): above 0 is label 1, else
 * 0. A new person is summarised from their history, without training.
 */
export function classifierAdapter<Model extends Classifier>(kind: ClassifierKind<Model>): ModelAdapter {
  return {
    name: kind.name,
    task: 'probability',
    continues: true,
    budget: kind.budget,
    hyperparameters(train, overrides) {
      const likes = train.data.reduce((count, value) => count + Number(value > 0), 0);
      const fallback = likes === train.data.length ? NEGATIVES_WITHOUT_DISLIKES : 0;
      const negatives = { default: fallback, min: 0, max: MAX_NEGATIVES, whole: true };
      const examples = train.data.length + (overrides['negatives'] ?? fallback) * likes;
      return resolveHyperparameters(kind.name, { negatives, ...kind.rules(examples, overrides) }, overrides);
    },
    searchSpace: () => kind.searchSpace,
    async fit({ train, features, hyperparameters, seed, signal, onProgress, start }) {
      const { negatives = 0, ...own } = hyperparameters;
      const observed = { ...pairsOfStrengths(train, 1), weight: null };
      const pairs = withNegatives(observed, negatives, new Random(seed));
      const itemFeatures = features ?? withoutFeatures(train.columns);
      const counted = PairFeatures.count(pairs, itemFeatures, { drawn: negatives > 0 });
      const of = (model: Model): FittedModel => fitted(kind, { model, features: counted, hyperparameters });
      const model = await kind.fit({ features: counted.training(pairs), labels: pairs.label }, own, {
        ...{ seed, signal },
        start: start === undefined ? null : kind.load(start, counted.columns),
        onProgress: async ({ model: now, ...progress }) =>
          onProgress?.({ ...progress, model: () => Promise.resolve(of(now())) }),
      });
      return of(model);
    },
    load(saved) {
      const features = loadedFeatures(saved);
      const { hyperparameters } = saved;
      return fitted(kind, { model: kind.load(saved, features.columns), features, hyperparameters });
    },
  };
}

interface Parts<Model> {
  readonly model: Model;
  readonly features: PairFeatures;
  readonly hyperparameters: Hyperparameters;
}

function fitted<Model extends Classifier>(kind: ClassifierKind<Model>, parts: Parts<Model>): FittedModel {
  const { model, features, hyperparameters } = parts;
  const { users, items } = features;
  const summaryOf = (user: number): UserSummary => {
    checkUser(user, users);
    return features.summaryOf(user);
  };
  const summarise = (history: History): UserSummary => {
    const { item, label } = labelledHistory(history, hyperparameters['negatives'] ?? 0, items);
    return features.summarise(item, label);
  };
  const scores = (summary: UserSummary): ArrayLike<number> => model.logOdds(features.ofAllItems(summary));
  const rankRows = async (
    summaryOfRow: (row: number) => UserSummary,
    seen: CsrMatrix,
    k: number,
    signal: AbortSignal | undefined,
  ): Promise<Ranking> => {
    const ranked = new Int32Array(seen.rows * k).fill(-1);
    for (let row = 0; row < seen.rows; row++) {
      if (row % RANKED_AT_ONCE === 0) await new Promise((resolve) => setTimeout(resolve));
      throwIfCancelled(signal);
      ranked.set(rankTopK(scores(summaryOfRow(row)), historyOf(seen, row).item, k), row * k);
    }
    return { k, items: ranked };
  };
  return {
    kind: kind.name,
    hyperparameters,
    users,
    items,
    iterations: kind.iterationsOf(model),
    scoresOf: (user) => scores(summaryOf(user)),
    foldIn: (history) => scores(summarise(history)),
    predict: (user, item) => sigmoid(model.logOdds(features.of([user], [item]))[0] ?? NaN),
    predictFor: (history) => {
      const own = scores(summarise(history));
      return (item) => sigmoid(own[item] ?? NaN);
    },
    rank: (given, seen, k, signal) => rankRows((row) => summaryOf(given[row] ?? -1), seen, k, signal),
    rankHistories: (histories, seen, k, signal) =>
      rankRows((row) => summarise(historyOf(histories, row)), seen, k, signal),
    update(entries) {
      const summaries = new Map<number, UserSummary>();
      for (let user = 0; user < entries.rows; user++) {
        if (user < users && rowLength(entries, user) === 0) continue;
        summaries.set(user, summarise(historyOf(entries, user)));
      }
      return Promise.resolve(fitted(kind, { ...parts, features: features.withUsers(summaries) }));
    },
    save: () => ({
      ...{ kind: kind.name, hyperparameters, users, items },
      arrays: { ...kind.arrays(model), ...featureArrays(features) },
    }),
  };
}

function featureArrays(features: PairFeatures): Record<string, SavedArray> {
  const { mean, drawn, itemFeatures, users, items, usersByFeature } = features.toState();
  const { columns } = itemFeatures;
  return {
    constants: { shape: [3], values: Float32Array.of(mean, Number(drawn), columns) },
    ...savedCsr('features', itemFeatures),
    ...tallyArrays('item', items, [items.sums.length]),
    ...tallyArrays('user', users, [users.sums.length]),
    ...tallyArrays('userFeature', usersByFeature, [users.sums.length, columns]),
  };
}

function tallyArrays(
  name: string,
  { sums, weights }: TallyState,
  shape: readonly number[],
): Record<string, SavedArray> {
  return {
    [`${name}Sums`]: { shape, values: Float32Array.from(sums) },
    [`${name}Weights`]: { shape, values: Float32Array.from(weights) },
  };
}

function loadedFeatures(saved: SavedModel): PairFeatures {
  const { users, items } = saved;
  const [mean = NaN, drawn = NaN, columns = NaN] = savedFloats(saved, 'constants', [3]);
  const tally = (name: string, shape: readonly number[]): TallyState => {
    // the item side has no users
    const part = (of: string): Float64Array<ArrayBuffer> =>
      shape[0] === 0 ? new Float64Array() : Float64Array.from(savedFloats(saved, `${name}${of}`, shape));
    return { sums: part('Sums'), weights: part('Weights') };
  };
  return PairFeatures.fromState({
    mean,
    drawn: drawn === 1,
    itemFeatures: loadedCsr(saved, 'features', items, columns),
    users: tally('user', [users]),
    items: tally('item', [items]),
    usersByFeature: tally('userFeature', [users, columns]),
  });
}

function withoutFeatures(items: number): CsrMatrix {
  return {
    rows: items,
    columns: 0,
    indptr: new Int32Array(items + 1),
    indices: new Int32Array(),
    data: new Float32Array(),
  };
}
