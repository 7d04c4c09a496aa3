import type { GpuContext } from '../gpu/context.ts';
import { copyBytes, MULTIPLY_ADD_FLOPS, multiplyAdd } from '../kernels/ceiling/ceiling.ts';
import { arithmeticModule, FLOPS_PER_ROUND } from './wasm-arithmetic.ts';
import type { Ceiling } from './work.ts';

/** Tries of which the fastest counts: whatever else the machine does only ever slows one down. */
const TRIES = 8;
/** Far more than a cache holds, on either side. */
const COPY_BYTES = 128 * 2 ** 20;
/** A try of about 10 ms on a core of 2020. */
const ROUNDS = 400_000;
/** Long enough for the engine to put its optimized code in place of the first one. */
const WARM_UP_MS = 300;
const COPY_BYTES_GPU = 64 * 2 ** 20;
/** A try on a GPU is made long enough for its start not to count, and short enough for a watchdog. */
const GPU_TRY_MS = 30;
/** Fewer, and a software GPU would be measured at starting lanes instead of computing in them. */
const MIN_STEPS = 64;
/** Where growing ends even if a clock stood still. */
const MAX_GPU_AMOUNT = 2 ** 20;

/**
 * What one core does at best: multiplications and additions of four-lane vectors in WebAssembly (separate ones:
 * fused ones are not in its base SIMD), and copying memory. Takes about a second of the calling thread.
 */
export async function cpuCeiling(): Promise<Ceiling> {
  const { instance } = await WebAssembly.instantiate(arithmeticModule());
  const run = instance.exports['run'] as (rounds: number) => number;
  const warmUpEnd = performance.now() + WARM_UP_MS;
  while (performance.now() < warmUpEnd) run(ROUNDS / 20);
  const arithmetic = fastest(() => run(ROUNDS));
  const source = new Float32Array(COPY_BYTES / 4).fill(1);
  const target = new Float32Array(COPY_BYTES / 4).fill(2); // touched, so that no page is missing
  const copy = fastest(() => target.set(source));
  return {
    gflops: (ROUNDS * FLOPS_PER_ROUND) / arithmetic / 1e6,
    gbps: (2 * COPY_BYTES) / copy / 1e6,
  };
}

/** The same of a GPU: multiply-adds of vec4f (fused where the driver does) in every lane, and a kernel that copies. */
export async function gpuCeiling(context: GpuContext): Promise<Ceiling> {
  const bytes = Math.min(COPY_BYTES_GPU, context.device.limits.maxStorageBufferBindingSize);
  const source = context.createStorage('ceiling/source', bytes);
  const target = context.createStorage('ceiling/target', bytes);
  try {
    const buffers = { source, target };
    const flops = await rateOnDevice(context, MIN_STEPS, (steps) =>
      multiplyAdd(context, { ...buffers, steps }),
    );
    const copies = await rateOnDevice(context, 1, async (times) => {
      for (let at = 0; at < times; at++) await copyBytes(context, { ...buffers, bytes });
    });
    return { gflops: (flops * MULTIPLY_ADD_FLOPS) / 1e6, gbps: (copies * 2 * bytes) / 1e6 };
  } finally {
    context.destroyBuffer(source);
    context.destroyBuffer(target);
  }
}

/** Milliseconds of the fastest try. */
function fastest(work: () => unknown): number {
  let best = Infinity;
  for (let at = 0; at < TRIES; at++) {
    const start = performance.now();
    work();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

/** The highest amount of work a millisecond, `least` or more at once; `submit` is given the amount. */
async function rateOnDevice(
  context: GpuContext,
  least: number,
  submit: (amount: number) => Promise<void>,
): Promise<number> {
  const timed = async (amount: number): Promise<number> => {
    const start = performance.now();
    await submit(amount);
    await context.settle();
    return performance.now() - start;
  };
  await timed(least); // compiles the kernel
  let amount = least;
  while (amount < MAX_GPU_AMOUNT && (await timed(amount)) < GPU_TRY_MS) amount *= 2;
  let best = Infinity;
  for (let at = 0; at < TRIES; at++) best = Math.min(best, await timed(amount));
  return amount / best;
}
