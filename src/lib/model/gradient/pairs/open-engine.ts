import type { GpuContext } from '../../gpu/context.ts';
import { CpuPairEngine } from './engine-cpu.ts';
import type { OpenPairEngine } from './engine.ts';

/** The engine of the CPU: what `fitPairs` takes if it is given none. */
export const openCpuPairEngine: OpenPairEngine = (kind, hyperparameters, start) =>
  Promise.resolve(new CpuPairEngine(kind, hyperparameters, start));

/** The engine for a device, the CPU's where it is null. tfjs is loaded here, and only for a GPU. */
export async function pairEngineFor(gpu: GpuContext | null): Promise<OpenPairEngine> {
  if (gpu === null) return openCpuPairEngine;
  const { TfjsPairEngine } = await import('./engine-tfjs.ts');
  return (kind, hyperparameters, start) => TfjsPairEngine.open(gpu, kind, hyperparameters, start);
}
