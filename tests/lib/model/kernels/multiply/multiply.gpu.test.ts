import { expect } from 'vitest';
import { multiply } from '../../../../../src/lib/model/kernels/multiply/multiply.ts';
import { multiplyReference } from '../../../../../src/lib/model/kernels/multiply/multiply.reference.ts';
import { describeKernel, KERNEL_TOLERANCE } from '../../support/describe-kernel.ts';
import { gpuMatrixOf } from '../../support/gpu.ts';
import { randomFactors, relativeError } from '../../support/random-matrices.ts';

describeKernel('multiply', async (context, { factors: k, random, seed }) => {
  const rows = 1 + random.below(40);
  const [left, small] = [randomFactors(rows, k, seed), randomFactors(k, k, seed + 50)];
  const held = [gpuMatrixOf(context, rows, k, left), gpuMatrixOf(context, k, k, small)] as const;
  const product = gpuMatrixOf(context, rows + 1, k, new Float32Array((rows + 1) * k).fill(9));
  // every row one further on
  const targets = context.createStorage('targets', 4 * rows);
  context.write(
    targets,
    Uint32Array.from({ length: rows }, (_, row) => row + 1),
  );
  const call = {
    left: held[0].buffer,
    small: held[1].buffer,
    product: product.buffer,
    columns: k,
  };
  const multiplyAll = async (to: GPUBuffer | null): Promise<void> => {
    // in two calls
    const some = random.below(rows);
    await multiply(context, { ...call, targets: to, first: 0, count: some });
    await multiply(context, { ...call, targets: to, first: some, count: rows - some });
  };
  await multiplyAll(targets);
  const scattered = await product.read();
  await multiplyAll(null);
  const plain = await product.read();
  context.destroyBuffer(targets);
  for (const matrix of [...held, product]) matrix.release();

  const expected = multiplyReference(left, small, rows, k);
  expect(scattered.subarray(0, k).every((value) => value === 9)).toBe(true);
  expect(relativeError(scattered.subarray(k), expected)).toBeLessThan(KERNEL_TOLERANCE);
  expect(relativeError(plain.subarray(0, rows * k), expected)).toBeLessThan(KERNEL_TOLERANCE);
});
