/**
 * The first pass of serving one visitor: bounds of every item's score from factors of 8 bits. Compiled by itself, since
 * the worker that serves needs nothing else. The formula stands in `../quantised-items.ts`.
 *
 * Products of 8 by 16 bits are summed in pairs into 32 (`i32x4.dot_i16x8_s`): with at most 512 factors no sum passes
 * 512 · 127 · 32,767 < 2³¹.
 */

/** Fields in the order in which `quantised-items.ts` writes them. Addresses in bytes. */
@unmanaged
class Screening {
  /** By strips of 8 positions: for each pair of factors two bytes a position. */
  quantised: usize;
  /** Pairs of factors. */
  pairs: i32;
  /** By position: the size of one step. */
  steps: usize;
  /** By strip: the largest norm of what quantising left over. */
  residuals: usize;
  /** By position: which item stands there; −1 behind the last. */
  order: usize;
  /** By block of positions: the largest norm there or later. */
  blockNorms: usize;
  /** A byte an item: 1 where it is left out. */
  marks: usize;
  /** The visitor's vector: 16 bits a factor, two for each pair. */
  vector: usize;
  /** The size of one of its steps, ‖x‖, and what its own quantising may add to an error over ‖y‖. */
  vectorStep: f32;
  norm: f32;
  doubt: f32;
  /** No candidate's score is below this. */
  floor: f32;
  /** The k highest lower bounds so far, a binary heap with the least on top, and how many there are. */
  heap: usize;
  k: i32;
  kept: i32;
  /** Items that may be among the k best, with their upper bounds; room for them and how many there are. */
  candidates: usize;
  upperBounds: usize;
  capacity: i32;
  count: i32;
}

/** Strips of a block. */
const BLOCK_STRIPS: i32 = 32;
/** Far above what a product of 32-bit floats can lose to underflow, far below any score that matters. */
const UNDERFLOW: f32 = 1e-30;

/**
 * Screens strips [first, last). Returns the strip to go on with: `last`, also where nothing later can matter; less
 * where the candidates must be emptied first.
 */
export function screen(screening: Screening, first: i32, last: i32): i32 {
  const pairs = screening.pairs;
  const vector = screening.vector;
  const vectorEnd = vector + (<usize>pairs << 2);
  const stripBytes = <usize>pairs << 4;
  const vectorStep = f32x4.splat(screening.vectorStep);
  let at = screening.quantised + <usize>first * stripBytes;
  let vectorDoubt: f32 = 0;
  let least = leastKept(screening);
  for (let strip = first; strip < last; strip++) {
    if (strip === first || strip % BLOCK_STRIPS === 0) {
      const blockNorm = load<f32>(screening.blockNorms + (<usize>(strip / BLOCK_STRIPS) << 2));
      if (screening.norm * blockNorm + UNDERFLOW < least) return last;
      vectorDoubt = screening.doubt * blockNorm + UNDERFLOW;
    }
    let low = i32x4.splat(0);
    let high = low;
    for (let pair = vector; pair < vectorEnd; pair += 4) {
      const two = v128.load32_splat(pair);
      low = i32x4.add(low, i32x4.dot_i16x8_s(v128.load_ext<i8>(at), two));
      high = i32x4.add(high, i32x4.dot_i16x8_s(v128.load_ext<i8>(at, 8), two));
      at += 16;
    }
    const bound = f32x4.splat(screening.norm * load<f32>(screening.residuals + (<usize>strip << 2)) + vectorDoubt);
    const steps = screening.steps + (<usize>strip << 5);
    const lowScores = f32x4.mul(f32x4.convert_i32x4_s(low), f32x4.mul(v128.load(steps), vectorStep));
    const highScores = f32x4.mul(f32x4.convert_i32x4_s(high), f32x4.mul(v128.load(steps, 16), vectorStep));
    const reach = f32x4.sub(f32x4.splat(least), bound);
    const lowReaches = f32x4.ge(lowScores, reach);
    const highReaches = f32x4.ge(highScores, reach);
    if (v128.any_true(v128.or(lowReaches, highReaches))) {
      if (screening.count + 8 > screening.capacity) return strip;
      const width = f32x4.extract_lane(bound, 0);
      let mask = i32x4.bitmask(lowReaches);
      while (mask !== 0) {
        offer(screening, (strip << 3) + ctz(mask), laneOf(lowScores, ctz(mask)), width);
        mask &= mask - 1;
      }
      mask = i32x4.bitmask(highReaches);
      while (mask !== 0) {
        offer(screening, (strip << 3) + 4 + ctz(mask), laneOf(highScores, ctz(mask)), width);
        mask &= mask - 1;
      }
      least = leastKept(screening);
    }
  }
  return last;
}

/** What an upper bound must reach. */
function leastKept(screening: Screening): f32 {
  const floor = screening.floor;
  return screening.kept < screening.k ? floor : max(floor, load<f32>(screening.heap));
}

// @ts-ignore: decorator
@inline
function laneOf(lanes: v128, lane: i32): f32 {
  if (lane < 2) return lane === 0 ? f32x4.extract_lane(lanes, 0) : f32x4.extract_lane(lanes, 1);
  return lane === 2 ? f32x4.extract_lane(lanes, 2) : f32x4.extract_lane(lanes, 3);
}

/** Takes a position into the candidates, unless nothing stands there or it is left out. */
function offer(screening: Screening, position: i32, score: f32, bound: f32): void {
  const item = load<i32>(screening.order + (<usize>position << 2));
  if (item < 0 || load<u8>(screening.marks + <usize>item) !== 0) return;
  const count = screening.count;
  store<i32>(screening.candidates + (<usize>count << 2), item);
  store<f32>(screening.upperBounds + (<usize>count << 2), score + bound);
  screening.count = count + 1;
  keep(screening, score - bound);
}

/** Keeps a lower bound where it is among the k highest. */
function keep(screening: Screening, lower: f32): void {
  const heap = screening.heap;
  const k = screening.k;
  if (screening.kept < k) {
    let at = screening.kept;
    screening.kept = at + 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = load<f32>(heap + (<usize>parent << 2));
      if (above <= lower) break;
      store<f32>(heap + (<usize>at << 2), above);
      at = parent;
    }
    store<f32>(heap + (<usize>at << 2), lower);
    return;
  }
  if (lower <= load<f32>(heap)) return;
  let at = 0;
  while (true) {
    let child = 2 * at + 1;
    if (child >= k) break;
    let below = load<f32>(heap + (<usize>child << 2));
    if (child + 1 < k) {
      const other = load<f32>(heap + (<usize>child << 2), 4);
      if (other < below) {
        below = other;
        child++;
      }
    }
    if (below >= lower) break;
    store<f32>(heap + (<usize>at << 2), below);
    at = child;
  }
  store<f32>(heap + (<usize>at << 2), lower);
}
