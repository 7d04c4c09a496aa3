import type { PairwiseSide } from '../backends/pairwise.ts';
import type { ContrastiveModel, ContrastiveOptions, ContrastiveState } from '../contrastive/fit.ts';
import { historyOf } from '../evaluate/evaluate-model.ts';
import { rowLength, type CsrMatrix } from '../matrix/csr.ts';
import type { Hyperparameters } from '../../types.ts';
import { savedFloats, savedPositions } from './arrays.ts';
import { coldStartOf, savedColdStart, withColdStart } from './cold-start.ts';
import type { FittedModel, ModelAdapter, SavedArray, SavedModel, SearchRange } from './model.ts';

type ContrastiveName = 'bpr' | 'ccl';

/** What tells one contrastive model from the other; H are its hyper-parameters. */
export interface ContrastiveKind<H extends { readonly factors: number }> {
  readonly name: ContrastiveName;
  readonly searchSpace: readonly SearchRange[];
  hyperparameters(train: CsrMatrix, overrides: Hyperparameters): H;
  fit(train: CsrMatrix, hyperparameters: H, options: ContrastiveOptions<H>): Promise<ContrastiveModel<H>>;
  fromState(state: ContrastiveState<H>): ContrastiveModel<H>;
}

/** Far more steps than a row is ever given. */
const MAX_STEPS = 2 ** 31 - 1;

/** The adapter of a contrastive factorization. */
export function contrastiveAdapter<H extends { readonly factors: number }>(
  kind: ContrastiveKind<H>,
): ModelAdapter {
  return {
    name: kind.name,
    task: 'ranking',
    continues: true,
    budget: 'epochs',
    hyperparameters: (train, overrides) => kind.hyperparameters(train, overrides),
    searchSpace: () => kind.searchSpace,
    async fit({ train, hyperparameters, seed, signal, onProgress, start }) {
      const chosen = kind.hyperparameters(train, hyperparameters);
      const cold = coldStartOf(train);
      const model = await kind.fit(train, chosen, {
        seed,
        ...(signal === undefined ? {} : { signal }),
        ...(start === undefined ? {} : { from: stateOf(kind, start) }),
        onProgress: ({ epoch, epochs, loss, state }) => {
          const now = (): Promise<FittedModel> =>
            Promise.resolve(withColdStart(fitted(kind, kind.fromState(state()), train.rows), cold));
          void onProgress?.({ iteration: epoch, iterations: epochs, loss, model: now });
        },
      });
      return withColdStart(fitted(kind, model, train.rows), cold);
    },
    load: (saved) =>
      withColdStart(fitted(kind, kind.fromState(stateOf(kind, saved)), saved.users), savedColdStart(saved)),
  };
}

function fitted<H extends { readonly factors: number }>(
  kind: ContrastiveKind<H>,
  model: ContrastiveModel<H>,
  users: number,
): FittedModel {
  const items = model.itemFactors.length / model.hyperparameters.factors;
  return {
    kind: kind.name,
    hyperparameters: model.hyperparameters,
    users,
    items,
    iterations: model.epochs,
    scoresOf: (user) => model.scoresOf(user),
    foldIn: ({ item, strength }) =>
      model.scoresOfRow(model.foldIn(item.filter((_, at) => (strength[at] ?? 0) > 0))),
    update: (entries) => {
      const state = model.toState();
      const all = Math.max(users, entries.rows);
      const fold = (user: number): ArrayLike<number> => {
        const { item, strength } = historyOf(entries, user);
        return model.foldIn(item.filter((_, at) => (strength[at] ?? 0) > 0));
      };
      const grown = withFoldedRows(state.sides.users, all, model.hyperparameters.factors, entries, fold);
      const sides = { ...state.sides, users: grown };
      return Promise.resolve(fitted(kind, kind.fromState({ ...state, sides }), all));
    },
    save: () => savedOf(kind.name, model.toState(), users),
  };
}

/** The users' side with the rows that have entries folded in anew; they begin without moments. */
function withFoldedRows(
  side: PairwiseSide,
  users: number,
  factors: number,
  entries: CsrMatrix,
  fold: (user: number) => ArrayLike<number>,
): PairwiseSide {
  const grown: PairwiseSide = {
    factors: new Float32Array(users * factors),
    firstMoment: new Float32Array(users * factors),
    secondMoment: new Float32Array(users),
    steps: new Int32Array(users),
  };
  grown.factors.set(side.factors);
  grown.firstMoment.set(side.firstMoment);
  grown.secondMoment.set(side.secondMoment);
  grown.steps.set(side.steps);
  for (let user = 0; user < entries.rows; user++) {
    if (rowLength(entries, user) === 0) continue;
    grown.factors.set(fold(user), user * factors);
    grown.firstMoment.fill(0, user * factors, (user + 1) * factors);
    grown.secondMoment[user] = 0;
    grown.steps[user] = 0;
  }
  return grown;
}

function savedOf<H extends { readonly factors: number }>(
  kind: ContrastiveName,
  { hyperparameters, seed, epochs, sides }: ContrastiveState<H>,
  users: number,
): SavedModel {
  const { factors } = hyperparameters;
  const items = sides.items.steps.length;
  return {
    ...{ kind, hyperparameters, users, items },
    arrays: {
      progress: { shape: [2], values: Int32Array.of(seed, epochs) },
      ...sideArrays('user', sides.users, factors),
      ...sideArrays('item', sides.items, factors),
    },
  };
}

function sideArrays(
  side: 'user' | 'item',
  values: PairwiseSide,
  factors: number,
): Record<string, SavedArray> {
  const rows = values.steps.length;
  return {
    [`${side}Factors`]: { shape: [rows, factors], values: values.factors },
    [`${side}FirstMoment`]: { shape: [rows, factors], values: values.firstMoment },
    [`${side}SecondMoment`]: { shape: [rows], values: values.secondMoment },
    [`${side}Steps`]: { shape: [rows], values: values.steps },
  };
}

function stateOf<H extends { readonly factors: number }>(
  kind: ContrastiveKind<H>,
  saved: SavedModel,
): ContrastiveState<H> {
  const shape = { rows: saved.users, columns: saved.items };
  const empty = {
    indptr: new Int32Array(shape.rows + 1),
    indices: new Int32Array(),
    data: new Float32Array(),
  };
  const hyperparameters = kind.hyperparameters({ ...shape, ...empty }, saved.hyperparameters);
  const progress = saved.arrays['progress']?.values;
  const [seed = NaN, epochs = NaN] = progress ?? [];
  const side = (name: 'user' | 'item', rows: number): PairwiseSide => {
    const { factors } = hyperparameters;
    if (rows === 0) return { factors: new Float32Array(), ...noMoments() };
    return {
      factors: savedFloats(saved, `${name}Factors`, [rows, factors]),
      firstMoment: savedFloats(saved, `${name}FirstMoment`, [rows, factors]),
      secondMoment: savedFloats(saved, `${name}SecondMoment`, [rows]),
      steps: savedPositions(saved, `${name}Steps`, [rows], MAX_STEPS),
    };
  };
  return {
    hyperparameters,
    ...{ seed, epochs },
    sides: { users: side('user', saved.users), items: side('item', saved.items) },
  };
}

function noMoments(): Omit<PairwiseSide, 'factors'> {
  return { firstMoment: new Float32Array(), secondMoment: new Float32Array(), steps: new Int32Array() };
}
