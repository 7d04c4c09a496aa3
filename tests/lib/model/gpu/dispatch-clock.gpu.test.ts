import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GpuContext } from '../../../../src/lib/model/gpu/context.ts';
import { longestOf } from '../../../../src/lib/model/gpu/dispatch-clock.ts';
import { multiplyAdd } from '../../../../src/lib/model/kernels/ceiling/ceiling.ts';
import { hasGpu, openTestGpu } from '../support/gpu.ts';

const hasClock = await (async () => {
  if (!hasGpu) return false;
  const context = await openTestGpu();
  const has = context.device.features.has('timestamp-query');
  context.destroy();
  return has;
})();

// skipped where the adapter has no timestamp-query
describe.skipIf(!hasClock)('DispatchClock', () => {
  let context: GpuContext;
  let work: (steps: number) => Promise<void>;
  beforeEach(async () => {
    context = await openTestGpu();
    const buffers = {
      source: context.createStorage('source', 2 ** 20),
      target: context.createStorage('target', 2 ** 20),
    };
    work = (steps) => multiplyAdd(context, { ...buffers, steps });
    await work(64);
    await context.settle();
  });
  afterEach(() => context.destroy());

  it('tells the longest dispatch since it was asked last, and of all', async () => {
    await work(64);
    const short = await context.settle();
    await work(64);
    await work(64 * 16);
    await work(64);
    const long = await context.settle();
    expect(long?.name).toBe(short?.name);
    // sixteen times the work; other programs may hold up either
    expect(long?.milliseconds).toBeGreaterThan(2 * (short?.milliseconds ?? Infinity));
    expect(await context.settle()).toBeNull();
    expect(context.longestDispatch?.milliseconds).toBeGreaterThanOrEqual(long?.milliseconds ?? Infinity);
  });

  it('goes on where more was submitted than it has room for', async () => {
    for (let call = 0; call < 300; call++) await work(1);
    expect((await context.settle())?.milliseconds).toBeGreaterThanOrEqual(0);
  });

  it('takes no memory that counts', () => {
    expect(context.bytes).toBe(2 ** 21);
  });
});

describe('longestOf', () => {
  it('is null for none', () => {
    expect(longestOf([])).toBeNull();
  });
});
