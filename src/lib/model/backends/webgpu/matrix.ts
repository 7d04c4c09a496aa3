import { AppError } from '../../../errors.ts';
import type { GpuContext } from '../../gpu/context.ts';
import type { CsrMatrix } from '../../matrix/csr.ts';
import type { DeviceMatrix, DeviceSparse } from '../backend.ts';

/** Columns of a block: what a vec4f holds. */
const BLOCK = 4;
const BLOCK_BYTES = BLOCK * Float32Array.BYTES_PER_ELEMENT;
/** A (column, value) pair. */
const ENTRY_BYTES = 8;
/** Bytes that are made ready for the device at a time: whole bindings at once would be held twice more. */
const UPLOAD_BYTES = 4 * 2 ** 20;
/** Most blocks of a row: 512 factors. */
const MAX_BLOCKS = 128;

/** Buffers of one backend that are still in use. */
export type LiveBuffers = Set<{ release(): void }>;

/** Rows [first, first + rows) of a matrix in a buffer of their own. */
export interface MatrixPart {
  readonly buffer: GPUBuffer;
  readonly first: number;
  readonly rows: number;
}

/**
 * A dense matrix on the GPU: rows × blocks vec4f, the last block of a row padded with zeros. One that is larger
 * than a binding is held in parts of a power of two of rows, so that parts of a wider matrix never straddle those
 * of a narrower one.
 */
export class GpuMatrix implements DeviceMatrix {
  readonly rows: number;
  readonly columns: number;
  /** vec4f a row. */
  readonly blocks: number;
  /** Least value of a matrix of one column, as `write` was given it; else NaN. */
  least = Number.NaN;
  readonly #context: GpuContext;
  readonly #live: LiveBuffers;
  #parts: readonly MatrixPart[] | null;

  /** Holds zeros. Throws `gpu-out-of-memory` for a row that the device cannot bind. */
  constructor(context: GpuContext, live: LiveBuffers, rows: number, columns: number) {
    this.rows = rows;
    this.columns = columns;
    this.blocks = Math.ceil(columns / BLOCK);
    this.#context = context;
    this.#live = live;
    const rowBytes = this.blocks * BLOCK_BYTES;
    this.#parts = partition(rows, rowsPerPart(context, rows, rowBytes)).map((part) => ({
      ...part,
      buffer: context.createStorage('matrix', part.rows * rowBytes),
    }));
    live.add(this);
  }

  /** In the order of their rows; one without rows where the matrix has none. */
  get parts(): readonly MatrixPart[] {
    if (this.#parts === null) throw released();
    return this.#parts;
  }

  /** The buffer of a matrix that has one part. Throws `gpu-out-of-memory` for one that has more. */
  get buffer(): GPUBuffer {
    const [part, another] = this.parts;
    if (part === undefined || another !== undefined) throw tooLarge(this.rows * this.blocks * BLOCK_BYTES);
    return part.buffer;
  }

  /** Overwrites with row-major values. */
  write(values: Float32Array): void {
    const stride = this.blocks * BLOCK;
    if (this.columns === 1) {
      this.least = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
    }
    const most = Math.max(1, Math.floor(UPLOAD_BYTES / (this.blocks * BLOCK_BYTES)));
    for (const { buffer, first, rows } of this.parts) {
      for (const piece of partition(rows, most)) {
        const padded = new Float32Array(piece.rows * stride);
        for (let row = 0; row < piece.rows; row++) {
          const from = (first + piece.first + row) * this.columns;
          padded.set(values.subarray(from, from + this.columns), row * stride);
        }
        this.#context.write(buffer, padded, piece.first * this.blocks * BLOCK_BYTES);
      }
    }
  }

  /** Row-major values, without padding, unchecked. */
  async read(): Promise<Float32Array<ArrayBuffer>> {
    const stride = this.blocks * BLOCK;
    const values = new Float32Array(this.rows * this.columns);
    for (const { buffer, first, rows } of this.parts) {
      const padded = new Float32Array(
        await this.#context.readBuffer(buffer, rows * this.blocks * BLOCK_BYTES),
      );
      for (let row = 0; row < rows; row++) {
        values.set(padded.subarray(row * stride, row * stride + this.columns), (first + row) * this.columns);
      }
    }
    return values;
  }

  release(): void {
    for (const { buffer } of this.#parts ?? []) this.#context.destroyBuffer(buffer);
    this.#parts = null;
    this.#live.delete(this);
  }
}

/**
 * A sparse matrix on the GPU: (column, bits of the value) pairs in shards of as many as a binding holds. Offsets
 * stay on the host, which plans.
 */
export class GpuSparse implements DeviceSparse {
  readonly rows: number;
  readonly columns: number;
  readonly entries: number;
  readonly indptr: Int32Array<ArrayBuffer>;
  /** Columns of the entries, where a dense matrix of as many rows may come in parts; else null. */
  readonly indices: Int32Array<ArrayBuffer> | null;
  /** Entries of every shard but the last. */
  readonly entriesPerShard: number;
  readonly #context: GpuContext;
  readonly #live: LiveBuffers;
  #shards: readonly GPUBuffer[] | null;

  constructor(context: GpuContext, live: LiveBuffers, matrix: CsrMatrix) {
    this.rows = matrix.rows;
    this.columns = matrix.columns;
    this.entries = matrix.indices.length;
    this.indptr = matrix.indptr;
    const widestBytes = matrix.columns * MAX_BLOCKS * BLOCK_BYTES;
    this.indices = widestBytes > context.maxBindingBytes ? matrix.indices : null;
    this.entriesPerShard = Math.max(1, Math.floor(context.maxBindingBytes / ENTRY_BYTES));
    this.#context = context;
    this.#live = live;
    this.#shards = partition(this.entries, this.entriesPerShard).map(({ first, rows }) => {
      const buffer = context.createStorage('sparse/entries', rows * ENTRY_BYTES);
      for (const piece of partition(rows, UPLOAD_BYTES / ENTRY_BYTES)) {
        const from = first + piece.first;
        context.write(buffer, interleave(matrix, from, from + piece.rows), piece.first * ENTRY_BYTES);
      }
      return buffer;
    });
    live.add(this);
  }

  get shards(): number {
    return Math.max(1, Math.ceil(this.entries / this.entriesPerShard));
  }

  /** Entries from shard · entriesPerShard on. */
  shard(index: number): GPUBuffer {
    if (this.#shards === null) throw released();
    const shard = this.#shards[index];
    if (shard === undefined) throw new AppError('internal', 'A sparse matrix has no such shard.');
    return shard;
  }

  /** Entries of a row. */
  entriesOf(row: number): number {
    return (this.indptr[row + 1] ?? 0) - (this.indptr[row] ?? 0);
  }

  release(): void {
    for (const shard of this.#shards ?? []) this.#context.destroyBuffer(shard);
    this.#shards = null;
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

/** All rows where they fit into a binding, else the largest power of two that does. */
function rowsPerPart(context: GpuContext, rows: number, rowBytes: number): number {
  const fitting = Math.floor(context.maxBindingBytes / rowBytes);
  if (fitting < 1) throw tooLarge(rowBytes);
  return rows <= fitting ? Math.max(1, rows) : 2 ** Math.floor(Math.log2(fitting));
}

/** Ranges of `size` that cover `total`; one empty range for 0. */
function partition(total: number, size: number): { readonly first: number; readonly rows: number }[] {
  return Array.from({ length: Math.max(1, Math.ceil(total / size)) }, (_, index) => ({
    first: index * size,
    rows: Math.min(size, total - index * size),
  }));
}

function interleave({ indices, data }: CsrMatrix, begin: number, end: number): Int32Array<ArrayBuffer> {
  const pairs = new Int32Array(2 * (end - begin));
  const bits = new Int32Array(data.buffer, data.byteOffset, data.length);
  for (let entry = begin; entry < end; entry++) {
    pairs[2 * (entry - begin)] = indices[entry] ?? 0;
    pairs[2 * (entry - begin) + 1] = bits[entry] ?? 0;
  }
  return pairs;
}

function tooLarge(bytes: number): AppError {
  return new AppError('gpu-out-of-memory', 'A matrix is larger than this graphics device can bind.', {
    values: { bytes },
    remedy: 'Train with fewer factors, or on the CPU.',
  });
}

function released(): AppError {
  return new AppError('internal', 'A matrix was used after its release.');
}

function foreign(): AppError {
  return new AppError('internal', 'A matrix of another backend.');
}
