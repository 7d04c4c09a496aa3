import { F32, multiplyAdd } from './arithmetic';
import { dot } from './dots';
import { product } from './product';

/**
 * Steps of the contrastive losses (`contrastive/objective.ts` has the formulas): a batch of users with all their
 * items, and negatives. Addresses in bytes; in the order in which `pairwise.ts` beside this folder writes them.
 * Rows have `width` floats, 0 from the number of factors on.
 */
@unmanaged
class Step {
  /** Rows, first moments (`width` floats a row), second moments and numbers of steps (one word a row) of each side. */
  users: usize;
  userFirst: usize;
  userSecond: usize;
  userSteps: usize;
  items: usize;
  itemFirst: usize;
  itemSecond: usize;
  itemSteps: usize;
  /** As the items; all 0 between steps. */
  itemGradients: usize;
  /** Who likes what: CSR without values. */
  indptr: usize;
  indices: usize;
  /** A byte an item, 0 between steps: 1 has a gradient. */
  marks: usize;
  /** Room for every item's position: those with a gradient. */
  touched: usize;
  /** Corrections for the moments' start at 0, two floats a number of steps, from 1 to `correctionCount`. */
  corrections: usize;
  /** USERS rows of users and of their gradients, USERS × SCORES_STRIDE scores. */
  rows: usize;
  gradients: usize;
  scores: usize;
  /** Users of this step. */
  batch: usize;
  /** Positions of negatives: for CCL the pool of the step, for BPR `candidates` for each of the batch's pairs in turn. */
  negatives: usize;
  /** Room for the pool in tiles of 8 items, a tile's rows by factor. */
  pack: usize;
  factors: i32;
  /** factors rounded up to a multiple of 8. */
  width: i32;
  batchSize: i32;
  poolSize: i32;
  candidates: i32;
  correctionCount: i32;
  margin: f32;
  negativeWeight: f32;
  regularization: f32;
  userRate: f32;
  itemRate: f32;
  beta1: f32;
  beta2: f32;
}

const EPSILON: f32 = 1e-8;
const TILE = 8;
/** Users, and items of the pool, whose scores are computed at once: both rows and scores stay in the cache. */
const USERS = 64;
const POOL = 512;
/** Not a power of two: rows would share a few sets of the cache. */
const SCORES_STRIDE: usize = (POOL + TILE) * F32;

/** One step of CCL. Returns the sum of the loss over the batch's pairs, at the rows the step met. */
export function cclStep(step: Step): f64 {
  const width = step.width;
  const bytes = <usize>width * F32;
  const tiles = (step.poolSize + TILE - 1) / TILE;
  packPool(step, tiles);
  let loss: f64 = 0;
  let touched = 0;
  for (let first = 0; first < step.batchSize; first += USERS) {
    const count = min(USERS, step.batchSize - first);
    const batch = step.batch + (<usize>first << 2);
    for (let at = 0; at < count; at++) {
      const user = load<i32>(batch + (<usize>at << 2));
      memory.copy(step.rows + <usize>at * bytes, step.users + <usize>user * bytes, bytes);
    }
    memory.fill(step.gradients, 0, <usize>count * bytes);
    for (let begin = 0; begin < step.poolSize; begin += POOL) {
      const last = min(tiles, (begin + POOL) / TILE);
      for (let tile = begin / TILE; tile < last; tile++) {
        const c = step.scores + <usize>(tile * TILE - begin) * F32;
        product(c, SCORES_STRIDE, step.rows, bytes, count, width, step.pack + <usize>tile * bytes * TILE, TILE * F32, TILE);
      }
      const end = min(step.poolSize, begin + POOL);
      for (let at = 0; at < count; at++) {
        const user = load<i32>(batch + (<usize>at << 2));
        const own = step.indices + (<usize>load<i32>(step.indptr + (<usize>user << 2)) << 2);
        const ownEnd = step.indices + (<usize>load<i32>(step.indptr + (<usize>user << 2), 4) << 2);
        const weight = (step.negativeWeight * <f32>(<i32>(ownEnd - own) >> 2)) / <f32>step.poolSize;
        const row = step.rows + <usize>at * bytes;
        const gradient = step.gradients + <usize>at * bytes;
        const scores = step.scores + <usize>at * SCORES_STRIDE - (<usize>begin << 2);
        const margin = f32x4.splat(step.margin);
        let excess: f64 = 0;
        for (let j = begin; j < end; j += 4) {
          if (!v128.any_true(f32x4.gt(v128.load(scores + (<usize>j << 2)), margin))) continue;
          const four = min(j + 4, end);
          for (let p = j; p < four; p++) {
            const over = load<f32>(scores + (<usize>p << 2)) - step.margin;
            if (!(over > 0)) continue;
            const item = load<i32>(step.negatives + (<usize>p << 2));
            if (contains(own, ownEnd, item)) continue;
            excess += <f64>over;
            addScaled(gradient, weight, step.items + <usize>item * bytes, width);
            touched = addToItem(step, item, weight, row, touched);
          }
        }
        loss += <f64>weight * excess;
      }
    }
    for (let at = 0; at < count; at++) {
      const user = load<i32>(batch + (<usize>at << 2));
      const row = step.rows + <usize>at * bytes;
      const gradient = step.gradients + <usize>at * bytes;
      const end = load<i32>(step.indptr + (<usize>user << 2), 4);
      for (let entry = load<i32>(step.indptr + (<usize>user << 2)); entry < end; entry++) {
        const item = load<i32>(step.indices + (<usize>entry << 2));
        const other = step.items + <usize>item * bytes;
        loss += <f64>(<f32>1 - dot(row, other, width));
        addScaled(gradient, -1, other, width);
        touched = addToItem(step, item, -1, row, touched);
      }
      updateOnSphere(step, step.users, step.userFirst, step.userSecond, step.userSteps, user, gradient, step.userRate, 0);
    }
  }
  for (let at = 0; at < touched; at++) {
    const item = load<i32>(step.touched + (<usize>at << 2));
    const gradient = step.itemGradients + <usize>item * bytes;
    updateOnSphere(step, step.items, step.itemFirst, step.itemSecond, step.itemSteps, item, gradient, step.itemRate, step.beta1);
    memory.fill(gradient, 0, bytes);
    store<u8>(step.marks + item, 0);
  }
  return loss;
}

/** One step of BPR. Returns the sum of −ln σ(x_ui − x_uj) over the batch's pairs, at the rows the step met. */
export function bprStep(step: Step): f64 {
  const width = step.width;
  const bytes = <usize>width * F32;
  const row = step.rows;
  let loss: f64 = 0;
  let touched = 0;
  let negatives = step.negatives;
  for (let at = 0; at < step.batchSize; at++) {
    const user = load<i32>(step.batch + (<usize>at << 2));
    const begin = load<i32>(step.indptr + (<usize>user << 2));
    const end = load<i32>(step.indptr + (<usize>user << 2), 4);
    memory.copy(row, step.users + <usize>user * bytes, bytes);
    memory.fill(step.gradients, 0, bytes);
    for (let entry = begin; entry < end; entry++) {
      const item = load<i32>(step.indices + (<usize>entry << 2));
      let other = load<i32>(negatives);
      let otherScore = dot(row, step.items + <usize>other * bytes, width);
      for (let candidate = 1; candidate < step.candidates; candidate++) {
        const rival = load<i32>(negatives + (<usize>candidate << 2));
        const score = dot(row, step.items + <usize>rival * bytes, width);
        if (score > otherScore) {
          other = rival;
          otherScore = score;
        }
      }
      negatives += <usize>step.candidates << 2;
      const difference = <f64>(dot(row, step.items + <usize>item * bytes, width) - otherScore);
      const tail = Math.exp(-abs(difference));
      loss += Math.log(1 + tail) + max<f64>(0, -difference);
      const pull = <f32>((difference > 0 ? tail : 1) / (1 + tail));
      addScaled(step.gradients, -pull, step.items + <usize>item * bytes, width);
      addScaled(step.gradients, pull, step.items + <usize>other * bytes, width);
      touched = addToItem(step, item, -pull, row, touched);
      touched = addToItem(step, other, pull, row, touched);
      // λ counts a row as often as it comes in a triple
      addScaled(step.itemGradients + <usize>item * bytes, step.regularization, step.items + <usize>item * bytes, width);
      addScaled(step.itemGradients + <usize>other * bytes, step.regularization, step.items + <usize>other * bytes, width);
    }
    addScaled(step.gradients, step.regularization * <f32>(end - begin), row, width);
    update(step, step.users, step.userFirst, step.userSecond, step.userSteps, user, step.gradients, step.userRate, step.beta1);
  }
  for (let at = 0; at < touched; at++) {
    const item = load<i32>(step.touched + (<usize>at << 2));
    const gradient = step.itemGradients + <usize>item * bytes;
    update(step, step.items, step.itemFirst, step.itemSecond, step.itemSteps, item, gradient, step.itemRate, step.beta1);
    memory.fill(gradient, 0, bytes);
    store<u8>(step.marks + item, 0);
  }
  return loss;
}

function packPool(step: Step, tiles: i32): void {
  const width = step.width;
  const bytes = <usize>width * F32;
  let target = step.pack;
  for (let tile = 0; tile < tiles; tile++) {
    for (let lane = 0; lane < TILE; lane++) {
      const at = min(tile * TILE + lane, step.poolSize - 1);
      const source = step.items + <usize>load<i32>(step.negatives + (<usize>at << 2)) * bytes;
      for (let p = 0; p < width; p++) {
        store<f32>(target + <usize>(p * TILE + lane) * F32, load<f32>(source + <usize>p * F32));
      }
    }
    target += bytes * TILE;
  }
}

/** True where ascending positions at [begin, end) contain `item`. */
function contains(begin: usize, end: usize, item: i32): bool {
  while (begin < end) {
    const middle = begin + (((end - begin) >> 3) << 2);
    const value = load<i32>(middle);
    if (value === item) return true;
    if (value < item) begin = middle + 4;
    else end = middle;
  }
  return false;
}

/** The item's gradient += scale · row. Returns how many items have a gradient now. */
function addToItem(step: Step, item: i32, scale: f32, row: usize, touched: i32): i32 {
  addScaled(step.itemGradients + <usize>item * <usize>step.width * F32, scale, row, step.width);
  if (load<u8>(step.marks + item)) return touched;
  store<u8>(step.marks + item, 1);
  store<i32>(step.touched + (<usize>touched << 2), item);
  return touched + 1;
}

/** target += scale · source; `width` a multiple of 8. */
function addScaled(target: usize, scale: f32, source: usize, width: i32): void {
  const s = f32x4.splat(scale);
  const end = target + <usize>width * F32;
  while (target < end) {
    v128.store(target, multiplyAdd(s, v128.load(source), v128.load(target)));
    v128.store(target, multiplyAdd(s, v128.load(source, 16), v128.load(target, 16)), 16);
    target += 32;
    source += 32;
  }
}

/** A step along the sphere: the gradient without its part along the row, then the row back to length 1. */
function updateOnSphere(
  step: Step,
  rows: usize,
  first: usize,
  second: usize,
  steps: usize,
  index: i32,
  gradient: usize,
  rate: f32,
  beta1: f32,
): void {
  const width = step.width;
  const row = rows + <usize>index * <usize>width * F32;
  addScaled(gradient, -dot(gradient, row, width), row, width);
  update(step, rows, first, second, steps, index, gradient, rate, beta1);
  const inverse = f32x4.splat(<f32>1 / sqrt(dot(row, row, width)));
  const end = row + <usize>width * F32;
  for (let at = row; at < end; at += 16) v128.store(at, f32x4.mul(v128.load(at), inverse));
}

/**
 * Adam with one second moment a row: the mean square of its gradient. `beta1` is that of the step, or 0: the moment is
 * then the gradient itself.
 */
function update(
  step: Step,
  rows: usize,
  first: usize,
  second: usize,
  steps: usize,
  index: i32,
  gradient: usize,
  rate: f32,
  beta1: f32,
): void {
  const width = step.width;
  const count = load<i32>(steps + (<usize>index << 2)) + 1;
  store<i32>(steps + (<usize>index << 2), count);
  const correction = step.corrections + (<usize>(min(count, step.correctionCount) - 1) << 3);
  const at = second + (<usize>index << 2);
  const square = step.beta2 * load<f32>(at) + (<f32>1 - step.beta2) * (dot(gradient, gradient, width) / <f32>step.factors);
  store<f32>(at, square);
  const firstCorrection: f32 = beta1 > 0 ? load<f32>(correction) : 1;
  const scale = (-rate * firstCorrection) / (sqrt(square * load<f32>(correction, 4)) + EPSILON);
  const keep = f32x4.splat(beta1);
  const take = f32x4.splat(<f32>1 - beta1);
  const along = f32x4.splat(scale);
  let row = rows + <usize>index * <usize>width * F32;
  let moment = first + <usize>index * <usize>width * F32;
  const end = row + <usize>width * F32;
  while (row < end) {
    const m = multiplyAdd(take, v128.load(gradient), f32x4.mul(keep, v128.load(moment)));
    v128.store(moment, m);
    v128.store(row, multiplyAdd(along, m, v128.load(row)));
    row += 16;
    moment += 16;
    gradient += 16;
  }
}
