import { AppError } from '../../errors.ts';

/** How long synchronous work may hold the thread before messages (cancel) are let in. */
const SLICE_MS = 40;

/** Steps between two looks at the clock, which costs as much as a short row. */
const STEPS_PER_LOOK = 8;

/** When the event loop was last let in. The thread's, not a call's: many short calls in a row hold it up as well. */
let letInAt = -Infinity;

/**
 * Runs work that yields between small steps, letting the event loop in every SLICE_MS. Rejects with `cancelled`
 * once `signal` is aborted. `stepsPerLook` is 1 for steps that take some part of a millisecond.
 */
export async function runInSlices<Result>(
  steps: Generator<void, Result>,
  signal?: AbortSignal,
  stepsPerLook = STEPS_PER_LOOK,
): Promise<Result> {
  throwIfCancelled(signal);
  try {
    if (due()) await letMessagesIn(signal);
    for (let step = 1; ; step++) {
      const { done, value } = steps.next();
      if (done === true) return value;
      if (step % stepsPerLook === 0 && due()) await letMessagesIn(signal);
    }
  } finally {
    // a cancelled generator frees what it holds
    steps.return(undefined as Result);
  }
}

function due(): boolean {
  return performance.now() - letInAt >= SLICE_MS;
}

async function letMessagesIn(signal: AbortSignal | undefined): Promise<void> {
  await nextTask();
  letInAt = performance.now();
  throwIfCancelled(signal);
}

/** Throws `cancelled` for an aborted signal. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new AppError('cancelled', 'Cancelled.');
}

/** Lets waiting messages and timers run. A message, not a timer: nested timers wait 4 ms each. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
