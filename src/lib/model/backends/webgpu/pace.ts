import type { GpuContext } from '../../gpu/context.ts';
import type { DispatchTime } from '../../gpu/dispatch-clock.ts';
import { throwIfCancelled } from '../slices.ts';

/** How long one submission should take: short enough for the screen and for cancel, long against its overhead. */
const TARGET_MS = 50;
/**
 * How long a single dispatch should take by the device's own clock: nothing else of the screen is drawn meanwhile. What
 * a measurement cannot foresee stays below 50 ms with it.
 */
const DISPATCH_MS = 25;
/** Multiply-adds of a first submission: far below 50 ms on the slowest device known (a software GPU on two cores). */
const FIRST_BUDGET = 5e6;
/** A measurement may be off by what else the device did: steps are limited. */
const MAX_RISE = 2;
const MAX_FALL = 4;
/** A budget within this factor of the aim rises slowly, so that one quick dispatch does not make the next too long. */
const NEAR = 3;
const NEAR_RISE = 1.1;
/** Below it a submission is overhead on any device, as far as can be told without the device's clock. */
const MIN_BUDGET = 1e7;
/** The same where its clock tells. */
const MIN_TIMED_BUDGET = 1e5;
/**
 * Share of the quickest submission so far that counts as its overhead, up to the target itself: smaller submissions
 * would have it too.
 */
const OVERHEAD_SHARE = 0.8;

/** Sizes submissions by measured time, so that none runs into the watchdog of a slow device. */
export class Pace {
  readonly #targetMs: number;
  #budget = FIRST_BUDGET;
  #quickestMs = Number.POSITIVE_INFINITY;

  /** `targetMs`: how long a submission should take beside its overhead. */
  constructor(targetMs = TARGET_MS) {
    this.#targetMs = targetMs;
  }

  /** Multiply-adds for the next submission. */
  get budget(): number {
    return this.#budget;
  }

  /** How long so many multiply-adds take, as far as is known. */
  millisecondsFor(cost: number): number {
    return (cost / this.#budget) * this.#targetMs;
  }

  /**
   * Learns from work of `cost` multiply-adds that took `milliseconds` with the way there and back, and whose longest
   * dispatch was `longest`; null where the device has no clock.
   */
  learn(cost: number, milliseconds: number, longest: DispatchTime | null): void {
    this.#quickestMs = Math.min(this.#quickestMs, milliseconds);
    const overhead = Math.min(OVERHEAD_SHARE * this.#quickestMs, this.#targetMs);
    const working = milliseconds - overhead;
    const inTarget = (cost / Math.max(working, 0.1)) * this.#targetMs;
    const inDispatch =
      longest === null
        ? Number.POSITIVE_INFINITY
        : (cost / Math.max(longest.milliseconds, 0.1)) * DISPATCH_MS;
    const wanted = Math.min(inTarget, inDispatch) / this.#budget;
    const step = Math.min(wanted < NEAR ? NEAR_RISE : MAX_RISE, Math.max(1 / MAX_FALL, wanted));
    // one that was smaller than it might have been says nothing about larger ones
    if (step > 1 && cost < this.#budget / 2) return;
    this.#budget = Math.max(longest === null ? MIN_BUDGET : MIN_TIMED_BUDGET, this.#budget * step);
  }
}

/** A run of rows and what it costs. */
export interface RowRange {
  readonly first: number;
  readonly count: number;
  readonly cost: number;
}

/**
 * The longest run of rows from `first` on whose cost stays within the budget; at least one row, at most
 * `maxRows`.
 */
export function nextRange(
  first: number,
  rows: number,
  costOf: (row: number) => number,
  budget: number,
  maxRows: number,
): RowRange {
  let count = 0;
  let cost = 0;
  const most = Math.min(maxRows, rows - first);
  while (count < most) {
    const next = costOf(first + count);
    if (count > 0 && cost + next > budget) break;
    cost += next;
    count++;
  }
  return { first, count, cost };
}

/** Runs `submit` over rows [first, last) in ranges that take about the same short time each. */
export async function inRanges(
  context: GpuContext,
  pace: Pace,
  { first: begin, last }: { readonly first: number; readonly last: number },
  costOf: (row: number) => number,
  maxRows: number,
  signal: AbortSignal | undefined,
  submit: (first: number, count: number) => Promise<void>,
): Promise<void> {
  throwIfCancelled(signal);
  for (let first = begin; first < last;) {
    const range = nextRange(first, last, costOf, pace.budget, maxRows);
    const start = performance.now();
    await submit(range.first, range.count);
    const longest = await context.settle();
    pace.learn(range.cost, performance.now() - start, longest);
    throwIfCancelled(signal);
    first += range.count;
  }
}
