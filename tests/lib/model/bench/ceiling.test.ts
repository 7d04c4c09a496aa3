import { expect, it } from 'vitest';
import { cpuCeiling } from '../../../../src/lib/model/bench/ceiling.ts';
import { arithmeticModule, FLOPS_PER_ROUND } from '../../../../src/lib/model/bench/wasm-arithmetic.ts';

it('is a sound WebAssembly module that computes its chains', async () => {
  const bytes = arithmeticModule();
  expect(WebAssembly.validate(bytes)).toBe(true);
  const { instance } = await WebAssembly.instantiate(bytes);
  const run = instance.exports['run'] as (rounds: number) => number;
  // a ← a/2 + 1 from 0, 8 steps a round: 2 (1 − 2^(−8 rounds)), of twelve chains
  expect(run(1)).toBeCloseTo(12 * 2 * (1 - 2 ** -8), 5);
  expect(run(2)).toBeCloseTo(12 * 2 * (1 - 2 ** -16), 5);
  expect(FLOPS_PER_ROUND).toBe(12 * 8 * 4 * 2);
});

it('measures rates that a machine can have', async () => {
  const { gflops, gbps } = await cpuCeiling();
  expect(gflops).toBeGreaterThan(0.5);
  expect(gflops).toBeLessThan(200);
  expect(gbps).toBeGreaterThan(0.1);
  expect(gbps).toBeLessThan(1000);
});
