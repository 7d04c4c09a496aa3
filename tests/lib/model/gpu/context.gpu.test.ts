import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { GpuContext } from '../../../../src/lib/model/gpu/context.ts';
import type { Kernel } from '../../../../src/lib/model/gpu/kernel.ts';
import { uniformStruct } from '../../../../src/lib/model/gpu/uniform-struct.ts';
import { hasGpu, openTestGpu } from '../support/gpu.ts';

const parameters = uniformStruct('Parameters', { count: 'u32', scale: 'f32' });

const source = `@group(0) @binding(0) var<uniform> parameters: Parameters;
@group(0) @binding(1) var<storage, read_write> values: array<f32>;
@compute @workgroup_size(1)
fn multiply(@builtin(workgroup_id) id: vec3u) {
  if (id.x < parameters.count) {
    values[id.x] *= parameters.scale;
  }
}`;

const multiply = {
  name: 'multiply',
  source,
  entryPoints: ['multiply'],
  parameters,
  bindings: [{ name: 'values', access: 'read_write' }],
} as const satisfies Kernel<typeof parameters.fields, string>;

describe.skipIf(!hasGpu)('GpuContext', () => {
  let context: GpuContext;
  beforeEach(async () => {
    context = await openTestGpu();
  });
  afterEach(() => context.destroy());

  const run = (values: GPUBuffer, count: number, scale: number) =>
    context.dispatch(multiply, {
      entryPoint: 'multiply',
      parameters: { count, scale },
      buffers: { values },
      grid: [count, 1],
    });

  it('writes, computes and reads', async () => {
    const buffer = context.createStorage('values', 12);
    context.write(buffer, Float32Array.of(1, 2, 3));
    await run(buffer, 3, 10);
    await run(buffer, 2, 0.5);
    expect([...new Float32Array(await context.readBuffer(buffer, 12))]).toEqual([5, 10, 30]);
  });

  it('counts bytes, and has none left after a thousand rounds (fault row 50)', async () => {
    const kept = context.createStorage('kept', 64);
    for (let round = 0; round < 1000; round++) {
      const buffer = context.createStorage('values', 64);
      await run(buffer, 4, 2);
      if (round % 50 === 0) await context.readBuffer(buffer, 16);
      context.destroyBuffer(buffer);
      expect(context.bytes).toBe(64);
    }
    context.destroyBuffer(kept);
    expect(context.bytes).toBe(0);
  });

  it('names file, line, column and source of a shader that does not compile (fault row 41)', async () => {
    const broken = { ...multiply, name: 'broken', source: source.replace('*= parameters.scale', '= wrong') };
    const values = context.createStorage('values', 4);
    const call = context.dispatch(broken, {
      entryPoint: 'multiply',
      parameters: { count: 1, scale: 1 },
      buffers: { values },
      grid: [1, 1],
    });
    await expect(call).rejects.toMatchObject({
      code: 'gpu-shader-invalid',
      message: expect.stringMatching(/^broken\.wgsl:6:\d+: .*wrong/) as string,
      values: { kernel: 'broken', line: 6, source: 'values[id.x] = wrong;' },
    });
    // and the device is as good as before
    context.write(values, Float32Array.of(4));
    await run(values, 1, 2);
    expect([...new Float32Array(await context.readBuffer(values, 4))]).toEqual([8]);
  });

  it('reports an invalid call at the next look, once', async () => {
    const buffer = context.createStorage('values', 4);
    context.write(buffer, new Float32Array(100));
    await expect(context.settle()).rejects.toMatchObject({ code: 'internal' });
    await context.settle();
  });

  it('reports a buffer that cannot be had', async () => {
    context.createStorage('huge', context.device.limits.maxBufferSize + 4);
    const failure = context.settle().then(
      () => null,
      (error: unknown) => error,
    );
    expect(['internal', 'gpu-out-of-memory']).toContain(((await failure) as { code: string } | null)?.code);
  });

  it('takes less where memory is short, and says so where even that is too much', async () => {
    const { device } = context;
    const popped = vi.spyOn(device, 'popErrorScope');
    const pop = popped.getMockImplementation() ?? GPUDevice.prototype.popErrorScope.bind(device);
    const shortOnce = () => {
      void pop();
      return Promise.resolve(new GPUOutOfMemoryError('as a test'));
    };
    // two buffers that cannot be had, three scopes each
    for (let scope = 0; scope < 6; scope++) popped.mockImplementationOnce(shortOnce);
    const buffer = await context.createStorageUpTo('scratch', 4096, 16);
    expect(buffer.size).toBe(1024);
    expect(context.bytes).toBe(1024);
    context.destroyBuffer(buffer);
    for (let scope = 0; scope < 3; scope++) popped.mockImplementationOnce(shortOnce);
    await expect(context.createStorageUpTo('scratch', 64, 64)).rejects.toMatchObject({
      code: 'gpu-out-of-memory',
    });
    expect(context.bytes).toBe(0);
    await context.settle();
  });

  it('reads nothing from a lost device: rejects, never zeros (fault row 45)', async () => {
    const buffer = context.createStorage('values', 4);
    context.write(buffer, Float32Array.of(2401));
    const pending = context.readBuffer(buffer, 4);
    context.device.destroy();
    await expect(pending).rejects.toMatchObject({ code: 'gpu-lost' });
    await expect(context.readBuffer(buffer, 4)).rejects.toMatchObject({ code: 'gpu-lost' });
    await expect(context.settle()).rejects.toMatchObject({ code: 'gpu-lost' });
    await expect(context.lost).resolves.toMatchObject({ code: 'gpu-lost' });
  });

  it('does not wait for ever on a device lost before compiling', async () => {
    const buffer = context.createStorage('values', 4);
    context.device.destroy();
    const outcome = run(buffer, 1, 1).then(() => context.settle());
    await expect(outcome).rejects.toMatchObject({ code: 'gpu-lost' });
  });
});
