import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/lib/errors.ts';
import { createRpcClient, serve, Transferred } from '../../../src/lib/rpc/index.ts';

interface Calculator {
  add: { params: { a: number; b: number }; progress: number; result: number };
  wait: { params: null; progress: never; result: null };
  hand: { params: null; progress: never; result: Float32Array };
}

function connect(): { client: ReturnType<typeof createRpcClient<Calculator>>; stop: () => void } {
  const { port1, port2 } = new MessageChannel();
  const stop = serve<Calculator>(port2, {
    add({ a, b }, { progress }) {
      if (!Number.isFinite(a)) {
        throw new AppError('input-invalid', 'a must be finite', { values: { a }, remedy: 'Give a number.' });
      }
      progress(0.5);
      return a + b;
    },
    wait: (_params, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new AppError('cancelled', 'Stopped.')));
      }),
    hand() {
      const value = new Float32Array([1, 2, 3]);
      return new Transferred(value, [value.buffer]);
    },
  });
  port1.start();
  port2.start();
  return {
    client: createRpcClient<Calculator>(port1),
    stop: () => {
      stop();
      port1.close();
      port2.close();
    },
  };
}

describe('rpc over a MessageChannel', () => {
  it('returns results and progress', async () => {
    const { client, stop } = connect();
    const seen: number[] = [];
    expect(await client.call('add', { a: 2, b: 3 }, { onProgress: (value) => seen.push(value) })).toBe(5);
    expect(seen).toEqual([0.5]);
    stop();
  });

  it('carries an error whole: code, values, remedy', async () => {
    const { client, stop } = connect();
    const error = await client.call('add', { a: NaN, b: 1 }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code: 'input-invalid', values: { a: NaN }, remedy: 'Give a number.' });
    stop();
  });

  it('cancels through an AbortSignal', async () => {
    const { client, stop } = connect();
    const controller = new AbortController();
    const waiting = client.call('wait', null, { signal: controller.signal });
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
    stop();
  });

  it('refuses a call that was cancelled before it began', async () => {
    const { client, stop } = connect();
    await expect(client.call('wait', null, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'cancelled',
    });
    stop();
  });

  it('hands buffers over', async () => {
    const { client, stop } = connect();
    expect([...(await client.call('hand', null))]).toEqual([1, 2, 3]);
    stop();
  });

  it('rejects what is pending, and what comes later, when the worker died', async () => {
    const { client, stop } = connect();
    const waiting = client.call('wait', null);
    client.fail(new AppError('worker-died', 'Gone.'));
    await expect(waiting).rejects.toMatchObject({ code: 'worker-died' });
    await expect(client.call('add', { a: 1, b: 1 })).rejects.toMatchObject({ code: 'worker-died' });
    stop();
  });
});
