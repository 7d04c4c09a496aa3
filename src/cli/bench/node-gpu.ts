import { AppError } from '../../lib/errors.ts';

const PACKAGE = 'webgpu';
const VERSION = '0.6.2';

interface DawnModule {
  readonly create: (flags: readonly string[]) => GPU;
}

/** Dawn ends with the object that stands for it, under whatever still runs: a local variable is collected too early. */
const alive = new Set<GPU>();

/** WebGPU of this process. */
export interface NodeGpu {
  readonly gpu: GPU;
  /** Lets the process end. To be called once the devices are closed. */
  release(): void;
}

/**
 * WebGPU in Node: Dawn, from a package that is not installed with the others, since it takes 132 MB for what only a
 * benchmark needs. Throws `gpu-unavailable` where it is not installed.
 */
export async function openNodeGpu(load: () => Promise<unknown> = loadPackage): Promise<NodeGpu> {
  let dawn: DawnModule;
  try {
    dawn = (await load()) as DawnModule;
  } catch (cause) {
    throw new AppError('gpu-unavailable', `WebGPU in Node needs the package ${PACKAGE}.`, {
      values: { reason: cause instanceof Error ? cause.message : String(cause) },
      remedy: `npm install --no-save ${PACKAGE}@${VERSION}`,
      cause,
    });
  }
  const gpu = dawn.create([]);
  alive.add(gpu);
  return { gpu, release: () => void alive.delete(gpu) };
}

/** By a name that the bundler cannot see, so that it leaves the package out. */
function loadPackage(): Promise<unknown> {
  const name: string = PACKAGE;
  return import(/* @vite-ignore */ name);
}
