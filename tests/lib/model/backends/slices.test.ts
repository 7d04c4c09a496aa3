import { describe, expect, it } from 'vitest';
import { runInSlices } from '../../../../src/lib/model/backends/slices.ts';

/** Work of about a millisecond: far below a slice. */
function* shortWork(): Generator<void, void> {
  const end = performance.now() + 1;
  while (performance.now() < end) yield;
}

describe('runInSlices', () => {
  it('lets messages in between many calls that are each shorter than a slice', async () => {
    const controller = new AbortController();
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => controller.abort();
    port2.postMessage('cancel');
    let calls = 0;
    const running = (async () => {
      // Ends by itself long after a slice, so that a failure is one and no hang.
      for (; calls < 1_000; calls++) await runInSlices(shortWork(), controller.signal);
    })();
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    expect(calls).toBeLessThan(1_000);
    port1.close();
  });

  it('refuses to begin when cancelled already', async () => {
    let begun = false;
    const steps = (function* (): Generator<void, void> {
      begun = true;
      yield;
    })();
    await expect(runInSlices(steps, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
    expect(begun).toBe(false);
  });
});
