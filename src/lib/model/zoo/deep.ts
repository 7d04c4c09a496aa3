import { DEEP_NETWORK_RULES, DeepNetwork, fitDeepNetwork } from '../classify/deep-network.ts';
import { savedFloats, savedLength, savedPositions } from './arrays.ts';
import { classifierAdapter } from './classifier-adapter.ts';
import { vector } from './history-model.ts';

const MAX_STEPS = 2 ** 31 - 1;
/** Passes: so many that Adam makes about this many steps, within bounds. */
const STEPS = 4_000;
const EPOCHS = { min: 5, max: 100 } as const;

/** A small deep network on features of pairs (`classify`). */
export const adapter = classifierAdapter<DeepNetwork>({
  name: 'deep',
  budget: 'epochs',
  rules(examples, { batchSize = DEEP_NETWORK_RULES.batchSize.default }) {
    const stepsAPass = Math.max(1, examples / batchSize);
    const epochs = Math.round(Math.min(EPOCHS.max, Math.max(EPOCHS.min, STEPS / stepsAPass)));
    return {
      ...DEEP_NETWORK_RULES,
      // a batch that is no number is refused under its own name
      epochs: { ...DEEP_NETWORK_RULES.epochs, default: Number.isFinite(epochs) ? epochs : EPOCHS.min },
    };
  },
  searchSpace: [
    { name: 'hidden1', min: 8, max: 128, scale: 'log', whole: true },
    { name: 'hidden2', min: 4, max: 64, scale: 'log', whole: true },
    { name: 'learningRate', min: 1e-4, max: 1e-2, scale: 'log' },
    { name: 'regularization', min: 1e-6, max: 1e-2, scale: 'log' },
  ],
  fit: (examples, hyperparameters, { seed, signal, start, onProgress }) =>
    fitDeepNetwork(examples, hyperparameters, {
      seed,
      ...(signal === undefined ? {} : { signal }),
      ...(start === null ? {} : { resume: start.toState() }),
      onProgress: ({ epoch, loss, state }) =>
        onProgress({
          iteration: epoch,
          iterations: hyperparameters['epochs'] ?? epoch,
          loss,
          model: () => DeepNetwork.fromState(state()),
        }),
    }),
  iterationsOf: (model) => model.toState().epochs,
  arrays(model) {
    const { hidden, scales, parameters, firstMoment, secondMoment, steps, epochs } = model.toState();
    return {
      progress: { shape: [2], values: Int32Array.of(steps, epochs) },
      hidden: { shape: [2], values: Int32Array.from(hidden) },
      scales: vector(Float32Array.from(scales)),
      parameters: vector(parameters),
      firstMoment: vector(firstMoment),
      secondMoment: vector(secondMoment),
    };
  },
  load(saved, columns) {
    const [hidden1 = 0, hidden2 = 0] = savedPositions(saved, 'hidden', [2], MAX_STEPS);
    const [steps = 0, epochs = 0] = savedPositions(saved, 'progress', [2], MAX_STEPS);
    const part = (name: string) => savedFloats(saved, name, [savedLength(saved, 'parameters')]);
    return DeepNetwork.fromState({
      columns,
      hidden: [hidden1, hidden2],
      scales: Float64Array.from(savedFloats(saved, 'scales', [columns])),
      parameters: part('parameters'),
      firstMoment: part('firstMoment'),
      secondMoment: part('secondMoment'),
      ...{ steps, epochs },
    });
  },
});
