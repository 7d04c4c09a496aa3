import { describe, expect, it } from 'vitest';
import {
  bestTrial,
  checkSearchState,
  nextTrial,
  recordTrial,
  startSearch,
  type SearchState,
} from '../../../../src/lib/model/evaluate/search.ts';

const SPACE = [
  { name: 'x', min: 0, max: 10, scale: 'linear' },
  { name: 'n', min: 1, max: 1000, scale: 'log', whole: true },
] as const;

/** Best at x = 7, whatever the budget. */
function run(state: SearchState, stopAfter = Infinity): { state: SearchState; budgets: number[] } {
  const budgets: number[] = [];
  let current = state;
  for (
    let next = nextTrial(current);
    next !== null && budgets.length < stopAfter;
    next = nextTrial(current)
  ) {
    const own = current.trials[next.trial]?.hyperparameters ?? {};
    current = recordTrial(current, next.trial, -Math.abs((own['x'] ?? 0) - 7), own);
    budgets.push(next.budget);
  }
  return { state: current, budgets };
}

describe('search', () => {
  it('draws in range, whole where asked, the same for a seed, the defaults first', () => {
    const { trials } = startSearch(SPACE, { seed: 1, trials: 200, maxBudget: null });
    expect(trials[0]?.hyperparameters).toEqual({});
    for (const { hyperparameters } of trials.slice(1)) {
      expect(hyperparameters['x']).toBeGreaterThanOrEqual(0);
      expect(hyperparameters['x']).toBeLessThanOrEqual(10);
      expect(Number.isInteger(hyperparameters['n'])).toBe(true);
    }
    // evenly over magnitudes: about a third below 10
    const small = trials.filter(({ hyperparameters }) => (hyperparameters['n'] ?? 0) < 10).length;
    expect(small / 200).toBeGreaterThan(0.22);
    expect(small / 200).toBeLessThan(0.45);
    expect(startSearch(SPACE, { seed: 1, trials: 200, maxBudget: null }).trials).toEqual(trials);
  });

  it('halves: a third goes on with three times the budget', () => {
    const { state, budgets } = run(startSearch(SPACE, { seed: 3, trials: 9, maxBudget: 27 }));
    expect(budgets).toEqual([...Array<number>(9).fill(3), 9, 9, 9, 27]);
    const x = state.trials.map(({ hyperparameters }) => Math.abs((hyperparameters['x'] ?? 0) - 7));
    expect(Math.abs((bestTrial(state)?.hyperparameters['x'] ?? NaN) - 7)).toBe(Math.min(...x));
  });

  it('ends where it would have ended, after a pause anywhere', () => {
    const start = startSearch(SPACE, { seed: 4, trials: 7, maxBudget: 9 });
    const whole = run(start).state;
    for (let pause = 1; pause < 10; pause++) {
      const kept = checkSearchState(JSON.parse(JSON.stringify(run(start, pause).state)));
      expect(run(kept).state).toEqual(whole);
    }
  });

  it('counts what is not finite as the worst, and refuses a damaged state', () => {
    let state = startSearch(SPACE, { seed: 1, trials: 2, maxBudget: null });
    state = recordTrial(state, 0, NaN, {});
    state = recordTrial(state, 1, -5, { x: 1 });
    expect(bestTrial(state)).toEqual({ hyperparameters: { x: 1 }, score: -5 });
    for (const damaged of [
      null,
      {},
      { ...state, version: 2 },
      { ...state, trials: [1] },
      { ...state, rungs: [] },
    ]) {
      expect(() => checkSearchState(damaged)).toThrow(expect.objectContaining({ code: 'snapshot-corrupt' }));
    }
  });
});
