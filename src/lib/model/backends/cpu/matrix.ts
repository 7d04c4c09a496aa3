import { AppError } from '../../../errors.ts';
import type { CsrMatrix } from '../../matrix/csr.ts';
import type { DeviceMatrix, DeviceSparse } from '../backend.ts';
import type { Eigenbasis } from './eigenbasis.ts';
import type { KernelMemory } from './memory.ts';
import { paddedWidth } from './shapes.ts';

const F32_BYTES = 4;

/** A matrix times the eigenvectors of some Gram matrix: M Q, rows of `paddedWidth(columns)` floats, 0 behind. */
export interface Turned {
  readonly address: number;
  readonly basis: Eigenbasis;
}

/** A Gram matrix of rows that stand in an eigenbasis: QᵀGQ, k × k row-major. Diagonal only where the basis is its own. */
export interface BasisGram {
  readonly values: Float64Array;
  readonly basis: Eigenbasis;
}

/**
 * A dense matrix in the memory of the kernels, row-major. Factors between two half-iterations stand in an eigenbasis
 * (`turned`), from which they are only taken back (`straighten`) for who asks for them: a rotation less each time. So
 * does the Gram matrix of such factors (`inBasis`).
 */
export class CpuMatrix implements DeviceMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly #memory: KernelMemory;
  #address: number | null;
  #turned: Turned | null = null;
  #inBasis: BasisGram | null;
  #knownGram: BasisGram | null = null;

  /** Contents undefined until written; or those of a Gram matrix in an eigenbasis. */
  constructor(rows: number, columns: number, memory: KernelMemory, inBasis: BasisGram | null = null) {
    this.rows = rows;
    this.columns = columns;
    this.#memory = memory;
    this.#inBasis = inBasis;
    this.#address = inBasis === null ? memory.allocate(rows * columns * F32_BYTES) : null;
  }

  get address(): number {
    this.#checkHeld();
    if (this.#address === null) throw new AppError('internal', 'A matrix that stands in an eigenbasis.');
    return this.#address;
  }

  /** A view that holds until the memory grows. */
  get values(): Float32Array<ArrayBuffer> {
    return this.#memory.floats(this.address, this.rows * this.columns);
  }

  /** The same matrix in an eigenbasis, where it is at hand. */
  get turned(): Turned | null {
    this.#checkHeld();
    return this.#turned;
  }

  /** This matrix, if it is a Gram matrix in an eigenbasis. */
  get inBasis(): BasisGram | null {
    this.#checkHeld();
    return this.#inBasis;
  }

  /** The Gram matrix of the rows as they stand in `turned`, where it is known. */
  get knownGram(): BasisGram | null {
    return this.#knownGram;
  }

  /** As `values`, of the matrix in its eigenbasis, with the padding. */
  get turnedValues(): Float32Array<ArrayBuffer> {
    return this.#memory.floats(this.turnedAddress, this.rows * paddedWidth(this.columns));
  }

  /** Where `turnedValues` lie. */
  get turnedAddress(): number {
    const address = this.turned?.address;
    if (address === undefined) throw new AppError('internal', 'A matrix that stands in no eigenbasis.');
    return address;
  }

  /** True where `address` can be asked for. */
  get straight(): boolean {
    this.#checkHeld();
    return this.#address !== null;
  }

  /** Adds the same matrix in an eigenbasis, whose memory becomes this matrix's. */
  addTurned(turned: Turned): void {
    if (this.#turned !== null) this.#memory.free(this.#turned.address);
    this.#turned = turned;
    this.#knownGram = null;
  }

  /** Becomes another matrix, which stands in an eigenbasis and whose memory becomes this one's. */
  replaceByTurned(turned: Turned): void {
    this.leaveStraight();
    this.addTurned(turned);
  }

  /** Is about to be written where it stands in its eigenbasis. */
  leaveStraight(): void {
    if (this.#address !== null) this.#memory.free(this.#address);
    this.#address = null;
    this.#knownGram = null;
  }

  /** The Gram matrix of the rows as they stand in `turned`. */
  addKnownGram(gram: BasisGram): void {
    this.#knownGram = gram;
  }

  /** Adds the same matrix out of its eigenbasis: an address of rows × columns floats. */
  addStraight(address: number): void {
    this.#address = address;
  }

  release(): void {
    for (const address of [this.#address, this.#turned?.address]) {
      if (address !== undefined && address !== null) this.#memory.free(address);
    }
    this.#address = null;
    this.#turned = null;
    this.#inBasis = null;
    this.#knownGram = null;
  }

  #checkHeld(): void {
    if (this.#address === null && this.#turned === null && this.#inBasis === null) throw released();
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
