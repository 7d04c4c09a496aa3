import { expect, it } from 'vitest';

it('has a WebGPU adapter', async () => {
  const adapter = await navigator.gpu.requestAdapter();
  expect(adapter?.info.vendor).toBeDefined();
});
