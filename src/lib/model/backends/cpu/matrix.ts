import { AppError } from '../../../errors.ts';
import type { CsrMatrix } from '../../matrix/csr.ts';
import type { DeviceMatrix, DeviceSparse } from '../backend.ts';
import type { KernelMemory } from './memory.ts';

const F32_BYTES = 4;

/** A dense matrix in the memory of the kernels, row-major. */
export class CpuMatrix implements DeviceMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly #memory: KernelMemory;
  #address: number | null;

  /** Contents undefined until written. */
  constructor(rows: number, columns: number, memory: KernelMemory) {
    this.rows = rows;
    this.columns = columns;
    this.#memory = memory;
    this.#address = memory.allocate(rows * columns * F32_BYTES);
  }

  get address(): number {
    if (this.#address === null) throw released();
    return this.#address;
  }

  /** A view that holds until the memory grows. */
  get values(): Float32Array<ArrayBuffer> {
    return this.#memory.floats(this.address, this.rows * this.columns);
  }

  release(): void {
    if (this.#address !== null) this.#memory.free(this.#address);
    this.#address = null;
  }
}

/** Where a sparse matrix lies. */
export interface SparseAddresses {
  readonly indptr: number;
  readonly indices: number;
  readonly data: number;
}

/** A sparse matrix in the memory of the kernels. */
export class CpuSparse implements DeviceSparse {
  readonly rows: number;
  readonly columns: number;
  readonly entries: number;
  readonly #memory: KernelMemory;
  readonly #onRelease: ((matrix: CpuSparse) => void) | undefined;
  #addresses: SparseAddresses | null;

  constructor(matrix: CsrMatrix, memory: KernelMemory, onRelease?: (matrix: CpuSparse) => void) {
    const { rows, columns, indptr, indices, data } = matrix;
    this.rows = rows;
    this.columns = columns;
    this.entries = indices.length;
    this.#memory = memory;
    this.#onRelease = onRelease;
    const addresses = {
      indptr: memory.allocate(indptr.byteLength),
      indices: memory.allocate(indices.byteLength),
      data: memory.allocate(data.byteLength),
    };
    memory.integers(addresses.indptr, indptr.length).set(indptr);
    memory.integers(addresses.indices, indices.length).set(indices);
    memory.floats(addresses.data, data.length).set(data);
    this.#addresses = addresses;
  }

  get addresses(): SparseAddresses {
    if (this.#addresses === null) throw released();
    return this.#addresses;
  }

  /** Views that hold until the memory grows. */
  get csr(): CsrMatrix {
    const { indptr, indices, data } = this.addresses;
    return {
      rows: this.rows,
      columns: this.columns,
      indptr: this.#memory.integers(indptr, this.rows + 1),
      indices: this.#memory.integers(indices, this.entries),
      data: this.#memory.floats(data, this.entries),
    };
  }

  release(): void {
    if (this.#addresses === null) return;
    for (const address of Object.values(this.#addresses) as number[]) this.#memory.free(address);
    this.#addresses = null;
    this.#onRelease?.(this);
  }
}

/** A handle of this backend. Throws `internal` for another backend's. */
export function ownMatrix(matrix: DeviceMatrix): CpuMatrix {
  if (!(matrix instanceof CpuMatrix)) throw foreign();
  return matrix;
}

/** As ownMatrix. */
export function ownSparse(sparse: DeviceSparse): CpuSparse {
  if (!(sparse instanceof CpuSparse)) throw foreign();
  return sparse;
}

function released(): AppError {
  return new AppError('internal', 'A matrix was used after its release.');
}

function foreign(): AppError {
  return new AppError('internal', 'A matrix of another backend.');
}
