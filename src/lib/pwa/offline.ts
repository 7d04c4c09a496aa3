import { trustedScriptUrl } from '../rpc/worker.ts';
import { isOfflineCopyComplete } from './precache.ts';

/** `not-ready`: the copy could not be made or has holes; the page works as long as there is a network. */
export type OfflineReadiness = 'unsupported' | 'installing' | 'ready' | 'not-ready';

export interface OfflineStatus {
  readonly readiness: OfflineReadiness;
  /** A newer version is downloaded and waits for `applyUpdate`. */
  readonly updateWaiting: boolean;
}

/** The page's copy on the device and its updates. */
export interface OfflineCopy {
  readonly status: OfflineStatus;
  /** Begins, at the first call: the copy is megabytes, and what the visitor looks at goes first. */
  start(): void;
  /** Calls back at once and after every change, until the returned function is called. */
  subscribe(listener: (status: OfflineStatus) => void): () => void;
  /**
   * Puts the waiting version in charge and reloads this tab. Only after the visitor said so, and never while
   * a training runs or something is being typed: that is for the page to know. Other tabs are not reloaded.
   */
  applyUpdate(): void;
}

/** A page kept open for days looks for an update when it is looked at again, at most this often. */
const UPDATE_CHECK_MS = 60 * 60 * 1_000;

const UNSUPPORTED: OfflineStatus = { readiness: 'unsupported', updateWaiting: false };

/**
 * Once started, registers the service worker at `url` (relative to the page) and follows it. Where there are no
 * service workers (an insecure address, a private window) the status stays `unsupported`. Never throws: a failed
 * registration is `not-ready`.
 */
export function keepOfflineCopy(url: string): OfflineCopy {
  const listeners = new Set<(status: OfflineStatus) => void>();
  // Absent outside secure contexts, whatever the type says.
  const container = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  let status: OfflineStatus =
    container === undefined ? UNSUPPORTED : { ...UNSUPPORTED, readiness: 'installing' };
  let registration: ServiceWorkerRegistration | null = null;
  let started = false;

  const publish = (change: Partial<OfflineStatus>): void => {
    const next = { ...status, ...change };
    if (next.readiness === status.readiness && next.updateWaiting === status.updateWaiting) return;
    status = next;
    for (const listener of listeners) listener(status);
  };

  const follow = async (current: ServiceWorkerRegistration): Promise<void> => {
    publish({
      readiness: await readinessOf(current),
      // Without an active worker a waiting one is the first, and nothing is being replaced.
      updateWaiting: current.waiting !== null && current.active !== null,
    });
  };

  const onStateChange = (): void => {
    if (registration !== null) void follow(registration);
  };

  const watch = (current: ServiceWorkerRegistration): void => {
    for (const worker of [current.installing, current.waiting, current.active]) {
      // The same listener twice is one.
      worker?.addEventListener('statechange', onStateChange);
    }
  };

  const register = async (workers: ServiceWorkerContainer): Promise<void> => {
    const current = await workers.register(trustedScriptUrl(url), { updateViaCache: 'none' });
    registration = current;
    current.addEventListener('updatefound', () => watch(current));
    watch(current);
    await follow(current);
    checkWhenLookedAt(current);
  };

  return {
    get status() {
      return status;
    },
    start() {
      if (container === undefined || started) return;
      started = true;
      register(container).catch(() => publish({ readiness: 'not-ready' }));
    },
    subscribe(listener) {
      listeners.add(listener);
      listener(status);
      return () => listeners.delete(listener);
    },
    applyUpdate() {
      container?.addEventListener('controllerchange', () => location.reload(), { once: true });
      // Another tab may have applied it already: then the new version only needs a reload.
      if (registration?.waiting) registration.waiting.postMessage({ type: 'SKIP_WAITING' });
      else location.reload();
    },
  };
}

async function readinessOf(registration: ServiceWorkerRegistration): Promise<OfflineReadiness> {
  if (registration.active?.state === 'activated') {
    return (await isOfflineCopyComplete(registration.scope)) ? 'ready' : 'not-ready';
  }
  const isUnderWay = [registration.installing, registration.waiting, registration.active].some(
    (worker) => worker !== null && worker.state !== 'redundant',
  );
  return isUnderWay ? 'installing' : 'not-ready';
}

function checkWhenLookedAt(registration: ServiceWorkerRegistration): void {
  let checkedAt = Date.now();
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible' || Date.now() - checkedAt < UPDATE_CHECK_MS) return;
    checkedAt = Date.now();
    // Without a network there is no update to find.
    registration.update().catch(() => undefined);
  });
}
