import { AppError } from '../../errors.ts';
import type { Hyperparameters } from '../../types.ts';
import { selectEntries } from '../evaluate/dataset.ts';
import { bestTrial, nextTrial, recordTrial, startSearch, type SearchState } from '../evaluate/search.ts';
import type { Split } from '../evaluate/splits.ts';
import { Random } from '../matrix/random.ts';
import { rowLength, type CsrMatrix } from '../matrix/csr.ts';
import type { TrainingDevice } from '../train/devices.ts';
import { runExperiment, trainingData, type Values } from './experiment.ts';
import type { FitProgress, ModelAdapter, SearchRange, Task } from './model.ts';
import { evaluateModel, type ModelEvaluation } from '../evaluate/evaluate-model.ts';

export interface TuneRequest {
  readonly adapter: ModelAdapter;
  /** Train and validation: both cut from train; test has no part in it. */
  readonly split: Split;
  readonly values: Values;
  /** As `ExperimentRequest.features`. */
  readonly features?: CsrMatrix | null;
  /** What is not to be varied. */
  readonly fixed: Hyperparameters;
  readonly seed: number;
  readonly trials: number;
  readonly device: TrainingDevice;
  /** `performance.now()` after which no trial begins (the first always does). */
  readonly deadline: number;
  readonly signal?: AbortSignal | undefined;
  /** Where to go on; as `onState` gave it. */
  readonly state?: SearchState;
  /** After each trial, to be kept. */
  readonly onState?: (state: SearchState) => void;
}

/** Users whose lists decide: more say little that is new, and each costs a pass over the catalogue. */
const VALIDATION_USERS = 2_000;
const K = 20;
/** An iterative model is looked at so often, and ended after so many looks without a better one. */
const LOOKS = 10;
const PATIENCE = 3;

/**
 * Searches hyper-parameters by what they reach on validation: RMSE, log-loss or NDCG@20 by the model's task. Resolves
 * to the best overrides, iterations included where early stopping chose them.
 */
export async function tune(request: TuneRequest): Promise<{
  readonly hyperparameters: Hyperparameters;
  readonly score: number;
  readonly state: SearchState;
}> {
  const { adapter, fixed, seed, trials, deadline, onState } = request;
  const split = withFewerUsers(request.split, adapter.task, request.values, seed);
  const train = trainingData(split.train, adapter.task, request.values).matrix;
  const space = adapter
    .searchSpace(train)
    .filter(({ name }) => fixed[name] === undefined)
    .map((range) => within(range, train.columns));
  const budget =
    adapter.budget === null ? null : (adapter.hyperparameters(train, fixed)[adapter.budget] ?? null);
  let state = request.state ?? startSearch(space, { seed, trials, maxBudget: budget });
  for (let next = nextTrial(state); next !== null; next = nextTrial(state)) {
    if (performance.now() > deadline && bestTrial(state) !== null) break;
    const own = { ...state.trials[next.trial]?.hyperparameters, ...fixed };
    const given = adapter.budget === null ? own : { ...own, [adapter.budget]: next.budget };
    const { score, found } = await measure(request, split, given);
    state = recordTrial(state, next.trial, score, found);
    onState?.(state);
  }
  const best = bestTrial(state);
  if (best === null) throw new AppError('internal', 'A search ended without a trial.');
  return { ...best, state };
}

/** More factors than items are refused: none are drawn. */
function within(range: SearchRange, items: number): SearchRange {
  if (range.name !== 'factors') return range;
  return { ...range, min: Math.min(range.min, items), max: Math.min(range.max, items) };
}

/** Higher is better. Where validation holds likes alone a log-loss would choose who always says yes: NDCG chooses. */
export function scoreOf(task: Task, { metrics }: ModelEvaluation): number {
  if (task === 'rating') return -(metrics['rmse'] ?? NaN);
  const logLoss = metrics['log-loss'];
  if (task === 'probability' && logLoss !== undefined) return -logLoss;
  return metrics[`ndcg@${K}`] ?? NaN;
}

async function measure(
  { adapter, values, features = null, seed, device, signal }: TuneRequest,
  split: Split,
  given: Hyperparameters,
): Promise<{ readonly score: number; readonly found: Hyperparameters }> {
  let best = { score: -Infinity, iteration: 0 };
  let waited = 0;
  const onProgress = async ({ iteration, iterations, model }: FitProgress): Promise<'stop' | undefined> => {
    const every = Math.max(1, Math.round(iterations / LOOKS));
    if (model === null || split.folded !== null || iteration % every !== 0) return undefined;
    const evaluation = await evaluateModel(await model(), {
      task: adapter.task,
      seen: split.train.matrix,
      test: split.test,
      relevantFrom: values.relevantFrom,
      scale: values.scale,
      folded: null,
      ks: [K],
      signal,
    });
    const score = scoreOf(adapter.task, evaluation);
    waited = score > best.score ? 0 : waited + 1;
    if (waited === 0) best = { score, iteration };
    return waited >= PATIENCE ? 'stop' : undefined;
  };
  try {
    const { evaluation } = await runExperiment({
      adapter,
      split,
      values,
      features,
      hyperparameters: given,
      seed,
      device,
      ks: [K],
      signal,
      ...(adapter.budget === null ? {} : { onProgress }),
    });
    const last = scoreOf(adapter.task, evaluation);
    if (adapter.budget === null || last >= best.score) return { score: last, found: given };
    return { score: best.score, found: { ...given, [adapter.budget]: best.iteration } };
  } catch (error) {
    // a choice that blows up is a bad choice, not the end of the search
    if (!(error instanceof AppError) || !UNLUCKY.has(error.code)) throw error;
    return { score: -Infinity, found: given };
  }
}

const UNLUCKY: ReadonlySet<string> = new Set(['training-diverged', 'matrix-not-positive-definite']);

/** Where NDCG decides, validation rows of a random part of the users. Predictions cost nothing: all stay. */
function withFewerUsers(split: Split, task: Task, { relevantFrom }: Values, seed: number): Split {
  const likes = split.test.data.filter((value) => value >= relevantFrom).length;
  const predicted =
    task === 'rating' || (task === 'probability' && likes < split.test.data.length && likes > 0);
  if (predicted) return split;
  const users = usersOf(split.test);
  if (users.length <= VALIDATION_USERS) return split;
  const chosen = new Set(new Random(seed).shuffle(users).slice(0, VALIDATION_USERS));
  const row = (user: number, entry: number): boolean =>
    entry >= (split.test.indptr[user] ?? 0) && entry < (split.test.indptr[user + 1] ?? 0);
  let user = 0;
  const test = selectEntries({ matrix: split.test, timestamps: null }, (entry) => {
    while (!row(user, entry)) user++;
    return chosen.has(user);
  }).matrix;
  return { ...split, test, testTimes: null };
}

function usersOf(matrix: CsrMatrix): number[] {
  return Array.from({ length: matrix.rows }, (_, user) => user).filter((user) => rowLength(matrix, user) > 0);
}
