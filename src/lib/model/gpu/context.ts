import { AppError } from '../../errors.ts';
import { adapterName } from './adapter-name.ts';
import { BUFFER_USAGE, MAP_MODE_READ } from './constants.ts';
import { DispatchClock, longestOf, type DispatchTime } from './dispatch-clock.ts';
import { gpuLost, guarded, toAppError } from './faults.ts';
import type { Kernel } from './kernel.ts';
import { compileKernel, type CompiledKernel } from './pipelines.ts';
import type { StructFields } from './uniform-struct.ts';

/** Offsets of uniform bindings are multiples of this on every device. */
const UNIFORM_ALIGNMENT_BYTES = 256;

const STORAGE_USAGE = BUFFER_USAGE.STORAGE | BUFFER_USAGE.COPY_SRC | BUFFER_USAGE.COPY_DST;

/** Options of a context. */
export interface GpuContextOptions {
  /** Most bytes that one buffer may have, where that should be less than the device allows. */
  readonly maxBindingBytes?: number;
}

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
  readonly #maxBindingBytes: number;
  readonly #clock: DispatchClock | null;
  #longest: DispatchTime | null = null;
  #bytes = 0;
  #peakBytes = 0;
  #failure: AppError | null = null;
  #lost: AppError | null = null;
  #outstanding: Promise<unknown> = Promise.resolve();

  constructor(
    device: GPUDevice,
    info: GPUAdapterInfo,
    { maxBindingBytes = Number.POSITIVE_INFINITY }: GpuContextOptions = {},
  ) {
    this.device = device;
    this.info = info;
    this.#maxBindingBytes = maxBindingBytes;
    this.#clock = DispatchClock.of(device);
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

  /** Most bytes of a buffer that a kernel can be given; larger arrays are held in parts. */
  get maxBindingBytes(): number {
    const { maxBufferSize, maxStorageBufferBindingSize } = this.device.limits;
    return Math.min(maxBufferSize, maxStorageBufferBindingSize, this.#maxBindingBytes);
  }

  /** Bytes of the buffers made by `createBuffer` and not yet destroyed. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The longest dispatch that `settle` has heard of so far; null where the device has no clock. */
  get longestDispatch(): DispatchTime | null {
    return this.#longest;
  }

  /** The highest that `bytes` has been. */
  get peakBytes(): number {
    return this.#peakBytes;
  }

  /** Begins anew to look for the longest dispatch and the most bytes. */
  forgetPeaks(): void {
    this.#longest = null;
    this.#peakBytes = this.#bytes;
  }

  /** A buffer that counts. A failure to allocate is reported by the next `settle`. */
  createBuffer(label: string, bytes: number, usage: number): GPUBuffer {
    const size = bufferSize(bytes);
    this.#count(size);
    return this.#guard(() => this.device.createBuffer({ label, size, usage }));
  }

  /** A storage buffer that can be copied to and from. */
  createStorage(label: string, bytes: number): GPUBuffer {
    return this.createBuffer(label, bytes, STORAGE_USAGE);
  }

  destroyBuffer(buffer: GPUBuffer): void {
    this.#bytes -= buffer.size;
    buffer.destroy();
  }

  /**
   * A storage buffer of `bytes`, or of half, a quarter and so on down to `minBytes` where the device has no more
   * left. Rejects with `gpu-out-of-memory` where not even that can be had.
   */
  async createStorageUpTo(label: string, bytes: number, minBytes: number): Promise<GPUBuffer> {
    for (let size = bytes; ; size = Math.max(minBytes, size / 2)) {
      const { result, failure } = guarded(this.device, () =>
        this.device.createBuffer({ label, size: bufferSize(size), usage: STORAGE_USAGE }),
      );
      const error = await Promise.race([failure, this.lost]);
      if (error === null) {
        this.#count(result.size);
        return result;
      }
      result.destroy();
      if (error.code !== 'gpu-out-of-memory' || size <= minBytes) throw error;
    }
  }

  /** Writes at `offset` bytes, a multiple of 4. The device takes a copy of its own. */
  write(buffer: GPUBuffer, data: ArrayBuffer | ArrayBufferView<ArrayBuffer>, offset = 0): void {
    this.#guard(() => this.device.queue.writeBuffer(buffer, offset, data));
  }

  /** Sets a buffer to zeros. */
  clear(buffer: GPUBuffer): void {
    this.#guard(() => {
      const encoder = this.device.createCommandEncoder({ label: 'clear' });
      encoder.clearBuffer(buffer);
      this.device.queue.submit([encoder.finish()]);
    });
  }

  /** Submits one dispatch. Rejects with `gpu-shader-invalid` where the kernel does not compile. */
  dispatch<Fields extends StructFields, Binding extends string>(
    kernel: Kernel<Fields, Binding>,
    call: Dispatch<Fields, Binding>,
  ): Promise<void> {
    return this.dispatchAll(kernel, [call]);
  }

  /**
   * Submits dispatches of one kernel that run one after the other, at the cost of one submission. Rejects with
   * `gpu-shader-invalid` where the kernel does not compile.
   */
  async dispatchAll<Fields extends StructFields, Binding extends string>(
    kernel: Kernel<Fields, Binding>,
    calls: readonly Dispatch<Fields, Binding>[],
  ): Promise<void> {
    const { layout, pipelines } = await this.#compiled(kernel);
    const stride = Math.max(UNIFORM_ALIGNMENT_BYTES, kernel.parameters.bytes);
    const uniform = this.#parametersOf(kernel, stride * calls.length);
    const values = new Uint8Array(stride * calls.length);
    calls.forEach(({ parameters }, index) => {
      values.set(new Uint8Array(kernel.parameters.encode(parameters)), stride * index);
    });
    this.#guard(() => {
      // writes and submissions keep their order on the queue: one buffer serves every submission
      this.device.queue.writeBuffer(uniform, 0, values);
      const encoder = this.device.createCommandEncoder({ label: kernel.name });
      calls.forEach(({ entryPoint, buffers, grid }, index) => {
        const pipeline = pipelines.get(entryPoint);
        if (pipeline === undefined) throw new AppError('internal', `${kernel.name} has no ${entryPoint}.`);
        const label = `${kernel.name}/${entryPoint}`;
        const group = this.device.createBindGroup({
          label,
          layout,
          entries: [
            {
              binding: 0,
              resource: { buffer: uniform, offset: stride * index, size: kernel.parameters.bytes },
            },
            ...kernel.bindings.map(({ name }, binding) => ({
              binding: binding + 1,
              resource: { buffer: buffers[name] },
            })),
          ],
        });
        // a pass each: the clock is read where one begins and ends
        const pass = encoder.beginComputePass({ label, ...this.#clock?.slot(label) });
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, group);
        pass.dispatchWorkgroups(...grid);
        pass.end();
      });
      this.device.queue.submit([encoder.finish()]);
    });
  }

  /**
   * Waits for the submitted work; throws what failed since the last time. Resolves to the longest dispatch since then;
   * to null where there was none, or where the device has no clock.
   */
  async settle(): Promise<DispatchTime | null> {
    const [times] = await Promise.all([
      Promise.race([this.#dispatchTimes(), this.lost.then(() => [])]),
      Promise.race([this.device.queue.onSubmittedWorkDone(), this.lost]),
    ]);
    await this.#throwFailures();
    const longest = longestOf(times);
    this.#longest = longestOf([this.#longest, longest].filter((time) => time !== null));
    return longest;
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
    this.#clock?.destroy();
    this.device.destroy();
  }

  async #dispatchTimes(): Promise<readonly DispatchTime[]> {
    if (this.#clock === null) return [];
    const reading = this.#guard(() => this.#clock?.read() ?? Promise.resolve([]));
    // what failed is told by the scopes, or by the loss of the device
    return reading.catch(() => []);
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    this.#peakBytes = Math.max(this.#peakBytes, this.#bytes);
  }

  #compiled(kernel: Kernel<StructFields, string>): Promise<CompiledKernel> {
    const known = this.#kernels.get(kernel.name);
    if (known !== undefined) return known;
    const compiled = compileKernel(this.device, kernel);
    this.#kernels.set(kernel.name, compiled);
    return compiled;
  }

  #parametersOf({ name }: Kernel<StructFields, string>, bytes: number): GPUBuffer {
    const known = this.#parameters.get(name);
    if (known !== undefined && known.size >= bytes) return known;
    // the device keeps it as long as submitted work needs it
    known?.destroy();
    const usage = BUFFER_USAGE.UNIFORM | BUFFER_USAGE.COPY_DST;
    const label = `${name}/parameters`;
    const buffer = this.#guard(() => this.device.createBuffer({ label, size: bytes, usage }));
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

/** A whole number of words; an empty buffer cannot be bound. */
function bufferSize(bytes: number): number {
  return Math.max(16, Math.ceil(bytes / 4) * 4);
}
