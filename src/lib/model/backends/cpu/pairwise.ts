import type { CsrMatrix } from '../../matrix/csr.ts';
import { BETA_1, BETA_2, type BprStep, type CclStep, type PairwiseEngine } from '../pairwise.ts';
import type { PairwiseSide, PairwiseState } from '../pairwise.ts';
import { checkFinite } from '../shapes.ts';
import type { Kernels } from './kernels.ts';
import { paddedWidth, WORD_BYTES } from './shapes.ts';

/** As in assembly/pairwise.ts. */
const USERS = 64;
const POOL = 512;
const TILE = 8;
/** From this many steps on the second moment's correction is 1 to within 32 bits. */
const CORRECTIONS = 16_384;

interface SideAddresses {
  readonly rows: number;
  readonly count: number;
  readonly first: number;
  readonly second: number;
  readonly steps: number;
}

/** Fields of the struct Step of assembly/pairwise.ts that change from step to step. */
interface StepFields {
  readonly batch: Int32Array;
  readonly negatives: Int32Array;
  readonly pool: number;
  readonly candidates: number;
  readonly margin: number;
  readonly negativeWeight: number;
  readonly regularization: number;
  readonly userRate: number;
  readonly itemRate: number;
}

/** The steps in WebAssembly SIMD, on the calling thread, with a memory of their own. */
export class CpuPairwiseEngine implements PairwiseEngine {
  readonly #kernels: Kernels;
  readonly #factors: number;
  readonly #width: number;
  readonly #users: SideAddresses;
  readonly #items: SideAddresses;
  /** Addresses that stay, in the order of the struct. */
  readonly #fixed: readonly number[];
  readonly #step: number;
  /** Grown as steps need it. */
  readonly #batch: Room;
  readonly #negatives: Room;
  readonly #pack: Room;

  constructor(kernels: Kernels, positives: CsrMatrix, factors: number, state: PairwiseState) {
    const { memory } = kernels;
    this.#kernels = kernels;
    this.#factors = factors;
    this.#width = paddedWidth(factors);
    this.#users = this.#write(state.users);
    this.#items = this.#write(state.items);
    const rowBytes = this.#width * WORD_BYTES;
    const zeros = (bytes: number): number => {
      const address = memory.allocate(bytes);
      new Uint8Array(memory.memory.buffer, address, bytes).fill(0);
      return address;
    };
    const integers = (values: Int32Array): number => {
      const address = memory.allocate(values.byteLength);
      memory.integers(address, values.length).set(values);
      return address;
    };
    const corrections = memory.allocate(CORRECTIONS * 2 * WORD_BYTES);
    memory
      .floats(corrections, CORRECTIONS * 2)
      .set(
        Float32Array.from(
          { length: CORRECTIONS * 2 },
          (_, at) => 1 / (1 - (at % 2 === 0 ? BETA_1 : BETA_2) ** ((at >> 1) + 1)),
        ),
      );
    const sideFields = ({ rows, first, second, steps }: SideAddresses): number[] => [
      rows,
      first,
      second,
      steps,
    ];
    this.#fixed = [
      ...sideFields(this.#users),
      ...sideFields(this.#items),
      zeros(this.#items.count * rowBytes),
      integers(positives.indptr),
      integers(positives.indices),
      zeros(this.#items.count),
      memory.allocate(this.#items.count * WORD_BYTES),
      corrections,
      zeros(USERS * rowBytes),
      memory.allocate(USERS * rowBytes),
      memory.allocate(USERS * (POOL + TILE) * WORD_BYTES),
    ];
    this.#batch = new Room(kernels);
    this.#negatives = new Room(kernels);
    this.#pack = new Room(kernels);
    this.#step = memory.allocate((this.#fixed.length + 16) * WORD_BYTES);
  }

  get bytes(): number {
    return this.#kernels.memory.bytes;
  }

  cclStep({ users, pool, ...step }: CclStep): number {
    if (pool.length === 0) return 0;
    const blank = { candidates: 1, regularization: 0 };
    this.#writeStep({ batch: users, negatives: pool, pool: pool.length, ...blank, ...step });
    return this.#kernels.cclStep(this.#step);
  }

  bprStep({ users, negatives, ...step }: BprStep): number {
    const blank = { pool: 0, margin: 0, negativeWeight: 0 };
    this.#writeStep({ batch: users, negatives, ...blank, ...step });
    return this.#kernels.bprStep(this.#step);
  }

  read(): PairwiseState {
    return { users: this.#read(this.#users), items: this.#read(this.#items) };
  }

  #writeStep(fields: StepFields): void {
    const { memory } = this.#kernels;
    const tiles = Math.ceil(fields.pool / TILE);
    const [batch, negatives] = [this.#batch.hold(fields.batch), this.#negatives.hold(fields.negatives)];
    const pack = this.#pack.atLeast(tiles * TILE * this.#width * WORD_BYTES);
    const integers = [
      ...this.#fixed,
      batch,
      negatives,
      pack,
      this.#factors,
      this.#width,
      fields.batch.length,
      fields.pool,
      fields.candidates,
      CORRECTIONS,
    ];
    const floats = [
      fields.margin,
      fields.negativeWeight,
      fields.regularization,
      fields.userRate,
      fields.itemRate,
      BETA_1,
      BETA_2,
    ];
    memory.integers(this.#step, integers.length).set(integers);
    memory.floats(this.#step + integers.length * WORD_BYTES, floats.length).set(floats);
  }

  #write({ factors, firstMoment, secondMoment, steps }: PairwiseSide): SideAddresses {
    const { memory } = this.#kernels;
    const count = steps.length;
    const padded = count * this.#width * WORD_BYTES;
    const side = {
      count,
      rows: memory.allocate(padded),
      first: memory.allocate(padded),
      second: memory.allocate(count * WORD_BYTES),
      steps: memory.allocate(count * WORD_BYTES),
    };
    this.#pad(factors, side.rows, count);
    this.#pad(firstMoment, side.first, count);
    memory.floats(side.second, count).set(secondMoment);
    memory.integers(side.steps, count).set(steps);
    return side;
  }

  #read({ rows, first, second, steps, count }: SideAddresses): PairwiseSide {
    const { memory } = this.#kernels;
    const side = {
      factors: this.#unpad(rows, count),
      firstMoment: this.#unpad(first, count),
      secondMoment: memory.floats(second, count).slice(),
      steps: memory.integers(steps, count).slice(),
    };
    checkFinite(side.factors);
    return side;
  }

  #pad(values: Float32Array, address: number, rows: number): void {
    const target = this.#kernels.memory.floats(address, rows * this.#width).fill(0);
    for (let row = 0; row < rows; row++) {
      target.set(values.subarray(row * this.#factors, (row + 1) * this.#factors), row * this.#width);
    }
  }

  #unpad(address: number, rows: number): Float32Array<ArrayBuffer> {
    const source = this.#kernels.memory.floats(address, rows * this.#width);
    const values = new Float32Array(rows * this.#factors);
    for (let row = 0; row < rows; row++) {
      values.set(source.subarray(row * this.#width, row * this.#width + this.#factors), row * this.#factors);
    }
    return values;
  }
}

/** A block of the memory that grows with what it is asked to hold. */
class Room {
  readonly #kernels: Kernels;
  #address = 0;
  #bytes = 0;

  constructor(kernels: Kernels) {
    this.#kernels = kernels;
  }

  atLeast(bytes: number): number {
    if (bytes <= this.#bytes) return this.#address;
    this.#kernels.memory.free(this.#address);
    this.#address = this.#kernels.memory.allocate(bytes);
    this.#bytes = bytes;
    return this.#address;
  }

  hold(values: Int32Array): number {
    const address = this.atLeast(values.byteLength);
    this.#kernels.memory.integers(address, values.length).set(values);
    return address;
  }
}
