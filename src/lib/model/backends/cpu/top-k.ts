import type { TopK } from '../backend.ts';
import { BLOCK, sortByNorm } from './by-norm.ts';
import { rotateSteps, writeBasis, type Eigenbasis } from './eigenbasis.ts';
import type { Seen } from './helper-protocol.ts';
import type { Kernels } from './kernels.ts';
import { Scratch } from './memory.ts';
import { paddedWidth, WORD_BYTES, WORK_PER_STEP } from './shapes.ts';
import { normSteps, sortItemsSteps, type ItemRows, type SortedItems } from './sorted-items.ts';

/** Users ranked side by side. */
const GROUP = 4;
/** Blocks ranked before users are sorted by how many they need. */
const PROBED_BLOCKS = 8;
/** Users brought into the eigenbasis at once. */
const USERS_PER_CHUNK = 2_048;
/**
 * The head's share of the directions. Gowalla, 64 factors: a head of 16 / 24 / 32 / 40 leaves 4.7 / 2.4 / 1.3 / .6 % of
 * the items to be scored in full, each from another place in memory. Users a second of processor time with a share of
 * 1/4, 3/8, 1/2, 5/8: 6,270, 8,494, 8,808, 11,585.
 */
const HEAD_SHARE = 5 / 8;
/** What the eigenbasis costs pays for itself from this many users a factor on. */
const USERS_PER_FACTOR = 2;
/** Unit roundoff of 32-bit floats. */
const ROUNDOFF = 2 ** -24;
/** The place of `slack` in the struct Ranking. */
const SLACK = 10;

/** Users to rank all items for. Addresses in the memory of `kernels`. */
export interface RankJob extends ItemRows {
  /** `userCount` × `factors` floats. */
  readonly users: number;
  readonly userCount: number;
  /** The eigenbasis of the items' Gram matrix; null ranks without one, which is faster for a few users. */
  readonly basis: Eigenbasis | null;
  /** Views of what is seen; called whenever they are needed, since the memory may have grown. */
  readonly seen: (() => Seen) | null;
}

/** No item for anybody yet. */
export function emptyTopK(rows: number, k: number): TopK {
  return { k, items: new Int32Array(rows * k).fill(-1), scores: new Float32Array(rows * k) };
}

/** True where so many users are ranked that bringing the items into their eigenbasis is worth it. */
export function needsBasis(userCount: number, factors: number): boolean {
  return userCount > USERS_PER_FACTOR * factors;
}

/** Ranks all items for each user into `result`. Yields between short steps. */
export function* topKSteps(kernels: Kernels, job: RankJob, result: TopK): Generator<void, void> {
  const scratch = new Scratch(kernels.memory);
  try {
    yield* new Ranking(kernels, job, result, scratch).steps();
  } finally {
    scratch.release();
  }
}

/** Users in the eigenbasis: their rows, norms and the norms of their tails. */
interface Chunk {
  /** The struct Ranking. */
  readonly ranking: number;
  readonly first: number;
  readonly rows: number;
  readonly rotated: number;
  readonly norms: number;
  readonly tails: number;
}

class Ranking {
  readonly #kernels: Kernels;
  readonly #job: RankJob;
  readonly #result: TopK;
  readonly #scratch: Scratch;
  readonly #width: number;
  readonly #head: number;
  readonly #chunk: number;
  /** By row of the chunk. */
  readonly #topItems: number;
  readonly #topScores: number;
  readonly #kept: number;
  readonly #marks: number;
  /** Rows, norms and tails of the members; a word each. */
  readonly #members: number;
  readonly #panel: number;
  readonly #scores: number;
  readonly #reaching: number;

  constructor(kernels: Kernels, job: RankJob, result: TopK, scratch: Scratch) {
    this.#kernels = kernels;
    this.#job = job;
    this.#result = result;
    this.#scratch = scratch;
    this.#width = paddedWidth(job.factors);
    this.#head = paddedWidth(job.factors * HEAD_SHARE);
    this.#chunk = Math.min(USERS_PER_CHUNK, job.userCount);
    this.#topItems = scratch.allocate(this.#chunk * result.k * WORD_BYTES);
    this.#topScores = scratch.allocate(this.#chunk * result.k * WORD_BYTES);
    this.#kept = scratch.allocate(this.#chunk * WORD_BYTES);
    this.#marks = scratch.allocate(job.itemCount);
    this.#members = scratch.allocate(3 * GROUP * WORD_BYTES);
    this.#panel = scratch.allocate(this.#width * GROUP * WORD_BYTES);
    this.#scores = scratch.allocate(GROUP * BLOCK * WORD_BYTES);
    this.#reaching = scratch.allocate((GROUP * BLOCK) / 8);
    this.#markBytes().fill(0);
  }

  *steps(): Generator<void, void> {
    const { basis, userCount } = this.#job;
    const items =
      basis === null
        ? null
        : yield* sortItemsSteps(this.#kernels, this.#job, basis, this.#head, this.#scratch);
    const forth = basis === null ? 0 : writeBasis(basis, false, this.#kernels, this.#scratch);
    for (let first = 0; first < userCount; first += this.#chunk) {
      const rows = Math.min(this.#chunk, userCount - first);
      const ranking = this.#writeRanking(first, items);
      this.#kernels.memory.integers(this.#kept, rows).fill(0);
      if (items === null) yield* this.#rankAll(ranking, first, rows);
      else yield* this.#rankChunk(ranking, first, rows, forth, items.blocks);
      this.#copyOut(first, rows);
    }
  }

  /** The struct Ranking of assembly/top-k.ts for users from `first` on. */
  #writeRanking(first: number, items: SortedItems | null): number {
    const { memory } = this.#kernels;
    const { users, itemFactors, factors } = this.#job;
    const fields = [
      users + first * factors * WORD_BYTES,
      itemFactors,
      factors,
      this.#head,
      this.#width - this.#head,
      items?.heads ?? 0,
      items?.rests ?? 0,
      items?.tails ?? 0,
      items?.order ?? 0,
      items?.blockNorms ?? 0,
      0,
      this.#result.k,
      this.#topItems,
      this.#topScores,
      this.#kept,
      this.#marks,
      this.#members,
      this.#members + GROUP * WORD_BYTES,
      this.#members + 2 * GROUP * WORD_BYTES,
      this.#panel,
      this.#scores,
      this.#reaching,
    ];
    const address = this.#scratch.allocate(fields.length * WORD_BYTES);
    memory.integers(address, fields.length).set(fields);
    // rounding of the score itself and of both rotations, each at most (k + a few) roundoffs of ‖x‖ ‖y‖
    memory.floats(address, fields.length)[SLACK] = 4 * (factors + 8) * ROUNDOFF;
    return address;
  }

  /** Ranks users [first, first + rows) in fours: the first blocks show how far each must look. */
  *#rankChunk(
    ranking: number,
    first: number,
    rows: number,
    forth: number,
    blocks: number,
  ): Generator<void, void> {
    const { memory } = this.#kernels;
    const { users, factors } = this.#job;
    const passing = new Scratch(memory);
    try {
      const rotated = passing.allocate(rows * this.#width * WORD_BYTES);
      const norms = passing.allocate(rows * WORD_BYTES);
      const tails = passing.allocate(rows * WORD_BYTES);
      const from = users + first * factors * WORD_BYTES;
      yield* rotateSteps(this.#kernels, rotated, from, rows, factors, forth);
      yield* normSteps(this.#kernels, rotated, rows, this.#width, 0, norms);
      yield* normSteps(this.#kernels, rotated, rows, this.#width, this.#head, tails);
      const chunk = { ranking, first, rows, rotated, norms, tails };
      const order = new Int32Array(rows);
      sortByNorm(memory.floats(norms, rows), order);
      const probed = Math.min(blocks, PROBED_BLOCKS);
      yield* this.#rankGroups(chunk, order, 0, probed);
      this.#sortByReach(chunk, order);
      yield* this.#rankGroups(chunk, order, probed, blocks);
    } finally {
      passing.release();
    }
  }

  /** Ranks users in fours, in this order, among the items of blocks [begin, end). */
  *#rankGroups(chunk: Chunk, order: Int32Array, begin: number, end: number): Generator<void, void> {
    const blocksPerStep = Math.max(1, Math.floor(WORK_PER_STEP / (2 * GROUP * BLOCK * this.#width)));
    for (let at = 0; at < order.length; at += GROUP) {
      const group = order.subarray(at, at + GROUP);
      this.#beginGroup(group, chunk);
      this.#mark(group, chunk.first, true);
      for (let block = begin; block < end; block += blocksPerStep) {
        const last = Math.min(end, block + blocksPerStep);
        if (this.#kernels.rankBlocks(chunk.ranking, block, last) !== 0) break;
        yield;
      }
      this.#mark(group, chunk.first, false);
      yield;
    }
  }

  /** Sorts users by the norm below which an item cannot be among their best: fours then end at the same block. */
  #sortByReach({ norms, rows }: Chunk, order: Int32Array): void {
    const { memory } = this.#kernels;
    const { k } = this.#result;
    const scores = memory.floats(this.#topScores, rows * k);
    const kept = memory.integers(this.#kept, rows);
    const lengths = memory.floats(norms, rows);
    const reach = Float32Array.from(lengths, (length, row) =>
      kept[row] === k && length > 0 ? (scores[(row + 1) * k - 1] ?? 0) / length : -Infinity,
    );
    order.sort((first, second) => (reach[first] ?? 0) - (reach[second] ?? 0));
  }

  #beginGroup(group: Int32Array, { rotated, norms, tails, rows }: Chunk): void {
    const { memory } = this.#kernels;
    const values = memory.floats(rotated, rows * this.#width);
    const panel = memory.floats(this.#panel, this.#width * GROUP).fill(0);
    const members = memory.integers(this.#members, GROUP).fill(-1);
    const lengths = memory.floats(this.#members + GROUP * WORD_BYTES, 2 * GROUP).fill(0);
    const [rowNorms, rowTails] = [memory.floats(norms, rows), memory.floats(tails, rows)];
    group.forEach((row, member) => {
      members[member] = row;
      lengths[member] = rowNorms[row] ?? 0;
      lengths[GROUP + member] = rowTails[row] ?? 0;
      const at = row * this.#width;
      for (let p = 0; p < this.#width; p++) panel[p * GROUP + member] = values[at + p] ?? 0;
    });
  }

  *#rankAll(ranking: number, first: number, rows: number): Generator<void, void> {
    const { itemCount, factors } = this.#job;
    const perStep = Math.ceil(WORK_PER_STEP / (2 * factors + 16));
    for (let row = 0; row < rows; row++) {
      const group = Int32Array.of(row);
      this.#mark(group, first, true);
      for (let item = 0; item < itemCount; item += perStep) {
        this.#kernels.rankAll(ranking, row, item, Math.min(itemCount, item + perStep));
        yield;
      }
      this.#mark(group, first, false);
    }
  }

  /** Sets or clears the marks of what the members of a group have seen. */
  #mark(group: Int32Array, first: number, on: boolean): void {
    const seen = this.#job.seen?.();
    if (seen === undefined) return;
    const marks = this.#markBytes();
    group.forEach((row, member) => {
      const [begin, end] = [seen.indptr[first + row] ?? 0, seen.indptr[first + row + 1] ?? 0];
      for (let at = begin; at < end; at++) {
        const item = seen.indices[at] ?? 0;
        marks[item] = on ? (marks[item] ?? 0) | (1 << member) : 0;
      }
    });
  }

  #markBytes(): Uint8Array {
    return new Uint8Array(this.#kernels.memory.memory.buffer, this.#marks, this.#job.itemCount);
  }

  #copyOut(first: number, rows: number): void {
    const { memory } = this.#kernels;
    const { k, items, scores } = this.#result;
    const kept = memory.integers(this.#kept, rows);
    const topItems = memory.integers(this.#topItems, rows * k);
    const topScores = memory.floats(this.#topScores, rows * k);
    for (let row = 0; row < rows; row++) {
      const end = row * k + (kept[row] ?? 0);
      items.set(topItems.subarray(row * k, end), (first + row) * k);
      scores.set(topScores.subarray(row * k, end), (first + row) * k);
    }
  }
}
