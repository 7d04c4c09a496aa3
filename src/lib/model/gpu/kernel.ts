import type { StructFields, UniformStruct } from './uniform-struct.ts';

/** A storage buffer as a kernel sees it. */
export interface StorageBinding {
  /** The variable's name in the shader. */
  readonly name: string;
  readonly access: 'read' | 'read_write';
}

/**
 * A shader and how to call it. Binding 0 of group 0 is `var<uniform> parameters: Parameters`, whose declaration
 * comes from `parameters`; the storage bindings follow from 1 on in their order. Every entry point is a compute
 * shader over all of them.
 */
export interface Kernel<Fields extends StructFields, Binding extends string> {
  readonly name: string;
  /** WGSL without the declaration of Parameters. */
  readonly source: string;
  readonly entryPoints: readonly string[];
  readonly parameters: UniformStruct<Fields>;
  readonly bindings: readonly (StorageBinding & { readonly name: Binding })[];
}

/** The whole shader. The generated part comes last, so that line numbers are those of the .wgsl file. */
export function moduleSource(kernel: Kernel<StructFields, string>): string {
  return `${kernel.source}\n${kernel.parameters.wgsl}`;
}
