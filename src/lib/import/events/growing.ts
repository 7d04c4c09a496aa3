type Numbers = Uint8Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Float32Array<ArrayBuffer>;

const SEGMENT_BITS = 18;
/** Entries of a segment: a column wastes at most one, and never copies what it holds to grow. */
const SEGMENT = 2 ** SEGMENT_BITS;

/** A column of numbers that grows by segments. Reading beyond its length gives 0. */
export class GrowingColumn<Segment extends Numbers> {
  readonly #make: (length: number) => Segment;
  #segments: Segment[] = [];
  #current: Segment;
  #length = 0;

  constructor(make: (length: number) => Segment) {
    this.#make = make;
    this.#current = make(0);
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    const at = this.#length & (SEGMENT - 1);
    if (at === 0) {
      this.#current = this.#make(SEGMENT);
      this.#segments.push(this.#current);
    }
    this.#current[at] = value;
    this.#length += 1;
  }

  get(row: number): number {
    return this.#segments[row >>> SEGMENT_BITS]?.[row & (SEGMENT - 1)] ?? 0;
  }

  set(row: number, value: number): void {
    const segment = this.#segments[row >>> SEGMENT_BITS];
    if (segment !== undefined) segment[row & (SEGMENT - 1)] = value;
  }

  /** Forgets what was pushed after the first `length` entries. */
  truncate(length: number): void {
    this.#segments = this.#segments.slice(0, Math.ceil(length / SEGMENT));
    this.#current = this.#segments.at(-1) ?? this.#make(0);
    this.#length = length;
  }

  /** Gives the memory back. */
  clear(): void {
    this.truncate(0);
  }
}
