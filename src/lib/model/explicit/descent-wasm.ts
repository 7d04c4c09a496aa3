import { relaxedSimd, simd } from './assembly/kernels.ts?wasm-kernels';
import { PlainDescent, type Descent, type DescentRates, type DescentRatings } from './descent.ts';
import { copyOfFactors, type PointFactors } from './point-factors.ts';

const PAGE_BYTES = 65_536;
/** Below lies what the compiler may keep for itself. */
const FIRST_ADDRESS = PAGE_BYTES;
const LINE = 64;
/** Fields of `Descent` in assembly/descend.ts, 4 bytes each. */
const FIELDS = 18;
/** Floats of the first of the step lengths, among the fields. */
const MEAN_FIELD = 12;

interface DescendFunctions {
  readonly descend: (state: number, first: number, last: number) => number;
}

let compiled: Promise<WebAssembly.Module | null> | null = null;

/**
 * Starts a descent in WebAssembly SIMD; in plain loops where the browser has none, a header policy forbids
 * WebAssembly, or its memory cannot hold the model. The factors are copied.
 */
export async function openDescent(
  data: DescentRatings,
  factors: PointFactors,
  width: number,
): Promise<Descent> {
  compiled ??= compile();
  const module = await compiled;
  const plain = (): Descent => new PlainDescent(data, copyOfFactors(factors), width);
  if (module === null) return plain();
  try {
    return await WasmDescent.open(module, data, factors, width);
  } catch (error) {
    if (error instanceof RangeError) return plain();
    throw error;
  }
}

class WasmDescent implements Descent {
  readonly #memory: WebAssembly.Memory;
  readonly #descend: DescendFunctions['descend'];
  readonly #layout: Layout;
  readonly #width: number;
  readonly #mean: number;

  private constructor(
    memory: WebAssembly.Memory,
    functions: DescendFunctions,
    layout: Layout,
    width: number,
    mean: number,
  ) {
    this.#memory = memory;
    this.#descend = functions.descend;
    this.#layout = layout;
    this.#width = width;
    this.#mean = mean;
  }

  static async open(
    module: WebAssembly.Module,
    data: DescentRatings,
    factors: PointFactors,
    width: number,
  ): Promise<Descent> {
    const layout = layoutOf(data, factors, width);
    const pages = Math.ceil(layout.end / PAGE_BYTES);
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
    const at = layout.addresses;
    new Int32Array(memory.buffer, at.starts).set(data.starts);
    new Int32Array(memory.buffer, at.items).set(data.items);
    new Float32Array(memory.buffer, at.ratings).set(data.ratings);
    new Float32Array(memory.buffer, at.userBiases).set(factors.userBiases);
    new Float32Array(memory.buffer, at.itemBiases).set(factors.itemBiases);
    for (const name of ['userFactors', 'itemFactors', 'impliedFactors'] as const) {
      const values = factors[name];
      if (values !== null) spread(values, width, new Float32Array(memory.buffer, at[name]), layout.width);
    }
    new Int32Array(memory.buffer, layout.state, MEAN_FIELD).set([
      at.starts,
      at.items,
      at.ratings,
      at.order,
      at.userBiases,
      at.itemBiases,
      at.userFactors,
      at.itemFactors,
      at.impliedFactors,
      at.implied,
      at.before,
      layout.width,
    ]);
    return new WasmDescent(memory, exports as unknown as DescendFunctions, layout, width, factors.mean);
  }

  setRates(rates: DescentRates): void {
    const { state } = this.#layout;
    new Float32Array(this.#memory.buffer, state, FIELDS).set(
      [
        this.#mean,
        rates.biasRate,
        rates.rate,
        rates.biasRegularization,
        rates.regularization,
        rates.impliedRegularization,
      ],
      MEAN_FIELD,
    );
  }

  visit(users: Int32Array): number {
    const { addresses, state } = this.#layout;
    new Int32Array(this.#memory.buffer, addresses.order).set(users);
    return this.#descend(state, 0, users.length);
  }

  factors(): PointFactors {
    const { addresses: at, users, items, width, implied } = this.#layout;
    const read = (address: number, rows: number): Float32Array<ArrayBuffer> => {
      const packed = new Float32Array(rows * this.#width);
      const values = new Float32Array(this.#memory.buffer, address, rows * width);
      for (let row = 0; row < rows; row++) {
        packed.set(values.subarray(row * width, row * width + this.#width), row * this.#width);
      }
      return packed;
    };
    return {
      mean: this.#mean,
      userBiases: new Float32Array(this.#memory.buffer, at.userBiases, users).slice(),
      itemBiases: new Float32Array(this.#memory.buffer, at.itemBiases, items).slice(),
      userFactors: read(at.userFactors, users),
      itemFactors: read(at.itemFactors, items),
      impliedFactors: implied ? read(at.impliedFactors, items) : null,
    };
  }
}

interface Layout {
  readonly users: number;
  readonly items: number;
  /** Floats of a row, a multiple of 4. */
  readonly width: number;
  readonly implied: boolean;
  readonly state: number;
  readonly end: number;
  readonly addresses: Readonly<
    Record<
      | 'starts'
      | 'items'
      | 'ratings'
      | 'order'
      | 'userBiases'
      | 'itemBiases'
      | 'userFactors'
      | 'itemFactors'
      | 'impliedFactors'
      | 'implied'
      | 'before',
      number
    >
  >;
}

function layoutOf(data: DescentRatings, factors: PointFactors, factorCount: number): Layout {
  const width = Math.ceil(factorCount / 4) * 4;
  const users = factors.userBiases.length;
  const items = factors.itemBiases.length;
  const implied = factors.impliedFactors !== null;
  let end = FIRST_ADDRESS;
  const take = (words: number): number => {
    const address = end;
    end += Math.ceil((words * 4) / LINE) * LINE;
    return address;
  };
  const state = take(FIELDS);
  const addresses = {
    starts: take(users + 1),
    items: take(data.items.length),
    ratings: take(data.ratings.length),
    order: take(users),
    userBiases: take(users),
    itemBiases: take(items),
    userFactors: take(users * width),
    itemFactors: take(items * width),
    // 0 tells the kernel that there is none
    impliedFactors: implied ? take(items * width) : 0,
    implied: take(width),
    before: take(width),
  };
  return { users, items, width, implied, state, end, addresses };
}

/** Copies rows of `from` floats into rows of `to`, which are 0 beyond. */
function spread(values: Float32Array, from: number, target: Float32Array, to: number): void {
  const rows = values.length / from;
  for (let row = 0; row < rows; row++) target.set(values.subarray(row * from, (row + 1) * from), row * to);
}

async function compile(): Promise<WebAssembly.Module | null> {
  try {
    const relaxed = bytesOf(relaxedSimd);
    return await WebAssembly.compile(WebAssembly.validate(relaxed) ? relaxed : bytesOf(simd));
  } catch {
    return null;
  }
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
