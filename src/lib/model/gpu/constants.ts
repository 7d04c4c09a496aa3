/**
 * Flag values of the WebGPU specification (namespaces GPUBufferUsage, GPUMapMode, GPUShaderStage). Written out,
 * since TypeScript's DOM library has the types without the values and Node has no globals of these names.
 */
export const BUFFER_USAGE = {
  MAP_READ: 0x0001,
  COPY_SRC: 0x0004,
  COPY_DST: 0x0008,
  UNIFORM: 0x0040,
  STORAGE: 0x0080,
  QUERY_RESOLVE: 0x0200,
} as const;
export const MAP_MODE_READ = 0x0001;
export const SHADER_STAGE_COMPUTE = 0x4;
