import { AppError } from '../../errors.ts';
import { adapterName } from './adapter-name.ts';
import { BUFFER_USAGE, MAP_MODE_READ } from './constants.ts';
import { gpuLost, guarded, toAppError } from './faults.ts';
import type { Kernel } from './kernel.ts';
import { compileKernel, type CompiledKernel } from './pipelines.ts';
import type { StructFields } from './uniform-struct.ts';

/** One call of a kernel. */
export interface Dispatch<Fields extends StructFields, Binding extends string> {
  readonly entryPoint: string;
  readonly parameters: Readonly<Record<keyof Fields, number>>;
  readonly buffers: Readonly<Record<Binding, GPUBuffer>>;
  /** Workgroups. */
  readonly grid: readonly [x: number, y: number];
}

/**
 * One GPUDevice with what everything on it shares: compiled kernels, the count of allocated bytes, and one place
 * for its failures. Errors that WebGPU reports late reach the next `settle` or `readBuffer`.
 */
export class GpuContext {
  readonly device: GPUDevice;
  readonly info: GPUAdapterInfo;
  /** Resolves when the device is gone, whoever ended it; never rejects. */
  readonly lost: Promise<AppError>;
  readonly #kernels = new Map<string, Promise<CompiledKernel>>();
  readonly #parameters = new Map<string, GPUBuffer>();
  #bytes = 0;
  #failure: AppError | null = null;
  #lost: AppError | null = null;
  #outstanding: Promise<unknown> = Promise.resolve();

  constructor(device: GPUDevice, info: GPUAdapterInfo) {
    this.device = device;
    this.info = info;
    this.lost = device.lost.then((details) => (this.#lost = gpuLost(details)));
    device.addEventListener('uncapturederror', (event) => {
      event.preventDefault();
      this.#failure ??= toAppError(event.error);
    });
  }

  /** What the adapter says of itself. */
  get name(): string {
    return adapterName(this.info);
  }

  /** Bytes of the buffers made by `createBuffer` and not yet destroyed. */
  get bytes(): number {
    return this.#bytes;
  }

  /** A buffer that counts. A failure to allocate is reported by the next `settle`. */
  createBuffer(label: string, bytes: number, usage: number): GPUBuffer {
    // an empty buffer cannot be bound
    const size = Math.max(16, Math.ceil(bytes / 4) * 4);
    this.#bytes += size;
    return this.#guard(() => this.device.createBuffer({ label, size, usage }));
  }

  /** A storage buffer that can be copied to and from. */
  createStorage(label: string, bytes: number): GPUBuffer {
    return this.createBuffer(
      label,
      bytes,
      BUFFER_USAGE.STORAGE | BUFFER_USAGE.COPY_SRC | BUFFER_USAGE.COPY_DST,
    );
  }

  destroyBuffer(buffer: GPUBuffer): void {
    this.#bytes -= buffer.size;
    buffer.destroy();
  }

  write(buffer: GPUBuffer, data: ArrayBuffer | ArrayBufferView<ArrayBuffer>): void {
    this.#guard(() => this.device.queue.writeBuffer(buffer, 0, data));
  }

  /** Submits one dispatch. Rejects with `gpu-shader-invalid` where the kernel does not compile. */
  async dispatch<Fields extends StructFields, Binding extends string>(
    kernel: Kernel<Fields, Binding>,
    { entryPoint, parameters, buffers, grid }: Dispatch<Fields, Binding>,
  ): Promise<void> {
    const { layout, pipelines } = await this.#compiled(kernel);
    const pipeline = pipelines.get(entryPoint);
    if (pipeline === undefined) throw new AppError('internal', `${kernel.name} has no ${entryPoint}.`);
    const uniform = this.#parametersOf(kernel);
    this.#guard(() => {
      // writes and submissions keep their order on the queue: one buffer serves every dispatch
      this.device.queue.writeBuffer(uniform, 0, kernel.parameters.encode(parameters));
      const group = this.device.createBindGroup({
        label: kernel.name,
        layout,
        entries: [
          { binding: 0, resource: { buffer: uniform } },
          ...kernel.bindings.map(({ name }, index) => ({
            binding: index + 1,
            resource: { buffer: buffers[name] },
          })),
        ],
      });
      const encoder = this.device.createCommandEncoder({ label: kernel.name });
      const pass = encoder.beginComputePass({ label: `${kernel.name}/${entryPoint}` });
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(...grid);
      pass.end();
      this.device.queue.submit([encoder.finish()]);
    });
  }

  /** Waits for the submitted work; throws what failed since the last time. */
  async settle(): Promise<void> {
    await Promise.race([this.device.queue.onSubmittedWorkDone(), this.lost]);
    await this.#throwFailures();
  }

  /** Copies the first `bytes` of a buffer back. Never hands out what a lost device left behind. */
  async readBuffer(buffer: GPUBuffer, bytes: number): Promise<ArrayBuffer> {
    const size = Math.ceil(bytes / 4) * 4;
    if (size === 0) return new ArrayBuffer(0);
    const staging = this.createBuffer('read', size, BUFFER_USAGE.MAP_READ | BUFFER_USAGE.COPY_DST);
    try {
      this.#guard(() => {
        const encoder = this.device.createCommandEncoder({ label: 'read' });
        encoder.copyBufferToBuffer(buffer, 0, staging, 0, size);
        this.device.queue.submit([encoder.finish()]);
      });
      const mapped = staging.mapAsync(MAP_MODE_READ, 0, size).then(
        () => null,
        (error: unknown) => AppError.from(error),
      );
      const failure = await Promise.race([mapped, this.lost]);
      await this.#throwFailures();
      if (failure !== null) throw failure;
      return staging.getMappedRange(0, size).slice(0, bytes);
    } finally {
      this.destroyBuffer(staging);
    }
  }

  /** Ends the device; `lost` resolves. */
  destroy(): void {
    for (const buffer of this.#parameters.values()) buffer.destroy();
    this.#parameters.clear();
    this.#kernels.clear();
    this.device.destroy();
  }

  #compiled(kernel: Kernel<StructFields, string>): Promise<CompiledKernel> {
    const known = this.#kernels.get(kernel.name);
    if (known !== undefined) return known;
    const compiled = compileKernel(this.device, kernel);
    this.#kernels.set(kernel.name, compiled);
    return compiled;
  }

  #parametersOf({ name, parameters }: Kernel<StructFields, string>): GPUBuffer {
    const known = this.#parameters.get(name);
    if (known !== undefined) return known;
    const usage = BUFFER_USAGE.UNIFORM | BUFFER_USAGE.COPY_DST;
    const label = `${name}/parameters`;
    const buffer = this.#guard(() => this.device.createBuffer({ label, size: parameters.bytes, usage }));
    this.#parameters.set(name, buffer);
    return buffer;
  }

  #guard<Result>(work: () => Result): Result {
    const { result, failure } = guarded(this.device, work);
    const noted = failure.then((error) => (this.#failure ??= error));
    this.#outstanding = Promise.all([this.#outstanding, noted]);
    return result;
  }

  async #throwFailures(): Promise<void> {
    const waitedFor = this.#outstanding;
    await Promise.race([waitedFor, this.lost]);
    // a lost device explains every other failure
    if (this.#lost !== null) throw this.#lost;
    if (this.#outstanding === waitedFor) this.#outstanding = Promise.resolve();
    const failure = this.#failure;
    this.#failure = null;
    if (failure !== null) throw failure;
  }
}
