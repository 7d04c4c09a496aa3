import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { WgslReflect } from 'wgsl_reflect/wgsl_reflect.module.js';
import { moduleSource, type Kernel } from '../../../../src/lib/model/gpu/kernel.ts';
import type { StructFields } from '../../../../src/lib/model/gpu/uniform-struct.ts';

const SOURCES = new URL('../../../../src/lib/model/kernels/', import.meta.url);
const TESTS = new URL('./', import.meta.url);

const stems = readdirSync(SOURCES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

type AnyKernel = Kernel<StructFields, string>;

function isKernel(value: unknown): value is AnyKernel {
  return typeof value === 'object' && value !== null && 'entryPoints' in value && 'parameters' in value;
}

async function kernelOf(stem: string): Promise<AnyKernel> {
  const module = (await import(/* @vite-ignore */ new URL(`${stem}/${stem}.ts`, SOURCES).pathname)) as Record<
    string,
    unknown
  >;
  const kernels = Object.values(module).filter(isKernel);
  expect(kernels).toHaveLength(1);
  return kernels[0]!;
}

it('finds the kernels', () => {
  expect(stems).toContain('row-solve');
});

describe.each(stems)('%s', (stem) => {
  it('has its shader, its host side, its reference and its test, and nothing else', () => {
    const own = readdirSync(new URL(`${stem}/`, SOURCES)).sort();
    expect(own).toEqual([`${stem}.reference.ts`, `${stem}.ts`, `${stem}.wgsl`]);
    expect(existsSync(new URL(`${stem}/${stem}.gpu.test.ts`, TESTS))).toBe(true);
  });

  it('declares the bindings and entry points that its shader has', async () => {
    const kernel = await kernelOf(stem);
    const shader = new WgslReflect(moduleSource(kernel));
    expect(kernel.name).toBe(stem);
    expect(shader.uniforms.map(({ name, group, binding }) => [name, group, binding])).toEqual([
      ['parameters', 0, 0],
    ]);
    expect(
      shader.storage
        .map(({ name, group, binding, access }) => ({ name, group, binding, access }))
        .sort((first, second) => first.binding - second.binding),
    ).toEqual(
      kernel.bindings.map(({ name, access }, index) => ({ name, group: 0, binding: index + 1, access })),
    );
    expect(shader.entry.compute.map(({ name }) => name)).toEqual(kernel.entryPoints);
  });

  it('lays its parameters out as the shader reads them', async () => {
    const { parameters, ...kernel } = await kernelOf(stem);
    const shader = new WgslReflect(moduleSource({ ...kernel, parameters }));
    const struct = shader.structs.find(({ name }) => name === 'Parameters')!;
    const members = Object.entries(parameters.fields);
    expect(struct.members.map(({ name, type }) => [name, type.name])).toEqual(members);
    // one distinct value a member, read back at the shader's own offset
    const values = Object.fromEntries(members.map(([name], index) => [name, index + 1]));
    const view = new DataView(parameters.encode(values));
    for (const { name, offset, type } of struct.members) {
      const value = type.name === 'f32' ? view.getFloat32(offset, true) : view.getUint32(offset, true);
      expect(value).toBe(values[name]);
    }
    expect(parameters.bytes).toBeGreaterThanOrEqual(struct.size);
  });
});
