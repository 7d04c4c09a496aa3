import { F32, multiplyAdd, sumOf } from './arithmetic';
import { dot } from './dots';

/**
 * Users ranked in fours against items sorted by falling norm. In the eigenbasis of the items' Gram matrix a score is
 * head + tail, x̃ᵀỹ over the first `head` directions and over the rest, and |tail| ≤ ‖x̃ tail‖ ‖ỹ tail‖ (Cauchy,
 * Schwarz): only items whose head and this bound reach the k-th best so far are scored in full. Where a tile of four
 * users and a block of items leaves too many of them, the other directions are added for the whole tile: then no tile
 * takes much longer than the plain product does. Addresses in bytes, in the order in which `top-k.ts` writes them.
 */
@unmanaged
class Ranking {
  /** rows × k and items × k floats. */
  users: usize;
  itemFactors: usize;
  factors: i32;
  /** A user's directions in the panel; a multiple of 8. */
  head: i32;
  /** The other directions; a multiple of 8. */
  rest: i32;
  /** By strips of 8 positions: `head` × 8 floats, and `rest` × 8 floats. */
  heads: usize;
  rests: usize;
  /** By position: ‖ỹ tail‖, NaN behind the last item. */
  tails: usize;
  /** By position: which item stands there. */
  order: usize;
  /** By block of positions: the largest norm there or later. */
  blockNorms: usize;
  /** Bound of a score's rounding error over ‖x‖ ‖y‖. */
  slack: f32;
  /** Kept for each user. */
  k: i32;
  /** rows × k each, and how many are kept so far, by row. */
  topItems: usize;
  topScores: usize;
  kept: usize;
  /** A byte an item: bit m set where member m has seen it. */
  marks: usize;
  /** The four members: their rows (−1 for none), ‖x‖ and ‖x̃ tail‖. */
  members: usize;
  norms: usize;
  memberTails: usize;
  /** Their rows, (`head` + `rest`) × 4 floats, and their scores of a block. */
  panel: usize;
  scores: usize;
  /** For each member a bit a position of the block: set where its item may be among the best. */
  reaching: usize;
}

/** Items of a block, whose scores stay in the first-level cache. */
const BLOCK = 256;
/** Bytes of a member's bits. */
const BITS = BLOCK / 8;
/** Items of a tile that are scored one by one in the time that the rest of the directions takes for all of them. */
const WORTH_ALL = 32;

/** Euclidean norms of columns [from, width) of `rows` rows of `width` floats; both multiples of 4. */
export function norms(values: usize, rows: i32, width: i32, from: i32, out: usize): void {
  const bytes = <usize>width * F32;
  for (let row = 0; row < rows; row++) {
    const end = values + bytes;
    let sum = f32x4.splat(0);
    for (let at = values + <usize>from * F32; at < end; at += 16) {
      const value = v128.load(at);
      sum = multiplyAdd(value, value, sum);
    }
    store<f32>(out, sqrt(sumOf(sum)));
    values = end;
    out += F32;
  }
}

/** The heads of strips [first, last): positions from 8 · first on, rows of `width` floats at their items. */
export function packHeads(
  heads: usize,
  rotated: usize,
  width: i32,
  order: usize,
  items: i32,
  head: i32,
  first: i32,
  last: i32,
): void {
  for (let strip = first; strip < last; strip++) {
    const target = heads + <usize>strip * <usize>head * 32;
    for (let lane = 0; lane < 8; lane++) {
      const position = strip * 8 + lane;
      let at = target + <usize>lane * F32;
      if (position < items) {
        const from = rotated + <usize>load<i32>(order + <usize>position * 4) * <usize>width * F32;
        for (let p = 0; p < head; p++) {
          store<f32>(at, load<f32>(from + <usize>p * F32));
          at += 32;
        }
      } else {
        for (let p = 0; p < head; p++) {
          store<f32>(at, 0);
          at += 32;
        }
      }
    }
  }
}

/** Ranks the members among the items of blocks [first, last). Returns true where no later block can matter. */
export function rankBlocks(ranking: Ranking, first: i32, last: i32): bool {
  for (let block = first; block < last; block++) {
    const blockNorm = load<f32>(ranking.blockNorms + <usize>block * F32);
    let alive = 0;
    for (let member = 0; member < 4; member++) {
      const row = load<i32>(ranking.members + <usize>member * 4);
      if (row < 0) continue;
      const most = load<f32>(ranking.norms + <usize>member * F32) * blockNorm;
      if (most + ranking.slack * most >= leastKept(ranking, row)) alive |= 1 << member;
    }
    if (alive === 0) return true;
    const panel = ranking.panel;
    const strips = <usize>block * (BLOCK / 8) * 32;
    addScores(ranking.scores, panel, ranking.head, ranking.heads + strips * <usize>ranking.head, false);
    let bounded = true;
    const enough = ranking.rest > 0 ? WORTH_ALL : 0;
    if (findReaching(ranking, block, alive, blockNorm, true, enough) > enough && enough > 0) {
      const restPanel = panel + <usize>ranking.head * 16;
      addScores(ranking.scores, restPanel, ranking.rest, ranking.rests + strips * <usize>ranking.rest, true);
      bounded = false;
      findReaching(ranking, block, alive, blockNorm, false, 0);
    }
    for (let member = 0; member < 4; member++) {
      if (alive & (1 << member)) pickFromBlock(ranking, block, member, blockNorm, bounded);
    }
  }
  return false;
}

/** The k-th best score so far; below everything while fewer are kept. */
// @ts-ignore: decorator
@inline
function leastKept(ranking: Ranking, row: i32): f32 {
  if (load<i32>(ranking.kept + <usize>row * 4) < ranking.k) return -Infinity;
  return load<f32>(ranking.topScores + <usize>((row + 1) * ranking.k - 1) * F32);
}

/** The four members' scores over `depth` directions, in tiles of 4 × 8; added to what is there where `more`. */
function addScores(scores: usize, panel: usize, depth: i32, strips: usize, more: bool): void {
  const panelEnd = panel + <usize>depth * 16;
  let right = strips;
  let out = scores;
  const end = out + BLOCK * F32;
  while (out < end) {
    let s00 = f32x4.splat(0);
    let s01 = s00;
    let s10 = s00;
    let s11 = s00;
    let s20 = s00;
    let s21 = s00;
    let s30 = s00;
    let s31 = s00;
    if (more) {
      s00 = v128.load(out);
      s01 = v128.load(out, 16);
      s10 = v128.load(out, 1024);
      s11 = v128.load(out, 1040);
      s20 = v128.load(out, 2048);
      s21 = v128.load(out, 2064);
      s30 = v128.load(out, 3072);
      s31 = v128.load(out, 3088);
    }
    for (let left = panel; left < panelEnd; left += 16) {
      const r0 = v128.load(right);
      const r1 = v128.load(right, 16);
      let l = v128.load32_splat(left);
      s00 = multiplyAdd(l, r0, s00);
      s01 = multiplyAdd(l, r1, s01);
      l = v128.load32_splat(left, 4);
      s10 = multiplyAdd(l, r0, s10);
      s11 = multiplyAdd(l, r1, s11);
      l = v128.load32_splat(left, 8);
      s20 = multiplyAdd(l, r0, s20);
      s21 = multiplyAdd(l, r1, s21);
      l = v128.load32_splat(left, 12);
      s30 = multiplyAdd(l, r0, s30);
      s31 = multiplyAdd(l, r1, s31);
      right += 32;
    }
    v128.store(out, s00);
    v128.store(out, s01, 16);
    v128.store(out, s10, 1024);
    v128.store(out, s11, 1040);
    v128.store(out, s20, 2048);
    v128.store(out, s21, 2064);
    v128.store(out, s30, 3072);
    v128.store(out, s31, 3088);
    out += 32;
  }
}

/**
 * Sets the bits of what may be among the members' best, and returns how many there are; stops between two members
 * where that is more than `enough` (0: never). `bounded`: the scores are of heads alone, and the tails may add their bound.
 */
function findReaching(ranking: Ranking, block: i32, alive: i32, blockNorm: f32, bounded: bool, enough: i32): i32 {
  let count = 0;
  for (let member = 0; member < 4; member++) {
    if ((alive & (1 << member)) === 0) continue;
    if (enough !== 0 && count > enough) break;
    const row = load<i32>(ranking.members + <usize>member * 4);
    const least = f32x4.splat(leastKept(ranking, row) - errorOf(ranking, member, blockNorm));
    // behind the last item the tail is NaN, which reaches nothing, not even times 0
    const tail = f32x4.splat(bounded ? load<f32>(ranking.memberTails + <usize>member * F32) : 0);
    let tails = ranking.tails + <usize>(block * BLOCK) * F32;
    let scores = ranking.scores + <usize>member * BLOCK * F32;
    let bits = ranking.reaching + <usize>member * BITS;
    const end = bits + BITS;
    while (bits < end) {
      const first = f32x4.ge(multiplyAdd(tail, v128.load(tails), v128.load(scores)), least);
      const second = f32x4.ge(multiplyAdd(tail, v128.load(tails, 16), v128.load(scores, 16)), least);
      const mask = i32x4.bitmask(first) | (i32x4.bitmask(second) << 4);
      store<u8>(bits, <u8>mask);
      count += popcnt(mask);
      tails += 32;
      scores += 32;
      bits++;
    }
  }
  return count;
}

// @ts-ignore: decorator
@inline
function errorOf(ranking: Ranking, member: i32, blockNorm: f32): f32 {
  return ranking.slack * load<f32>(ranking.norms + <usize>member * F32) * blockNorm;
}

/** Considers what `findReaching` has found and still may be among the best by now. */
function pickFromBlock(ranking: Ranking, block: i32, member: i32, blockNorm: f32, bounded: bool): void {
  const row = load<i32>(ranking.members + <usize>member * 4);
  const error = errorOf(ranking, member, blockNorm);
  const tail: f32 = bounded ? load<f32>(ranking.memberTails + <usize>member * F32) : 0;
  const scores = ranking.scores + <usize>member * BLOCK * F32;
  const bits = ranking.reaching + <usize>member * BITS;
  let least = leastKept(ranking, row) - error;
  for (let base = 0; base < BLOCK; base += 64) {
    let mask = load<u64>(bits + <usize>(base >> 3));
    while (mask !== 0) {
      const at = base + <i32>ctz(mask);
      mask &= mask - 1;
      const position = block * BLOCK + at;
      const most = load<f32>(scores + <usize>at * F32) + tail * load<f32>(ranking.tails + <usize>position * F32);
      // one more rounding than in findReaching, or one less: the error has room for it
      if (most < least) continue;
      const item = load<i32>(ranking.order + <usize>position * 4);
      if (load<u8>(ranking.marks + <usize>item) & (1 << member)) continue;
      consider(ranking, row, item);
      least = leastKept(ranking, row) - error;
    }
  }
}

/** Scores an item in full and keeps it where it is among the k best: by score, equal ones by the lower item. */
export function consider(ranking: Ranking, row: i32, item: i32): void {
  const factors = ranking.factors;
  const bytes = <usize>factors * F32;
  const score = dot(ranking.users + <usize>row * bytes, ranking.itemFactors + <usize>item * bytes, factors);
  const k = ranking.k;
  const keptAt = ranking.kept + <usize>row * 4;
  const items = ranking.topItems + <usize>(row * k) * 4;
  const scores = ranking.topScores + <usize>(row * k) * F32;
  let place = load<i32>(keptAt);
  if (place === k) {
    const last = <usize>(k - 1) * 4;
    if (!isBefore(score, item, load<f32>(scores + last), load<i32>(items + last))) return;
    place--;
  } else {
    store<i32>(keptAt, place + 1);
  }
  while (place > 0) {
    const before = <usize>(place - 1) * 4;
    const beforeScore = load<f32>(scores + before);
    const beforeItem = load<i32>(items + before);
    if (!isBefore(score, item, beforeScore, beforeItem)) break;
    store<f32>(scores + before, beforeScore, 4);
    store<i32>(items + before, beforeItem, 4);
    place--;
  }
  store<f32>(scores + <usize>place * F32, score);
  store<i32>(items + <usize>place * 4, item);
}

// @ts-ignore: decorator
@inline
function isBefore(score: f32, item: i32, otherScore: f32, otherItem: i32): bool {
  return score > otherScore || (score === otherScore && item < otherItem);
}

/** The plain way for a few users: scores items [first, last) of one member in full. */
export function rankAll(ranking: Ranking, row: i32, first: i32, last: i32): void {
  for (let item = first; item < last; item++) {
    if (load<u8>(ranking.marks + <usize>item) === 0) consider(ranking, row, item);
  }
}
