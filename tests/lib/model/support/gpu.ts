import { GpuMatrix, GpuSparse } from '../../../../src/lib/model/backends/webgpu/matrix.ts';
import type { GpuContext } from '../../../../src/lib/model/gpu/context.ts';
import type { CsrMatrix } from '../../../../src/lib/model/matrix/csr.ts';
import { openGpu, probeGpu } from '../../../../src/lib/model/gpu/open.ts';

const probed = await probeGpu();
if ('reason' in probed && import.meta.env['VITE_REQUIRE_GPU'] === '1') throw probed.reason;

/**
 * Whether the tests of a file have a GPU to run on; `describe.skipIf(!hasGpu)` reports them as skipped where not.
 * With VITE_REQUIRE_GPU=1 a missing one fails instead.
 */
export const hasGpu = 'info' in probed;

/** A device of one's own, to be destroyed. */
export function openTestGpu(): Promise<GpuContext> {
  return openGpu();
}

/** A matrix on the device that holds these row-major values. */
export function gpuMatrixOf(
  context: GpuContext,
  rows: number,
  columns: number,
  values: Float32Array,
): GpuMatrix {
  const matrix = new GpuMatrix(context, new Set(), rows, columns);
  matrix.write(values);
  return matrix;
}

/** A sparse matrix on the device. */
export function gpuSparseOf(context: GpuContext, matrix: CsrMatrix): GpuSparse {
  return new GpuSparse(context, new Set(), matrix);
}
