import { AppError, type ErrorCode } from '../../errors.ts';
import type { Backend } from '../backends/backend.ts';
import type { GpuContext } from '../gpu/context.ts';
import type { DeviceReport } from './types.ts';

/** A backend to train on and, where it is a GPU's, the device for tfjs to share. */
export interface TrainingDevice {
  readonly backend: Backend;
  readonly gpu: GpuContext | null;
}

/** Frees everything on a device and ends it. */
export function closeDevice({ backend, gpu }: TrainingDevice): void {
  backend.dispose();
  gpu?.destroy();
}

/** Where devices come from; tests hand in factories whose devices fail. */
export interface Devices {
  probe(): Promise<DeviceReport>;
  /** Rejects with a `gpu-…` code where there is no usable WebGPU. */
  openGpu(): Promise<TrainingDevice>;
  openCpu(): Promise<TrainingDevice>;
}

/** What would fail on any device: the request's own faults, the model's, and a cancel. */
const NOT_THE_DEVICE: ReadonlySet<ErrorCode> = new Set([
  'input-invalid',
  'hyperparameter-invalid',
  'not-enough-data',
  'matrix-not-positive-definite',
  'training-diverged',
  'cancelled',
]);

/** True for a failure of a GPU that another device may make good. */
export function isDeviceFault(error: AppError): boolean {
  return !NOT_THE_DEVICE.has(error.code);
}

/** The reason where the backend's device is gone by now, else null. */
export async function lossOf(backend: Backend): Promise<AppError | null> {
  return Promise.race([backend.lost, Promise.resolve(null)]);
}

/**
 * Chooses devices over a page's life: a GPU that was lost once is asked for again, a second loss ends its use for
 * good (a browser that has seen two crashes of its GPU process gives no adapter until a reload, and a loop of
 * crashes helps nobody).
 */
export class DevicePolicy {
  readonly #devices: Devices;
  #losses = 0;
  /** Why no GPU is asked for any more; null while it may be. */
  #givenUp: AppError | null = null;

  constructor(devices: Devices) {
    this.#devices = devices;
  }

  /**
   * A device for a run that begins. Where `auto` has to take the CPU, `fallback` says why. Rejects with a `gpu-…`
   * code where WebGPU was asked for by name and cannot be had.
   */
  async choose(
    wish: 'auto' | 'webgpu' | 'cpu',
  ): Promise<TrainingDevice & { readonly fallback: AppError | null }> {
    if (wish === 'cpu') return { ...(await this.#devices.openCpu()), fallback: null };
    try {
      if (this.#givenUp !== null) throw this.#givenUp;
      return { ...(await this.#devices.openGpu()), fallback: null };
    } catch (error) {
      const reason = AppError.from(error, 'gpu-unavailable');
      if (wish === 'webgpu') throw reason;
      return { ...(await this.#devices.openCpu()), fallback: reason };
    }
  }

  /** A device for a run whose GPU failed with `reason`: the GPU again after a first loss, else the CPU. */
  async replace(reason: AppError): Promise<TrainingDevice> {
    if (reason.code !== 'gpu-lost' || ++this.#losses > 1) {
      this.#givenUp = reason;
      return this.#devices.openCpu();
    }
    try {
      return await this.#devices.openGpu();
    } catch (error) {
      this.#givenUp = AppError.from(error, 'gpu-unavailable');
      return this.#devices.openCpu();
    }
  }
}
