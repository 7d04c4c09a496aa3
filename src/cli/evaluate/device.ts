import { AppError } from '../../lib/errors.ts';
import { closeDevice, GPU_MODELS, MODEL_NAMES, openDevice } from '../../lib/model/index.ts';
import { openNodeGpu } from '../bench/node-gpu.ts';
import type { CommandLineOutput } from '../output.ts';
import type { FitPlan } from './options.ts';

type Opened = Awaited<ReturnType<typeof openDevice>>;

/**
 * Runs `work` on the device asked for and closes it. `auto` takes WebGPU where the optional package finds a GPU; a model
 * that has nothing to compute there is given the CPU, so that a report of the device is true.
 */
export async function withDevice<Result>(
  { model, device: asked }: Pick<FitPlan, 'model' | 'device'>,
  output: CommandLineOutput,
  work: (device: Opened) => Promise<Result>,
): Promise<Result> {
  const name = MODEL_NAMES.find((known) => known === model);
  const onGpu = name !== undefined && GPU_MODELS.has(name);
  if (asked === 'webgpu' && !onGpu) output.err(`${model} computes nothing on WebGPU: it runs on the CPU.`);
  const wish = onGpu ? asked : 'cpu';
  const node = wish === 'cpu' ? null : await nodeGpu(wish);
  try {
    const device = await openDevice({
      wish: node === null ? 'cpu' : wish,
      ...(node === null ? {} : { gpu: node.gpu }),
    });
    output.err(`Device: ${device.backend.name}`);
    try {
      return await work(device);
    } finally {
      closeDevice(device);
    }
  } finally {
    node?.release();
  }
}

/** null where `auto` finds the package missing: the CPU engine is the rule in Node. */
async function nodeGpu(wish: 'auto' | 'webgpu') {
  try {
    return await openNodeGpu();
  } catch (error) {
    if (wish === 'auto' && error instanceof AppError && error.code === 'gpu-unavailable') return null;
    throw error;
  }
}
