/** Idle time that browsers give only where no frame is to come: about the longest there is. */
const LONG_IDLE_MS = 30;
const PAUSE_MS = 50;
/** Something that moves for ever must not hold up what waits. */
const MAX_WAIT_MS = 3_000;

/** Resolves when the page stands still: work that nobody looks at waits for that. After 3 s at the latest. */
export async function quiet(): Promise<void> {
  const end = performance.now() + MAX_WAIT_MS;
  while (performance.now() < end && (await idleTime()) < LONG_IDLE_MS) await pause();
}

/** Milliseconds of the next idle time, once it has come. */
function idleTime(): Promise<number> {
  // Safari does not tell.
  if (!('requestIdleCallback' in globalThis)) return pause().then(() => LONG_IDLE_MS);
  return new Promise((resolve) =>
    requestIdleCallback((idle) => resolve(idle.timeRemaining()), { timeout: MAX_WAIT_MS }),
  );
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}
