import { AppError } from '../errors.ts';
import type { ClientMessage, Endpoint, ServiceMessage, ServiceShape } from './protocol.ts';

/** What a method gets beside its parameters. */
export interface CallContext<Progress> {
  /** Aborted when the client cancels. A method that stops for it throws code `cancelled`. */
  readonly signal: AbortSignal;
  readonly progress: (value: Progress, transfer?: Transferable[]) => void;
}

/** A result whose buffers are handed over instead of copied. */
export class Transferred<Value> {
  readonly value: Value;
  readonly transfer: Transferable[];

  constructor(value: Value, transfer: Transferable[]) {
    this.value = value;
    this.transfer = transfer;
  }
}

export type Handlers<Service extends ServiceShape<Service>> = {
  readonly [Method in keyof Service]: (
    params: Service[Method]['params'],
    context: CallContext<Service[Method]['progress']>,
  ) =>
    | Service[Method]['result']
    | Transferred<Service[Method]['result']>
    | Promise<Service[Method]['result'] | Transferred<Service[Method]['result']>>;
};

/**
 * Answers requests on an endpoint until the returned function is called. Whatever a handler throws reaches the
 * caller as an AppError; nothing is swallowed.
 */
export function serve<Service extends ServiceShape<Service>>(
  endpoint: Endpoint,
  handlers: Handlers<Service>,
): () => void {
  const running = new Map<number, AbortController>();
  const post = (message: ServiceMessage, transfer: Transferable[] = []): void =>
    endpoint.postMessage(message, transfer);

  const onMessage = (event: MessageEvent): void => {
    const message = event.data as ClientMessage;
    switch (message.type) {
      case 'request':
        void answer(message.id, message.method, message.params);
        return;
      case 'cancel':
        running.get(message.id)?.abort();
        return;
      default:
        message satisfies never;
    }
  };

  async function answer(id: number, method: string, params: unknown): Promise<void> {
    const controller = new AbortController();
    running.set(id, controller);
    try {
      if (!Object.hasOwn(handlers, method)) throw new AppError('internal', `Unknown method ${method}.`);
      const handler = handlers[method as keyof Service];
      const result = await handler(params, {
        signal: controller.signal,
        progress: (value, transfer) => post({ type: 'progress', id, value }, transfer),
      });
      if (result instanceof Transferred) post({ type: 'result', id, value: result.value }, result.transfer);
      else post({ type: 'result', id, value: result });
    } catch (error) {
      post({ type: 'error', id, error: AppError.from(error).toWire() });
    } finally {
      running.delete(id);
    }
  }

  endpoint.addEventListener('message', onMessage);
  return () => {
    endpoint.removeEventListener('message', onMessage);
    for (const controller of running.values()) controller.abort();
  };
}
