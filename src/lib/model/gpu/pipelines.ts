import { AppError } from '../../errors.ts';
import { SHADER_STAGE_COMPUTE } from './constants.ts';
import { moduleSource, type Kernel } from './kernel.ts';
import type { StructFields } from './uniform-struct.ts';

/** A kernel made ready for one device. */
export interface CompiledKernel {
  readonly layout: GPUBindGroupLayout;
  readonly pipelines: ReadonlyMap<string, GPUComputePipeline>;
}

/**
 * Compiles a kernel's entry points. Rejects with `gpu-shader-invalid`, which names file, line, column and the
 * line itself. Synchronous pipelines on purpose: the asynchronous call aborts the process on Dawn in Node.
 */
export async function compileKernel(
  device: GPUDevice,
  kernel: Kernel<StructFields, string>,
): Promise<CompiledKernel> {
  device.pushErrorScope('validation');
  const module = device.createShaderModule({ label: kernel.name, code: moduleSource(kernel) });
  const layout = device.createBindGroupLayout({
    label: kernel.name,
    entries: [
      { binding: 0, visibility: SHADER_STAGE_COMPUTE, buffer: { type: 'uniform' } },
      ...kernel.bindings.map(({ access }, index) => ({
        binding: index + 1,
        visibility: SHADER_STAGE_COMPUTE,
        buffer: { type: access === 'read' ? ('read-only-storage' as const) : ('storage' as const) },
      })),
    ],
  });
  const pipelineLayout = device.createPipelineLayout({ bindGroupLayouts: [layout] });
  const pipelines = new Map(
    kernel.entryPoints.map((entryPoint) => [
      entryPoint,
      device.createComputePipeline({
        label: `${kernel.name}/${entryPoint}`,
        layout: pipelineLayout,
        compute: { module, entryPoint },
      }),
    ]),
  );
  const error = await device.popErrorScope();
  if (error !== null) throw await shaderError(kernel, module, error);
  return { layout, pipelines };
}

async function shaderError(
  kernel: Kernel<StructFields, string>,
  module: GPUShaderModule,
  error: GPUError,
): Promise<AppError> {
  const { messages } = await module.getCompilationInfo();
  const first = messages.find(({ type }) => type === 'error');
  const line = first?.lineNum ?? 0;
  const column = first?.linePos ?? 0;
  const source = moduleSource(kernel).split('\n')[line - 1]?.trim() ?? '';
  const place = first === undefined ? kernel.name : `${kernel.name}.wgsl:${line}:${column}`;
  return new AppError('gpu-shader-invalid', `${place}: ${first?.message ?? error.message}`, {
    values: { kernel: kernel.name, line, column, source },
    remedy: 'Update the browser or the graphics driver; training goes on on the CPU.',
    cause: error.message,
  });
}
