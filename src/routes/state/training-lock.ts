/** One trainer at a time on this device, over all tabs: the browser releases the lock of a tab that dies. */
const LOCK = 'fairshelf-training';

/**
 * Runs `work` while holding the device-wide training lock. False at once, without running it, where another tab
 * holds the lock. Browsers without Web Locks run it: there the guard inside one page is all there is.
 */
export async function withTrainingLock(work: () => Promise<void>): Promise<boolean> {
  const locks = lockManager();
  if (locks === null) {
    await work();
    return true;
  }
  return await locks.request(LOCK, { ifAvailable: true }, async (lock) => {
    if (lock === null) return false;
    await work();
    return true;
  });
}

/** Resolves when no tab trains any more. */
export async function trainingLockFree(signal: AbortSignal): Promise<void> {
  await lockManager()?.request(LOCK, { signal, mode: 'shared' }, () => Promise.resolve());
}

function lockManager(): LockManager | null {
  return (navigator as { locks?: LockManager }).locks ?? null;
}
