import { AppError } from '../../../errors.ts';
import type { CsrMatrix } from '../../matrix/csr.ts';
import type { DeviceMatrix, DeviceSparse } from '../backend.ts';

/** Counts the bytes that the backend holds. */
export class ByteMeter {
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  add(bytes: number): void {
    this.#bytes += bytes;
  }
}

/** A dense matrix in this process, row-major. */
export class PlainMatrix implements DeviceMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly #meter: ByteMeter;
  #values: Float32Array<ArrayBuffer> | null;

  constructor(rows: number, columns: number, values: Float32Array<ArrayBuffer>, meter: ByteMeter) {
    this.rows = rows;
    this.columns = columns;
    this.#values = values;
    this.#meter = meter;
    meter.add(values.byteLength);
  }

  get values(): Float32Array<ArrayBuffer> {
    if (this.#values === null) throw released();
    return this.#values;
  }

  release(): void {
    this.#meter.add(-(this.#values?.byteLength ?? 0));
    this.#values = null;
  }
}

/** A sparse matrix in this process. */
export class PlainSparse implements DeviceSparse {
  readonly rows: number;
  readonly columns: number;
  readonly entries: number;
  readonly #meter: ByteMeter;
  #matrix: CsrMatrix | null;

  constructor(matrix: CsrMatrix, meter: ByteMeter) {
    this.rows = matrix.rows;
    this.columns = matrix.columns;
    this.entries = matrix.indices.length;
    this.#matrix = matrix;
    this.#meter = meter;
    meter.add(bytesOf(matrix));
  }

  get csr(): CsrMatrix {
    if (this.#matrix === null) throw released();
    return this.#matrix;
  }

  release(): void {
    if (this.#matrix !== null) this.#meter.add(-bytesOf(this.#matrix));
    this.#matrix = null;
  }
}

/** The values behind a handle of this backend. Throws `internal` for another backend's or a released one. */
export function valuesOf(matrix: DeviceMatrix): Float32Array<ArrayBuffer> {
  if (!(matrix instanceof PlainMatrix)) throw foreign();
  return matrix.values;
}

/** The sparse matrix behind a handle of this backend. Throws as valuesOf. */
export function csrOf(sparse: DeviceSparse): CsrMatrix {
  if (!(sparse instanceof PlainSparse)) throw foreign();
  return sparse.csr;
}

function bytesOf({ indptr, indices, data }: CsrMatrix): number {
  return indptr.byteLength + indices.byteLength + data.byteLength;
}

function released(): AppError {
  return new AppError('internal', 'A matrix was used after its release.');
}

function foreign(): AppError {
  return new AppError('internal', 'A matrix of another backend.');
}
