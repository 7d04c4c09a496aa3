import { AppError } from '../../errors.ts';
import type { Hyperparameters } from '../../types.ts';
import { Random } from '../matrix/random.ts';
import type { SearchRange } from '../zoo/model.ts';

/** One choice of hyper-parameters and what it reached; higher is better. */
export interface Trial {
  readonly hyperparameters: Hyperparameters;
  /** A result a rung, in order. */
  readonly results: readonly { readonly score: number; readonly found: Hyperparameters }[];
}

/** A search as plain JSON: it can be kept anywhere and gone on with after a reload. */
export interface SearchState {
  readonly version: 1;
  readonly seed: number;
  /** What each rung gives a trial (passes over the data); a single 0 where nothing can be given in portions. */
  readonly rungs: readonly number[];
  readonly trials: readonly Trial[];
}

export interface SearchPlan {
  readonly seed: number;
  readonly trials: number;
  /** Passes of the last rung; null for models without. */
  readonly maxBudget: number | null;
}

/** A third of a rung goes on to the next, with three times its budget (Jamieson & Talwalkar 2016; Li et al. 2018). */
const ETA = 3;
const MAX_RUNGS = 3;

/**
 * Random search, or successive halving where budgets can be given out in portions. The first trial is the defaults, so
 * a search never ends below them on validation. The same seed gives the same trials.
 */
export function startSearch(
  space: readonly SearchRange[],
  { seed, trials, maxBudget }: SearchPlan,
): SearchState {
  const random = new Random(seed);
  const drawn = Array.from({ length: Math.max(1, trials) }, (_, trial) => ({
    hyperparameters:
      trial === 0 ? {} : Object.fromEntries(space.map((range) => [range.name, draw(range, random)])),
    results: [],
  }));
  return {
    version: 1,
    seed,
    rungs: rungsOf(maxBudget),
    trials: space.length === 0 ? drawn.slice(0, 1) : drawn,
  };
}

/** What to try next; null where the search is done. */
export function nextTrial(
  state: SearchState,
): { readonly trial: number; readonly rung: number; readonly budget: number } | null {
  for (let rung = 0; rung < state.rungs.length; rung++) {
    const open = candidates(state, rung).find((trial) => (state.trials[trial]?.results.length ?? 0) <= rung);
    if (open !== undefined) return { trial: open, rung, budget: state.rungs[rung] ?? 0 };
  }
  return null;
}

/** The state with the result of the trial that `nextTrial` named. A score that is not finite counts as the worst. */
export function recordTrial(
  state: SearchState,
  trial: number,
  score: number,
  found: Hyperparameters,
): SearchState {
  const result = { score: Number.isFinite(score) ? score : -Number.MAX_VALUE, found };
  return {
    ...state,
    trials: state.trials.map((one, index) =>
      index === trial ? { ...one, results: [...one.results, result] } : one,
    ),
  };
}

/** The best of those that came furthest; of equals the first. Null before the first result. */
export function bestTrial(
  state: SearchState,
): { readonly hyperparameters: Hyperparameters; readonly score: number } | null {
  const furthest = Math.max(...state.trials.map(({ results }) => results.length));
  let best: { hyperparameters: Hyperparameters; score: number } | null = null;
  for (const { results } of state.trials) {
    const last = results.length === furthest ? results.at(-1) : undefined;
    if (last !== undefined && (best === null || last.score > best.score)) {
      best = { hyperparameters: last.found, score: last.score };
    }
  }
  return best;
}

/** Checks a state that was kept outside. Throws `snapshot-corrupt`. */
export function checkSearchState(value: unknown): SearchState {
  const state = value as Partial<SearchState> | null;
  const sound =
    typeof state === 'object' &&
    state?.version === 1 &&
    Number.isInteger(state.seed) &&
    Array.isArray(state.rungs) &&
    state.rungs.length > 0 &&
    Array.isArray(state.trials) &&
    state.trials.every(isTrial);
  if (sound) return state as SearchState;
  throw new AppError('snapshot-corrupt', 'The saved search is damaged.', {
    remedy: 'Start the search again.',
  });
}

function isTrial(value: unknown): boolean {
  const trial = value as Partial<Trial> | null;
  if (typeof trial !== 'object' || trial === null || !Array.isArray(trial.results)) return false;
  return isNumbers(trial.hyperparameters) && trial.results.every(isResult);
}

function isResult(value: unknown): boolean {
  const { score, found } = (value ?? {}) as Partial<Trial['results'][number]>;
  return typeof score === 'number' && !Number.isNaN(score) && isNumbers(found);
}

function isNumbers(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value as Record<string, unknown>).every(Number.isFinite)
  );
}

/** Trials that take part in a rung: all in the first; then the best third, once the rung before is complete. */
function candidates(state: SearchState, rung: number): readonly number[] {
  if (rung === 0) return state.trials.map((_, trial) => trial);
  const before = candidates(state, rung - 1);
  const scores = before.map((trial) => ({ trial, score: state.trials[trial]?.results[rung - 1]?.score }));
  if (scores.some(({ score }) => score === undefined)) return [];
  return scores
    .sort((a, b) => (b.score ?? 0) - (a.score ?? 0) || a.trial - b.trial)
    .slice(0, Math.ceil(before.length / ETA))
    .map(({ trial }) => trial)
    .sort((a, b) => a - b);
}

function rungsOf(maxBudget: number | null): readonly number[] {
  if (maxBudget === null) return [0];
  const rungs = new Set<number>();
  for (let rung = MAX_RUNGS - 1; rung >= 0; rung--)
    rungs.add(Math.max(1, Math.round(maxBudget / ETA ** rung)));
  return [...rungs];
}

function draw({ min, max, scale, whole }: SearchRange, random: Random): number {
  const share = random.uniform();
  const value = scale === 'log' ? min * (max / min) ** share : min + share * (max - min);
  // four digits are more than a search can tell apart, and can be read
  return whole === true ? Math.round(value) : Number(value.toPrecision(4));
}
