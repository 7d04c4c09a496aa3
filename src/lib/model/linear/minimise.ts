/** Value of a function at `point`; writes its gradient into `gradient`. */
export type ValueAndGradient = (point: Float64Array, gradient: Float64Array) => number;

export interface MinimiseOptions {
  /** The search ends where no entry of the gradient is larger than this. */
  readonly tolerance: number;
  readonly maxIterations: number;
  /** Called between iterations; what it throws ends the search. */
  readonly onIteration?: (value: number) => void;
}

export interface Minimum {
  readonly point: Float64Array;
  readonly value: number;
  readonly iterations: number;
  /** False where the iterations ran out, or the function could not be made smaller any more in 64 bits. */
  readonly converged: boolean;
}

/** Pairs of steps and changes of the gradient that stand for the Hessian. */
const MEMORY = 10;
/** A step must gain this part of what the slope promises (Armijo), and flatten the slope to this part (Wolfe). */
const SUFFICIENT_DECREASE = 1e-4;
const CURVATURE = 0.9;
const MAX_TRIALS = 60;

interface Point {
  readonly at: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
}

/**
 * Minimises a smooth function by L-BFGS (Nocedal & Wright 2006, algorithms 7.4 and 7.5) with a bisecting search for
 * the weak Wolfe conditions (Lewis & Overton 2013): the minimum for a convex function, a stationary point otherwise.
 */
export function minimise(f: ValueAndGradient, start: Float64Array, options: MinimiseOptions): Minimum {
  const steps = minimiseInSteps(f, start, options);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** The same, with a pause before each iteration: what takes long lets others in between. */
export function* minimiseInSteps(
  f: ValueAndGradient,
  start: Float64Array,
  options: MinimiseOptions,
): Generator<void, Minimum> {
  const { tolerance, maxIterations, onIteration } = options;
  const evaluate = (at: Float64Array): Point => {
    const gradient = new Float64Array(at.length);
    return { at, value: f(at, gradient), gradient };
  };
  const memory: { readonly step: Float64Array; readonly change: Float64Array; readonly rho: number }[] = [];
  let here = evaluate(start.slice());
  for (let iteration = 0; ; iteration++) {
    const converged = here.gradient.every((entry) => Math.abs(entry) <= tolerance);
    if (converged || iteration === maxIterations) {
      return { point: here.at, value: here.value, iterations: iteration, converged };
    }
    onIteration?.(here.value);
    yield;
    const direction = here.gradient.map((entry) => -entry);
    const alphas: number[] = [];
    for (const { step, change, rho } of memory.toReversed()) {
      const alpha = rho * dot(step, direction);
      alphas.push(alpha);
      add(direction, -alpha, change);
    }
    const last = memory.at(-1);
    const scale =
      last === undefined
        ? 1 / Math.max(1, norm(here.gradient))
        : 1 / (last.rho * dot(last.change, last.change));
    direction.forEach((entry, m) => (direction[m] = scale * entry));
    for (const { step, change, rho } of memory) {
      const beta = rho * dot(change, direction);
      add(direction, (alphas.pop() ?? 0) - beta, step);
    }
    const next = lineSearch(evaluate, here, direction);
    if (next === null) {
      if (memory.length === 0) return { point: here.at, value: here.value, iterations: iteration, converged };
      // what was remembered may mislead: once more down the gradient
      memory.length = 0;
      continue;
    }
    const step = difference(next.at, here.at);
    const change = difference(next.gradient, here.gradient);
    const curvature = dot(step, change);
    if (curvature > 0) memory.push({ step, change, rho: 1 / curvature });
    if (memory.length > MEMORY) memory.shift();
    here = next;
  }
}

/** A point along `direction` that meets the weak Wolfe conditions, or the best that is smaller; null where none is. */
function lineSearch(
  evaluate: (at: Float64Array) => Point,
  from: Point,
  direction: Float64Array,
): Point | null {
  const slope = dot(from.gradient, direction);
  if (!(slope < 0)) return null;
  let [low, high] = [0, Infinity];
  let stepSize = 1;
  let best: Point | null = null;
  for (let trial = 0; trial < MAX_TRIALS; trial++) {
    const at = from.at.slice();
    add(at, stepSize, direction);
    const next = evaluate(at);
    if (!(next.value <= from.value + SUFFICIENT_DECREASE * stepSize * slope)) high = stepSize;
    else {
      best = next;
      if (dot(next.gradient, direction) >= CURVATURE * slope) return next;
      low = stepSize;
    }
    stepSize = high === Infinity ? 2 * low : (low + high) / 2;
  }
  return best;
}

function dot(first: Float64Array, second: Float64Array): number {
  let sum = 0;
  for (let m = 0; m < first.length; m++) sum += (first[m] ?? 0) * (second[m] ?? 0);
  return sum;
}

function norm(vector: Float64Array): number {
  return Math.sqrt(dot(vector, vector));
}

/** target += scale · addend. */
function add(target: Float64Array, scale: number, addend: Float64Array): void {
  for (let m = 0; m < target.length; m++) target[m] = (target[m] ?? 0) + scale * (addend[m] ?? 0);
}

function difference(first: Float64Array, second: Float64Array): Float64Array {
  return first.map((entry, m) => entry - (second[m] ?? 0));
}
