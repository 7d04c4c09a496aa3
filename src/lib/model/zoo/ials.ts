import type { ItemIndex } from '../../types.ts';
import { IalsFit } from '../ials/fit.ts';
import { ialsHyperparameters, savedIalsHyperparameters } from '../ials/hyperparameters.ts';
import { popularityScores } from '../popularity/popularity.ts';
import { ialsFoldIn } from '../recommend/fold-in.ts';
import type { ItemFactors } from '../recommend/item-factors.ts';
import { coldRows, factorModel, loadedFactors, type FactorModelParts } from './factor-model.ts';
import type { FittedModel, ModelAdapter } from './model.ts';

export const adapter: ModelAdapter = {
  name: 'ials',
  task: 'ranking',
  continues: true,
  budget: 'iterations',
  hyperparameters: ialsHyperparameters,
  searchSpace: () => [
    { name: 'unobservedWeight', min: 3e-3, max: 0.3, scale: 'log' },
    { name: 'regularization', min: 1e-3, max: 0.1, scale: 'log' },
    { name: 'alpha', min: 0.5, max: 20, scale: 'log' },
  ],
  async fit({ train, hyperparameters: values, seed, device, signal, onProgress, start }) {
    const hyperparameters = savedIalsHyperparameters(values);
    const { factors, iterations } = hyperparameters;
    const { backend } = device;
    const popularity = popularityScores(train);
    const from = start === undefined ? null : loadedFactors(start, factors);
    const fit =
      from === null
        ? IalsFit.start(backend, train, hyperparameters, seed)
        : IalsFit.resume(backend, train, hyperparameters, from);
    const model = async (iteration: number): Promise<FittedModel> => {
      const { userFactors, itemFactors } = await fit.factors();
      const coldUsers = coldRows(userFactors, factors);
      return factorModel({
        kind: 'ials',
        hyperparameters,
        factors,
        iterations: iteration,
        userFactors,
        itemFactors,
        popularity,
        coldUsers,
        fold: foldOf(itemFactors, factors, hyperparameters),
        backend,
      });
    };
    try {
      let done = 0;
      while (done < iterations) {
        const { loss } = await fit.iterate(signal);
        done++;
        const iteration = done;
        const verdict = await onProgress?.({ iteration, iterations, loss, model: () => model(iteration) });
        if (verdict === 'stop') break;
      }
      return await model(done);
    } finally {
      fit.dispose();
    }
  },
  load(saved) {
    const hyperparameters = savedIalsHyperparameters(saved.hyperparameters);
    const { factors } = hyperparameters;
    const loaded = loadedFactors(saved, factors);
    const fold = foldOf(loaded.itemFactors, factors, hyperparameters);
    return factorModel({ kind: 'ials', hyperparameters, factors, ...loaded, fold, backend: null });
  },
};

/** The exact row solve of the training objective; its Gram matrix is made with the first history. */
function foldOf(
  data: Float32Array<ArrayBuffer>,
  factors: number,
  hyperparameters: ReturnType<typeof savedIalsHyperparameters>,
): FactorModelParts['fold'] {
  const items = data.length / factors;
  const side: ItemFactors = {
    items,
    factors,
    data,
    fromText: new Uint8Array(items),
    norms: new Float64Array(items),
  };
  let foldIn: ReturnType<typeof ialsFoldIn> | null = null;
  return (history) => {
    foldIn ??= ialsFoldIn(side, hyperparameters);
    const folded = foldIn.fold(history);
    return {
      vector: folded.vector,
      contributions: (item) => folded.contributions(item as ItemIndex).history,
    };
  };
}
