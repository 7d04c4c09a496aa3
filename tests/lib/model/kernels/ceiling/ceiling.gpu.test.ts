import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GpuContext } from '../../../../../src/lib/model/gpu/context.ts';
import {
  copyBytes,
  MULTIPLY_ADD_LANES,
  multiplyAdd,
} from '../../../../../src/lib/model/kernels/ceiling/ceiling.ts';
import { multiplyAddReference } from '../../../../../src/lib/model/kernels/ceiling/ceiling.reference.ts';
import { normalMatrix } from '../../../../../src/lib/model/matrix/random.ts';
import { KERNEL_TOLERANCE } from '../../support/describe-kernel.ts';
import { hasGpu, openTestGpu } from '../../support/gpu.ts';
import { relativeError } from '../../support/random-matrices.ts';

const STEPS = 20;

describe.skipIf(!hasGpu)('ceiling', () => {
  const values = normalMatrix(MULTIPLY_ADD_LANES, 4, 0.1, 1);
  let context: GpuContext;
  let source: GPUBuffer;
  let target: GPUBuffer;

  beforeAll(async () => {
    context = await openTestGpu();
    source = context.createStorage('source', values.byteLength);
    target = context.createStorage('target', values.byteLength);
    context.write(source, values);
  });
  afterAll(() => {
    context.destroyBuffer(source);
    context.destroyBuffer(target);
    expect(context.bytes).toBe(0);
    context.destroy();
  });

  const read = async (): Promise<Float32Array> =>
    new Float32Array(await context.readBuffer(target, values.byteLength));

  it('really does its multiply-adds', async () => {
    await multiplyAdd(context, { source, target, steps: STEPS });
    expect(relativeError(await read(), multiplyAddReference(values, STEPS))).toBeLessThan(KERNEL_TOLERANCE);
  });

  it('really copies, and only what was asked for', async () => {
    const half = values.byteLength / 2;
    context.write(target, new Float32Array(values.length));
    await copyBytes(context, { source, target, bytes: half });
    const copied = await read();
    expect(copied.subarray(0, half / 4)).toEqual(values.subarray(0, half / 4));
    expect(copied.subarray(half / 4).every((value) => value === 0)).toBe(true);
  });
});
