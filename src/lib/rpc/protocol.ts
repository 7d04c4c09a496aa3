import type { WireError } from '../errors.ts';

/** What a worker offers: for each method its parameters, the progress it reports, and its result. */
export type ServiceShape<Service> = {
  readonly [Method in keyof Service]: {
    readonly params: unknown;
    readonly progress: unknown;
    readonly result: unknown;
  };
};

/** Messages from the client to the service. Ids are chosen by the client and never reused. */
export type ClientMessage =
  | { readonly type: 'request'; readonly id: number; readonly method: string; readonly params: unknown }
  | { readonly type: 'cancel'; readonly id: number };

/** Messages from the service to the client. `result` and `error` end a request. */
export type ServiceMessage =
  | { readonly type: 'progress'; readonly id: number; readonly value: unknown }
  | { readonly type: 'result'; readonly id: number; readonly value: unknown }
  | { readonly type: 'error'; readonly id: number; readonly error: WireError };

/** The part of Worker, MessagePort and a worker's own scope that the protocol needs. */
export interface Endpoint {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
  removeEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}
