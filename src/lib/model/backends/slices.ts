import { AppError } from '../../errors.ts';

/** How long synchronous work may hold the thread before messages (cancel) are let in. */
const SLICE_MS = 40;

/** Steps between two looks at the clock, which costs as much as a short row. */
const STEPS_PER_LOOK = 8;

/**
 * Runs work that yields between small steps, letting the event loop in every SLICE_MS. Rejects with `cancelled`
 * once `signal` is aborted.
 */
export async function runInSlices(steps: Generator<void, void>, signal?: AbortSignal): Promise<void> {
  throwIfCancelled(signal);
  let sliceStart = performance.now();
  let step = 0;
  while (steps.next().done !== true) {
    if (++step % STEPS_PER_LOOK !== 0 || performance.now() - sliceStart < SLICE_MS) continue;
    await nextTask();
    throwIfCancelled(signal);
    sliceStart = performance.now();
  }
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
