import { AppError } from '../errors.ts';
import { createRpcClient, type RpcClient } from './client.ts';
import type { ServiceShape } from './protocol.ts';

/** A running worker and the typed calls to its service. */
export interface SpawnedWorker<Service extends ServiceShape<Service>> {
  readonly client: RpcClient<Service>;
  /** Ends the worker at once; pending calls reject with `error` (default: `cancelled`). */
  terminate(error?: AppError): void;
}

interface TrustedTypePolicy {
  createScriptURL(input: string): string;
}

interface TrustedTypePolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(input: string): string }): TrustedTypePolicy;
}

let policy: TrustedTypePolicy | null = null;

/**
 * Starts a module worker whose service is of the given shape. `url` comes from a `?worker&url` import, `name`
 * shows in developer tools. `onDeath` hears of a worker that failed to load or threw outside of a call; every
 * pending call has been rejected with `worker-died` by then.
 */
export function spawnWorker<Service extends ServiceShape<Service>>(
  url: string,
  name: string,
  onDeath?: (error: AppError) => void,
): SpawnedWorker<Service> {
  const worker = new Worker(trustedScriptUrl(url), { type: 'module', name });
  const client = createRpcClient<Service>(worker);
  const die = (message: string): void => {
    const error = new AppError('worker-died', message, {
      values: { worker: name },
      remedy: 'Reload the page.',
    });
    worker.terminate();
    client.fail(error);
    onDeath?.(error);
  };
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    die(event.message === '' ? `The ${name} worker could not be loaded.` : event.message);
  });
  worker.addEventListener('messageerror', () => die(`The ${name} worker sent what could not be read.`));
  return {
    client,
    terminate(error = new AppError('cancelled', `The ${name} worker was ended.`)) {
      worker.terminate();
      client.fail(error);
    },
  };
}

/**
 * The one door for script URLs under `require-trusted-types-for 'script'`: same-origin addresses only. Also used
 * to register the service worker. Throws `input-invalid` for a foreign address.
 */
export function trustedScriptUrl(url: string): string {
  // a worker has no document, and its own address instead
  const absolute = new URL(url, typeof document === 'undefined' ? location.href : document.baseURI);
  if (absolute.origin !== location.origin) {
    throw new AppError('input-invalid', 'Only scripts of the same origin are run.', { values: { url } });
  }
  const factory = (globalThis as { trustedTypes?: TrustedTypePolicyFactory }).trustedTypes;
  if (factory === undefined) return absolute.href;
  policy ??= factory.createPolicy('app-worker', { createScriptURL: (input) => input });
  return policy.createScriptURL(absolute.href);
}
