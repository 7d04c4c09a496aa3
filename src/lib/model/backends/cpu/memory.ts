import { AppError } from '../../../errors.ts';
import { WORD_BYTES } from './shapes.ts';

const PAGE_BYTES = 65_536;
/** Every block starts on a cache line. */
const ALIGNMENT = 64;
/** Below lies what the compiler may keep for itself. */
const FIRST_ADDRESS = PAGE_BYTES;
const MAX_PAGES = 65_536;
/** What an engine's memory grows to at most: addresses have 32 bits. */
export const MAX_BYTES = MAX_PAGES * PAGE_BYTES;

interface Block {
  readonly address: number;
  readonly bytes: number;
}

/**
 * The memory that the kernels compute in, given out in blocks: first fit over a sorted list of holes, neighbours
 * joined. It grows as needed; growing detaches every view, so views are made where they are used.
 */
export class KernelMemory {
  readonly memory = new WebAssembly.Memory({ initial: 1, maximum: MAX_PAGES });
  readonly #taken = new Map<number, number>();
  #holes: Block[] = [];
  #end = FIRST_ADDRESS;
  #bytes = 0;

  /** Bytes given out now. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The address of a new block, its contents undefined. Throws `gpu-out-of-memory` where the memory is full. */
  allocate(size: number): number {
    const bytes = Math.max(1, Math.ceil(size / ALIGNMENT)) * ALIGNMENT;
    const found = this.#holes.findIndex((hole) => hole.bytes >= bytes);
    const hole = this.#holes[found];
    let address = this.#end;
    if (hole === undefined) {
      this.#growTo(address + bytes);
      this.#end += bytes;
    } else {
      address = hole.address;
      const rest = { address: address + bytes, bytes: hole.bytes - bytes };
      this.#holes.splice(found, 1, ...(rest.bytes > 0 ? [rest] : []));
    }
    this.#taken.set(address, bytes);
    this.#bytes += bytes;
    return address;
  }

  /** Takes a block back. One that is not given out is let be. */
  free(address: number): void {
    const bytes = this.#taken.get(address);
    if (bytes === undefined) return;
    this.#taken.delete(address);
    this.#bytes -= bytes;
    const next = this.#holes.findIndex((hole) => hole.address > address);
    const place = next === -1 ? this.#holes.length : next;
    this.#holes.splice(place, 0, { address, bytes });
    this.#join(place);
    this.#join(place - 1);
    const last = this.#holes[this.#holes.length - 1];
    if (last?.address !== undefined && last.address + last.bytes === this.#end) {
      this.#end = last.address;
      this.#holes.pop();
    }
  }

  /** A view that holds until the next allocation. */
  floats(address: number, length: number): Float32Array<ArrayBuffer> {
    return new Float32Array(this.memory.buffer, address, length);
  }

  /** As floats. */
  doubles(address: number, length: number): Float64Array<ArrayBuffer> {
    return new Float64Array(this.memory.buffer, address, length);
  }

  /** As floats. */
  integers(address: number, length: number): Int32Array<ArrayBuffer> {
    return new Int32Array(this.memory.buffer, address, length);
  }

  #growTo(end: number): void {
    const held = this.memory.buffer.byteLength / PAGE_BYTES;
    const wanted = Math.ceil(end / PAGE_BYTES);
    if (wanted <= held) return;
    // an eighth at once: many small uploads would otherwise detach every view each time
    const tries =
      wanted > MAX_PAGES ? [] : [Math.min(MAX_PAGES, Math.max(wanted, held + (held >> 3))), wanted];
    for (const pages of tries) {
      try {
        this.memory.grow(pages - held);
        return;
      } catch {
        // less may fit
      }
    }
    throw new AppError('gpu-out-of-memory', 'The memory of the CPU engine is full.', {
      values: { bytes: end },
      remedy: 'Use fewer factors.',
    });
  }

  /** Joins the hole at `place` with the one after it where they touch. */
  #join(place: number): void {
    const [first, second] = [this.#holes[place], this.#holes[place + 1]];
    if (first === undefined || second === undefined) return;
    if (first.address + first.bytes !== second.address) return;
    this.#holes.splice(place, 2, { address: first.address, bytes: first.bytes + second.bytes });
  }
}

/** Blocks that live as long as one call. */
export class Scratch {
  readonly #memory: KernelMemory;
  readonly #addresses: number[] = [];

  constructor(memory: KernelMemory) {
    this.#memory = memory;
  }

  allocate(bytes: number): number {
    const address = this.#memory.allocate(bytes);
    this.#addresses.push(address);
    return address;
  }

  /** A block that is to outlive the call. */
  keep(address: number): void {
    this.#addresses.splice(this.#addresses.indexOf(address), 1);
  }

  release(): void {
    for (const address of this.#addresses.splice(0)) this.#memory.free(address);
  }
}

/** Writes a struct of 32-bit fields; returns its address. */
export function structOf(memory: KernelMemory, scratch: Scratch, fields: readonly number[]): number {
  const address = scratch.allocate(fields.length * WORD_BYTES);
  memory.integers(address, fields.length).set(fields);
  return address;
}
