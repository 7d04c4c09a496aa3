/** The page side of scripts/bench-gpu.mjs: one training run, timed step by step. */
import type { Backend } from '../../src/lib/model/backends/backend.ts';
import { WebGpuBackend, type WebGpuBackendOptions } from '../../src/lib/model/backends/webgpu.ts';
import { GpuContext } from '../../src/lib/model/gpu/context.ts';
import type { DispatchTime } from '../../src/lib/model/gpu/dispatch-clock.ts';
import { openGpu } from '../../src/lib/model/gpu/open.ts';
import { IalsFit } from '../../src/lib/model/ials/fit.ts';
import { ialsHyperparameters } from '../../src/lib/model/ials/hyperparameters.ts';
import { interactionMatrix, type Triples } from './interaction-matrix.ts';
import { syntheticMatrix, type Size } from './synthetic-matrix.ts';

export interface BenchRequest {
  readonly data: { readonly triples: Triples } | { readonly synthetic: Size };
  readonly factors: number;
  readonly iterations: number;
  readonly shortRows: NonNullable<WebGpuBackendOptions['shortRows']>;
}

export interface BenchResult {
  readonly device: string;
  /** Milliseconds of each iteration, the first with the compilation of the kernels. */
  readonly iterations: readonly number[];
  /** Milliseconds spent in each backend call, one list a call, in their order. */
  readonly calls: Readonly<Record<string, readonly number[]>>;
  readonly interactions: number;
  readonly loss: number;
  /** The most that was held on the device. */
  readonly deviceBytes: number;
  /** By the device's clock; null where it has none. */
  readonly longestDispatch: DispatchTime | null;
}

/** Trains iALS with the app's defaults and `factors` dimensions. */
export async function bench({ data, factors, iterations, shortRows }: BenchRequest): Promise<BenchResult> {
  const opened = await openGpu();
  // what every device has, so that sizes that need parts are run in parts
  const context = new GpuContext(opened.device, opened.info, { maxBindingBytes: 128 * 2 ** 20 });
  const calls: Record<string, number[]> = {};
  const backend = timed(new WebGpuBackend(context, { shortRows }), calls);
  const strengths = 'triples' in data ? interactionMatrix(data.triples) : syntheticMatrix(data.synthetic);
  const fit = IalsFit.start(backend, strengths, ialsHyperparameters(strengths, { factors }), 7);
  const times: number[] = [];
  let loss = 0;
  for (let iteration = 0; iteration < iterations; iteration++) {
    const start = performance.now();
    ({ loss } = await fit.iterate());
    times.push(performance.now() - start);
  }
  const result = {
    device: context.name,
    interactions: strengths.data.length,
    iterations: times,
    calls,
    loss,
    deviceBytes: context.peakBytes,
    longestDispatch: context.longestDispatch,
  };
  context.destroy();
  return result;
}

/** The same backend; each asynchronous call notes how long it took. */
function timed(backend: Backend, calls: Record<string, number[]>): Backend {
  return new Proxy(backend, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return (...parameters: unknown[]): unknown => {
        const start = performance.now();
        const result: unknown = Reflect.apply(member, target, parameters);
        if (!(result instanceof Promise)) return result;
        return result.finally(() => (calls[String(name)] ??= []).push(performance.now() - start));
      };
    },
  });
}
