import { AppError } from '../../errors.ts';

/** The scopes that catch what WebGPU reports apart from exceptions. */
const SCOPES = ['validation', 'out-of-memory', 'internal'] as const;

/** No device can be had; training takes the CPU. */
export function gpuUnavailable(reason: string, cause?: unknown): AppError {
  return new AppError('gpu-unavailable', reason, {
    values: { reason },
    remedy: 'Training runs on the CPU.',
    ...(cause === undefined ? {} : { cause }),
  });
}

/** The device is gone. */
export function gpuLost(info: Pick<GPUDeviceLostInfo, 'reason' | 'message'>): AppError {
  const reason = info.message === '' ? info.reason : info.message;
  return new AppError('gpu-lost', `The graphics device was lost: ${reason}`, {
    values: { reason },
    remedy: 'Training goes on from the last checkpoint.',
  });
}

/**
 * Runs synchronous GPU calls under error scopes. `failure` resolves to the first error of any scope, or null; it
 * never rejects (a lost device resolves its scopes without an error).
 */
export function guarded<Result>(
  device: GPUDevice,
  work: () => Result,
): { readonly result: Result; readonly failure: Promise<AppError | null> } {
  for (const scope of SCOPES) device.pushErrorScope(scope);
  let popped: Promise<GPUError | null>[];
  let result: Result;
  try {
    result = work();
  } finally {
    // also where the work threw: a scope left open would swallow what belongs to the next
    popped = SCOPES.map(() => device.popErrorScope());
  }
  return { result, failure: firstError(popped) };
}

async function firstError(scopes: readonly Promise<GPUError | null>[]): Promise<AppError | null> {
  const settled = await Promise.allSettled(scopes);
  const errors = settled.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : null));
  return toAppError(errors.find((error) => error !== null) ?? null);
}

/** A WebGPU error as ours; null stays null. */
export function toAppError(error: GPUError | null): AppError | null {
  if (error === null) return null;
  if (error.constructor.name === 'GPUOutOfMemoryError') {
    return new AppError('gpu-out-of-memory', `The graphics memory is used up: ${error.message}`, {
      values: { reason: error.message },
      remedy: 'Close other tabs; training goes on on the CPU.',
    });
  }
  return new AppError('internal', `The graphics device refused a call: ${error.message}`, {
    values: { reason: error.message },
  });
}
