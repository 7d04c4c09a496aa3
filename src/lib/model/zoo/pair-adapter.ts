import type { Hyperparameters } from '../../types.ts';
import type { OpenPairEngine } from '../gradient/pairs/engine.ts';
import { PairFit, type PairStart } from '../gradient/pairs/fit.ts';
import { pairHyperparameters, type PairModelKind } from '../gradient/pairs/hyperparameters.ts';
import { pairsOfStrengths } from '../gradient/pairs/labelled-pairs.ts';
import { sigmoid } from '../gradient/objective.ts';
import { PairModel } from '../gradient/pairs/model.ts';
import type { LazyAdamState } from '../gradient/sparse/lazy-adam.ts';
import type { GpuContext } from '../gpu/context.ts';
import { historyOf } from '../evaluate/evaluate-model.ts';
import { rowLength, type CsrMatrix } from '../matrix/csr.ts';
import { savedFloats, savedPositions } from './arrays.ts';
import { coldStartOf, savedColdStart, withColdStart } from './cold-start.ts';
import { labelledHistory } from './labelled-history.ts';
import type { FittedModel, ModelAdapter, SavedArray, SavedModel } from './model.ts';

const MAX_STEPS = 2 ** 31 - 1;

type TableName = 'user' | 'item' | 'output';

/** The adapter of a model of labelled pairs: above 0 is label 1, below it 0; negatives are drawn where there are none. */
export function pairAdapter(name: PairModelKind): ModelAdapter {
  return {
    name,
    task: 'probability',
    continues: true,
    budget: 'iterations',
    hyperparameters: (train, overrides) => ({ ...pairHyperparameters(countsOf(train), overrides) }),
    searchSpace: () => [
      { name: 'factors', min: 8, max: 128, scale: 'log', whole: true },
      { name: 'learningRate', min: 0.001, max: 0.1, scale: 'log' },
      { name: 'regularization', min: 1e-4, max: 0.1, scale: 'log' },
      { name: 'negatives', min: 1, max: 16, scale: 'log', whole: true },
    ],
    async fit({ train, hyperparameters, seed, device, signal, onProgress, start }) {
      // every pair counts 1: its sign is the label
      const pairs = { ...pairsOfStrengths(train, 1), weight: null };
      const cold = coldStartOf(train);
      const fit = await PairFit.open(name, pairs, hyperparameters, {
        seed,
        ...(device.gpu === null ? {} : { open: openOn(device.gpu) }),
        ...(start === undefined ? {} : { resume: startOf(name, start) }),
      });
      try {
        const { iterations } = fit.hyperparameters;
        while (fit.epochs < iterations) {
          const { loss } = await fit.iterate(signal);
          const now = async (): Promise<FittedModel> =>
            withColdStart(fitted(name, hyperparameters, await fit.state()), cold);
          const answer = await onProgress?.({ iteration: fit.epochs, iterations, loss, model: now });
          if (answer === 'stop') break;
        }
        return withColdStart(fitted(name, hyperparameters, await fit.state()), cold);
      } finally {
        fit.dispose();
      }
    },
    load: (saved) =>
      withColdStart(fitted(name, saved.hyperparameters, startOf(name, saved)), savedColdStart(saved)),
  };
}

/** tfjs comes only where its device is. */
function openOn(gpu: GpuContext): OpenPairEngine {
  return async (kind, hyperparameters, start) => {
    const { TfjsPairEngine } = await import('../gradient/pairs/engine-tfjs.ts');
    return TfjsPairEngine.open(gpu, kind, hyperparameters, start);
  };
}

function countsOf({ data, columns }: CsrMatrix) {
  const positive = data.reduce((sum, strength) => sum + Number(strength > 0), 0);
  return { pairs: data.length, positive, items: columns };
}

function fitted(kind: PairModelKind, hyperparameters: Hyperparameters, start: PairStart): FittedModel {
  const { users, items, output } = start.state;
  const model = PairModel.fromState({
    kind,
    factors: hyperparameters['factors'] ?? NaN,
    regularization: hyperparameters['regularization'] ?? NaN,
    userFactors: users.values,
    itemFactors: items.values,
    output: output.values,
  });
  const negatives = hyperparameters['negatives'] ?? 0;
  return {
    kind,
    hyperparameters,
    users: model.users,
    items: model.items,
    iterations: start.epochs,
    scoresOf: (user) => model.scoresOf(user),
    foldIn: (history) => model.scoresFor(model.foldIn(labelledHistory(history, negatives, model.items))),
    predict: (user, item) => model.predict(user, item),
    predictFor: (history) => {
      const scores = model.scoresFor(model.foldIn(labelledHistory(history, negatives, model.items)));
      return (item) => sigmoid(scores[item] ?? NaN);
    },
    update: (entries) => {
      const fold = (user: number): Float32Array =>
        model.foldIn(labelledHistory(historyOf(entries, user), negatives, model.items));
      const grown = withFoldedRows(users, Math.max(model.users, entries.rows), model.factors, entries, fold);
      return Promise.resolve(
        fitted(kind, hyperparameters, { ...start, state: { ...start.state, users: grown } }),
      );
    },
    save: () => savedOf(kind, hyperparameters, start),
  };
}

/** The users' table with the rows that have entries folded in anew; they begin without moments. */
function withFoldedRows(
  { values, moments, steps }: LazyAdamState,
  rows: number,
  factors: number,
  entries: CsrMatrix,
  fold: (user: number) => Float32Array,
): LazyAdamState {
  const grow = (from: Float32Array): Float32Array<ArrayBuffer> => {
    const to = new Float32Array(rows * factors);
    to.set(from);
    return to;
  };
  const grown = {
    values: grow(values),
    moments: { first: grow(moments.first), second: grow(moments.second) },
    steps: new Int32Array(rows),
  };
  grown.steps.set(steps);
  for (let row = 0; row < entries.rows; row++) {
    if (rowLength(entries, row) === 0) continue;
    grown.values.set(fold(row), row * factors);
    grown.moments.first.fill(0, row * factors, (row + 1) * factors);
    grown.moments.second.fill(0, row * factors, (row + 1) * factors);
    grown.steps[row] = 0;
  }
  return grown;
}

function savedOf(
  kind: PairModelKind,
  hyperparameters: Hyperparameters,
  { state, epochs }: PairStart,
): SavedModel {
  return {
    ...{ kind, hyperparameters, users: state.users.steps.length, items: state.items.steps.length },
    arrays: {
      epochs: { shape: [1], values: Int32Array.of(epochs) },
      ...tableArrays('user', state.users),
      ...tableArrays('item', state.items),
      ...tableArrays('output', state.output),
    },
  };
}

function tableArrays(name: TableName, { values, moments, steps }: LazyAdamState): Record<string, SavedArray> {
  const shape = [steps.length, steps.length === 0 ? 0 : values.length / steps.length];
  return {
    [`${name}Values`]: { shape, values },
    [`${name}First`]: { shape, values: moments.first },
    [`${name}Second`]: { shape, values: moments.second },
    [`${name}Steps`]: { shape: [steps.length], values: steps },
  };
}

function startOf(kind: PairModelKind, saved: SavedModel): PairStart {
  const factors = saved.hyperparameters['factors'] ?? 0;
  const table = (name: TableName, rows: number, columns: number): LazyAdamState => ({
    values: floats(`${name}Values`, rows, columns),
    moments: { first: floats(`${name}First`, rows, columns), second: floats(`${name}Second`, rows, columns) },
    steps: rows === 0 ? new Int32Array() : savedPositions(saved, `${name}Steps`, [rows], MAX_STEPS),
  });
  // the item side of a model has no users' arrays
  const floats = (name: string, rows: number, columns: number): Float32Array<ArrayBuffer> =>
    rows === 0 ? new Float32Array() : savedFloats(saved, name, [rows, columns]);
  const [epochs = 0] = savedPositions(saved, 'epochs', [1], MAX_STEPS);
  return {
    epochs,
    state: {
      users: table('user', saved.users, factors),
      items: table('item', saved.items, factors),
      output: table('output', 1, kind === 'ncf' ? factors + 1 : 1),
    },
  };
}
