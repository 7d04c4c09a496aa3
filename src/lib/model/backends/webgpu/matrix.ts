import { AppError } from '../../../errors.ts';
import type { GpuContext } from '../../gpu/context.ts';
import type { CsrMatrix } from '../../matrix/csr.ts';
import type { DeviceMatrix, DeviceSparse } from '../backend.ts';

/** Columns of a block: what a vec4f holds. */
const BLOCK = 4;
const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;

/** Buffers of one backend that are still in use. */
export type LiveBuffers = Set<{ release(): void }>;

/** A dense matrix on the GPU: rows × blocks vec4f, the last block of a row padded with zeros. */
export class GpuMatrix implements DeviceMatrix {
  readonly rows: number;
  readonly columns: number;
  /** vec4f a row. */
  readonly blocks: number;
  readonly #context: GpuContext;
  readonly #live: LiveBuffers;
  #buffer: GPUBuffer | null;

  /** Holds zeros. Throws `gpu-out-of-memory` for a matrix that the device cannot bind. */
  constructor(context: GpuContext, live: LiveBuffers, rows: number, columns: number) {
    this.rows = rows;
    this.columns = columns;
    this.blocks = Math.ceil(columns / BLOCK);
    this.#context = context;
    this.#live = live;
    this.#buffer = storage(context, 'matrix', rows * this.blocks * BLOCK * FLOAT_BYTES);
    live.add(this);
  }

  get buffer(): GPUBuffer {
    if (this.#buffer === null) throw released();
    return this.#buffer;
  }

  /** Overwrites with row-major values. */
  write(values: Float32Array): void {
    const stride = this.blocks * BLOCK;
    const padded = new Float32Array(this.rows * stride);
    if (stride === this.columns) padded.set(values);
    else {
      for (let row = 0; row < this.rows; row++) {
        padded.set(values.subarray(row * this.columns, (row + 1) * this.columns), row * stride);
      }
    }
    this.#context.write(this.buffer, padded);
  }

  /** Row-major values, without padding, unchecked. */
  async read(): Promise<Float32Array<ArrayBuffer>> {
    const stride = this.blocks * BLOCK;
    const padded = new Float32Array(
      await this.#context.readBuffer(this.buffer, this.rows * stride * FLOAT_BYTES),
    );
    if (stride === this.columns) return padded;
    const values = new Float32Array(this.rows * this.columns);
    for (let row = 0; row < this.rows; row++) {
      values.set(padded.subarray(row * stride, row * stride + this.columns), row * this.columns);
    }
    return values;
  }

  release(): void {
    if (this.#buffer !== null) this.#context.destroyBuffer(this.#buffer);
    this.#buffer = null;
    this.#live.delete(this);
  }
}

/** A sparse matrix on the GPU: offsets, and (column, bits of the value) pairs. */
export class GpuSparse implements DeviceSparse {
  readonly rows: number;
  readonly columns: number;
  readonly entries: number;
  /** Offsets on the host, for planning. */
  readonly indptr: Int32Array<ArrayBuffer>;
  readonly #context: GpuContext;
  readonly #live: LiveBuffers;
  #buffers: { readonly indptr: GPUBuffer; readonly entries: GPUBuffer } | null;

  /** Throws `gpu-out-of-memory` for a matrix that the device cannot bind. */
  constructor(context: GpuContext, live: LiveBuffers, matrix: CsrMatrix) {
    this.rows = matrix.rows;
    this.columns = matrix.columns;
    this.entries = matrix.indices.length;
    this.indptr = matrix.indptr;
    this.#context = context;
    this.#live = live;
    const pairs = interleave(matrix);
    this.#buffers = {
      indptr: storage(context, 'sparse/indptr', matrix.indptr.byteLength),
      entries: storage(context, 'sparse/entries', pairs.byteLength),
    };
    context.write(this.#buffers.indptr, matrix.indptr);
    context.write(this.#buffers.entries, pairs);
    live.add(this);
  }

  get buffers(): { readonly indptr: GPUBuffer; readonly entries: GPUBuffer } {
    if (this.#buffers === null) throw released();
    return this.#buffers;
  }

  release(): void {
    if (this.#buffers !== null) {
      this.#context.destroyBuffer(this.#buffers.indptr);
      this.#context.destroyBuffer(this.#buffers.entries);
    }
    this.#buffers = null;
    this.#live.delete(this);
  }
}

/** The matrix behind a handle. Throws `internal` for one of another kind of backend. */
export function gpuMatrix(matrix: DeviceMatrix): GpuMatrix {
  if (matrix instanceof GpuMatrix) return matrix;
  throw foreign();
}

/** The sparse matrix behind a handle. Throws `internal` for one of another kind of backend. */
export function gpuSparse(sparse: DeviceSparse): GpuSparse {
  if (sparse instanceof GpuSparse) return sparse;
  throw foreign();
}

function interleave({ indices, data }: CsrMatrix): Int32Array<ArrayBuffer> {
  const pairs = new Int32Array(2 * indices.length);
  const bits = new Int32Array(data.buffer, data.byteOffset, data.length);
  for (let entry = 0; entry < indices.length; entry++) {
    pairs[2 * entry] = indices[entry] ?? 0;
    pairs[2 * entry + 1] = bits[entry] ?? 0;
  }
  return pairs;
}

function storage(context: GpuContext, label: string, bytes: number): GPUBuffer {
  const { maxBufferSize, maxStorageBufferBindingSize } = context.device.limits;
  const limit = Math.min(maxBufferSize, maxStorageBufferBindingSize);
  if (bytes > limit) {
    throw new AppError('gpu-out-of-memory', 'A matrix is larger than this graphics device can bind.', {
      values: { bytes, limit },
      remedy: 'Train with fewer factors, or on the CPU.',
    });
  }
  return context.createStorage(label, bytes);
}

function released(): AppError {
  return new AppError('internal', 'A matrix was used after its release.');
}

function foreign(): AppError {
  return new AppError('internal', 'A matrix of another backend.');
}
