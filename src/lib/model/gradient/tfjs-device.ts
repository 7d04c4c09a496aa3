import * as tf from '@tensorflow/tfjs-core';
// After the core, whose flags it reads.
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { AppError } from '../../errors.ts';
import { checkFinite } from '../backends/shapes.ts';
import type { GpuContext } from '../gpu/context.ts';

const BACKEND = 'webgpu';

/**
 * Makes tfjs compute on this device, with its flags as we want them whatever the page's address says. One user at a
 * time: tfjs's backends are global. Throws `gpu-unavailable` where tfjs refuses the device.
 */
export async function useDevice({ device, info }: GpuContext): Promise<WebGPUBackend> {
  // Replaces every flag, also those that `?tfjsflags=` set: small tensors stay on the GPU.
  tf.env().setFlags({ WEBGPU_CPU_FORWARD: false });
  // The package registers a backend that would ask for a device of its own.
  if (BACKEND in tf.engine().registryFactory) tf.removeBackend(BACKEND);
  try {
    const backend = new WebGPUBackend(device, info);
    tf.registerBackend(BACKEND, () => backend);
    if (!(await tf.setBackend(BACKEND))) throw new Error('tfjs did not take the WebGPU backend.');
    return backend;
  } catch (error) {
    throw new AppError('gpu-unavailable', 'tfjs cannot use this GPU.', { cause: error });
  }
}

/** Takes the device back from tfjs. Tensors must be disposed of before. */
export function leaveDevice(): void {
  tf.removeBackend(BACKEND);
}

/**
 * A tensor's values, each looked at: the device turns NaN into numbers in later operations. Only the awaited read is
 * true: after a device loss tfjs's synchronous one gives zeros. Throws `gpu-lost` and `training-diverged`.
 */
export async function readTensor(tensor: tf.Tensor): Promise<Float32Array<ArrayBuffer>> {
  let values: Float32Array<ArrayBuffer>;
  try {
    values = new Float32Array((await tensor.data()) as Float32Array);
  } catch (error) {
    throw new AppError('gpu-lost', 'The GPU was lost while its memory was read.', { cause: error });
  }
  checkFinite(values);
  return values;
}
