import { AppError } from '../../../errors.ts';
import { dotAt } from '../../linear/dense.ts';
import { runInSlices } from '../slices.ts';
import { KernelMemory } from './memory.ts';
import { normSteps, quantiseSteps, roundUp, type RankedItems, type ScreenedItems } from './quantise.ts';
import { screenModule } from './screen-module.ts';
import { WORD_BYTES } from './shapes.ts';

/** Candidates that wait to be scored; a few hundred of a million items are, unless many scores are equal. */
const CAPACITY = 4_096;
/** Steps of the visitor's vector, 16 bits: its own error is a 256th of the items'. */
const VECTOR_STEPS = 32_767;
/** ‖s q‖ is at most this much of ‖y‖: √512 / 254 more. */
const MOST_STRETCH = 1.1;
/** Roundoffs of 32 bits in a bound and its comparison, generously counted, over ‖x‖ ‖y‖. */
const BOUND_ROUNDOFF = 16 * 2 ** -24;
/** Squares of larger factors leave 32 bits. */
const LARGEST_NORM = 1e15;

/** The best items for a vector. */
export interface Best {
  /** Best first; equal scores by the lower position. */
  readonly items: Int32Array;
  /** How many were scored in full to find them. */
  readonly scored: number;
}

interface ScreenFunctions {
  screen(screening: number, first: number, last: number): number;
}

/**
 * Item factors in 8 bits for ranking one visitor at a time among many items. The result is exact, ties included: the
 * same items in the same order as by scoring all in 64 bits.
 *
 * Row y of the factors is s q + r: a step s = max |y_m| / 127 a row, whole numbers |q_m| ≤ 127 (symmetric scalar
 * quantisation; Jacob et al. 2018, section 2, with zero point 0), and what is left over, r. The visitor's vector x is
 * t p + e with 16 bits. Then
 *
 *   xᵀy = s t pᵀq + s eᵀq + xᵀr,  |s eᵀq + xᵀr| ≤ ‖e‖ ‖s q‖ + ‖x‖ ‖r‖   (Cauchy, Schwarz)
 *
 * bounds every score from both sides in one pass over the bytes. Only items whose upper bound reaches the k-th highest
 * lower bound can be among the k best; they are scored again with the 32-bit factors. Items stand by falling norm, and
 * the pass ends where ‖x‖ ‖y‖ is below that.
 *
 * Memory beside the factors: for n items and k factors n (2 ⌈k/2⌉ + 9.5) bytes, 74 MB for 1,000,000 × 64.
 */
export class QuantisedItems {
  readonly #items: RankedItems;
  readonly #screened: ScreenedItems;
  readonly #memory: KernelMemory;
  readonly #functions: ScreenFunctions;
  readonly #addresses: {
    readonly screening: number;
    readonly marks: number;
    readonly vector: number;
    readonly candidates: number;
    readonly upperBounds: number;
  };

  private constructor(
    items: RankedItems,
    screened: ScreenedItems,
    memory: KernelMemory,
    functions: ScreenFunctions,
  ) {
    this.#items = items;
    this.#screened = screened;
    this.#memory = memory;
    this.#functions = functions;
    this.#addresses = {
      screening: memory.allocate(FIELDS * WORD_BYTES),
      marks: memory.allocate(items.items),
      vector: memory.allocate(screened.pairs * WORD_BYTES),
      candidates: memory.allocate(CAPACITY * WORD_BYTES),
      upperBounds: memory.allocate(CAPACITY * WORD_BYTES),
    };
  }

  /**
   * Quantises `items`, whose data must not change afterwards, in short slices. Rejects where WebAssembly SIMD is
   * missing or forbidden, with `cancelled` once `signal` is aborted, `gpu-out-of-memory` where there is no room, and
   * `input-invalid` for factors beyond 10¹⁵ or not finite.
   */
  static async load(items: RankedItems, signal?: AbortSignal): Promise<QuantisedItems> {
    const module = await screenModule();
    const memory = new KernelMemory();
    const screened = await runInSlices(loadSteps(items, memory), signal, 1);
    const { exports } = await WebAssembly.instantiate(module, { env: { memory: memory.memory } });
    return new QuantisedItems(items, screened, memory, exports as unknown as ScreenFunctions);
  }

  /** Bytes beside the factors. */
  get bytes(): number {
    return this.#memory.bytes;
  }

  /**
   * The `k` items of highest score xᵀy among those with a score above `threshold` and no 1 in `excluded` (one entry an
   * item). Scores are summed in 64 bits, as by `dotAt`. Throws `training-diverged` for a vector that is not finite.
   */
  best(vector: Float64Array, k: number, excluded: Uint8Array, threshold: number): Best {
    const { items, factors, data } = this.#items;
    const fullScore = (item: number): number => dotAt(vector, data, item * factors);
    const heap = this.#memory.allocate(Math.min(k, items) * WORD_BYTES);
    try {
      this.#begin(vector, Math.min(k, items), excluded, heap);
      let best: Scored[] = [];
      let scored = 0;
      let floor = threshold;
      for (let strip = 0; strip < this.#screened.strips;) {
        this.#writeFloor(floor);
        strip = this.#functions.screen(this.#addresses.screening, strip, this.#screened.strips);
        const candidates = this.#takeCandidates();
        scored += candidates.length;
        for (const item of candidates) {
          const score = fullScore(item);
          if (score > threshold) best.push({ item, score });
        }
        best = best.sort(byRank).slice(0, k);
        floor = Math.max(threshold, best[k - 1]?.score ?? threshold);
      }
      return { items: Int32Array.from(best, ({ item }) => item), scored };
    } finally {
      this.#memory.free(heap);
    }
  }

  /** Writes the struct Screening and what belongs to the visitor. */
  #begin(vector: Float64Array, k: number, excluded: Uint8Array, heap: number): void {
    const memory = this.#memory;
    const { screening, marks, vector: whole, candidates, upperBounds } = this.#addresses;
    const { quantised, pairs, steps, residuals, order, blockNorms } = this.#screened;
    new Uint8Array(memory.memory.buffer, marks, this.#items.items).set(excluded);
    const { step, norm, error } = this.#writeVector(vector);
    const words = [quantised, pairs, steps, residuals, order, blockNorms, marks, whole, 0, 0, 0, 0];
    memory.integers(screening, FIELDS).set([...words, heap, k, 0, candidates, upperBounds, CAPACITY, 0]);
    memory
      .floats(screening, FIELDS)
      .set([step, roundUp(norm), roundUp(MOST_STRETCH * (error + BOUND_ROUNDOFF * norm))], FIRST_FLOAT);
  }

  #writeVector(vector: Float64Array): {
    readonly step: number;
    readonly norm: number;
    readonly error: number;
  } {
    const largest = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const norm = Math.sqrt(dotAt(vector, vector, 0));
    if (!(norm < LARGEST_NORM)) {
      throw new AppError('training-diverged', "The visitor's factors are not finite numbers.", {
        remedy: 'Train again with more regularization or a lower learning rate.',
      });
    }
    const step = Math.fround(largest / VECTOR_STEPS);
    const whole = new Int16Array(
      this.#memory.memory.buffer,
      this.#addresses.vector,
      2 * this.#screened.pairs,
    );
    whole.fill(0);
    let error = 0;
    vector.forEach((value, m) => {
      const steps =
        step === 0 ? 0 : Math.max(-VECTOR_STEPS, Math.min(VECTOR_STEPS, Math.round(value / step)));
      whole[m] = steps;
      error += (value - step * steps) ** 2;
    });
    return { step, norm, error: Math.sqrt(error) };
  }

  /** A float that is not above `score`. */
  #writeFloor(score: number): void {
    this.#memory.floats(this.#addresses.screening, FIELDS)[FLOOR] = -roundUp(-score);
  }

  /** Empties the buffer of candidates; without those that others have left behind since. */
  #takeCandidates(): number[] {
    const memory = this.#memory;
    const fields = memory.integers(this.#addresses.screening, FIELDS);
    const count = fields[COUNT] ?? 0;
    fields[COUNT] = 0;
    const least = this.#leastKept();
    const items = memory.integers(this.#addresses.candidates, count);
    const upperBounds = memory.floats(this.#addresses.upperBounds, count);
    const left: number[] = [];
    for (let at = 0; at < count; at++) if ((upperBounds[at] ?? 0) >= least) left.push(items[at] ?? 0);
    return left;
  }

  #leastKept(): number {
    const memory = this.#memory;
    const fields = memory.integers(this.#addresses.screening, FIELDS);
    const floor = memory.floats(this.#addresses.screening, FIELDS)[FLOOR] ?? -Infinity;
    const [heap, k, kept] = [fields[HEAP] ?? 0, fields[HEAP + 1] ?? 0, fields[HEAP + 2] ?? 0];
    return kept < k ? floor : Math.max(floor, memory.floats(heap, 1)[0] ?? -Infinity);
  }
}

/** Places of fields in the struct Screening of assembly/screen.ts. */
const FIRST_FLOAT = 8;
const FLOOR = 11;
const HEAP = 12;
const COUNT = 18;
const FIELDS = 19;

interface Scored {
  readonly item: number;
  readonly score: number;
}

function byRank(first: Scored, second: Scored): number {
  return second.score - first.score || first.item - second.item;
}

function* loadSteps(items: RankedItems, memory: KernelMemory): Generator<void, ScreenedItems> {
  const norms = yield* normSteps(items);
  const largest = norms.reduce((most, norm) => Math.max(most, norm), 0);
  if (!(largest < LARGEST_NORM)) {
    throw new AppError('input-invalid', 'The item factors are too large to be quantised.', {
      values: { largest: String(largest), max: LARGEST_NORM },
    });
  }
  return yield* quantiseSteps(items, norms, memory);
}
