import { AppError } from '../errors.ts';
import type { ClientMessage, Endpoint, ServiceMessage, ServiceShape } from './protocol.ts';

export interface CallOptions<Progress> {
  /** Cancels the request; the promise then rejects with code `cancelled` (or the service's own code). */
  readonly signal?: AbortSignal;
  readonly onProgress?: (value: Progress) => void;
  /** Buffers handed over, not copied: unusable on this side afterwards. */
  readonly transfer?: Transferable[];
}

export interface RpcClient<Service extends ServiceShape<Service>> {
  call<Method extends keyof Service & string>(
    method: Method,
    params: Service[Method]['params'],
    options?: CallOptions<Service[Method]['progress']>,
  ): Promise<Service[Method]['result']>;
  /** Rejects every pending call; for a worker that died or is being ended. */
  fail(error: AppError): void;
}

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: AppError) => void;
  readonly onProgress: ((value: unknown) => void) | undefined;
}

/** Calls a service over an endpoint. Every call ends: with a result, an error, or `fail`. */
export function createRpcClient<Service extends ServiceShape<Service>>(
  endpoint: Endpoint,
): RpcClient<Service> {
  const pending = new Map<number, Pending>();
  let nextId = 1;
  let failure: AppError | null = null;

  endpoint.addEventListener('message', (event) => {
    const message = event.data as ServiceMessage;
    const entry = pending.get(message.id);
    if (entry === undefined) return; // ended already: a late answer after cancel or fail
    switch (message.type) {
      case 'progress':
        entry.onProgress?.(message.value);
        return;
      case 'result':
        pending.delete(message.id);
        entry.resolve(message.value);
        return;
      case 'error':
        pending.delete(message.id);
        entry.reject(AppError.fromWire(message.error));
        return;
      default:
        message satisfies never;
    }
  });

  return {
    call(method, params, options = {}) {
      return new Promise((resolve, reject) => {
        if (failure !== null) {
          reject(failure);
          return;
        }
        if (options.signal?.aborted === true) {
          reject(new AppError('cancelled', 'Cancelled before it began.'));
          return;
        }
        const id = nextId++;
        const cancel = (): void => post({ type: 'cancel', id }, []);
        const settle = (): void => options.signal?.removeEventListener('abort', cancel);
        pending.set(id, {
          resolve: (value) => {
            settle();
            resolve(value);
          },
          reject: (error) => {
            settle();
            reject(error);
          },
          onProgress: options.onProgress,
        });
        options.signal?.addEventListener('abort', cancel, { once: true });
        try {
          post({ type: 'request', id, method, params }, options.transfer ?? []);
        } catch (error) {
          // postMessage throws for what cannot be cloned
          const entry = pending.get(id);
          pending.delete(id);
          entry?.reject(AppError.from(error));
        }
      });
    },
    fail(error) {
      failure = error;
      const entries = [...pending.values()];
      pending.clear();
      for (const entry of entries) entry.reject(error);
    },
  };

  function post(message: ClientMessage, transfer: Transferable[]): void {
    endpoint.postMessage(message, transfer);
  }
}
