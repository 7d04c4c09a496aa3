import { expect } from 'vitest';
import {
  createInvertScratch,
  invertPivot,
  invertUpdate,
  pivotCount,
  tileRows,
} from '../../../../../src/lib/model/kernels/invert/invert.ts';
import { invertReference } from '../../../../../src/lib/model/kernels/invert/invert.reference.ts';
import { gramReference } from '../../../../../src/lib/model/kernels/gram/gram.reference.ts';
import { describeKernel, KERNEL_TOLERANCE } from '../../support/describe-kernel.ts';
import { gpuMatrixOf } from '../../support/gpu.ts';
import { randomFactors, relativeError } from '../../support/random-matrices.ts';

describeKernel('invert', async (context, { factors: order, seed }) => {
  const values = Float32Array.from(gramReference(randomFactors(2 * order, order, seed), 2 * order, order));
  for (let row = 0; row < order; row++) values[row * (order + 1)]! += 0.1;
  const matrix = gpuMatrixOf(context, order, order, values);
  const scratch = createInvertScratch(context, order);
  const buffers = { ...scratch, matrix: matrix.buffer };
  for (let pivot = 0; pivot < pivotCount(order); pivot++) {
    await invertPivot(context, buffers, order, pivot);
    // In two parts, as a caller that paces its work would.
    const half = Math.ceil(tileRows(order) / 2);
    await invertUpdate(context, buffers, order, pivot, 0, half);
    if (half < tileRows(order)) {
      await invertUpdate(context, buffers, order, pivot, half, tileRows(order) - half);
    }
  }
  const failures = new Uint32Array(await context.readBuffer(scratch.failures, 4));
  const error = relativeError(await matrix.read(), invertReference(values, order));
  matrix.release();
  for (const buffer of Object.values(scratch)) context.destroyBuffer(buffer);
  expect([...failures]).toEqual([0]);
  expect(error).toBeLessThan(KERNEL_TOLERANCE);
});
