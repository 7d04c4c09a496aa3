import { AppError } from '../../../errors.ts';
import { FROM_ZERO, GO_ON, SEGMENT_MEMBERS } from '../../kernels/row-system/row-system.ts';
import { TASK_FIELDS, TILE, tileCount, tileRows } from '../../kernels/tiles.ts';
import type { GpuMatrix, GpuSparse } from './matrix.ts';
import { piecesOf, type Piece } from './pieces.ts';

/** Most entries that one lane sums in a row: more would leave the last lanes of a batch alone for long. */
const MAX_SEGMENT_ENTRIES = 1024;
/** Fewer, and a lane would write more than it sums. */
const MIN_SEGMENT_ENTRIES = 64;
/** Multiply-adds of a segment with all its tiles: a single one must not take a slow device long. */
const SEGMENT_COST = 2 ** 24;
/** Slots a long row may take, so that some 64 × tiles lanes work on it at a time. */
const MAX_SLOTS = 64;
/** What a row costs beside its arithmetic, in multiply-adds. */
const ROW_OVERHEAD = 1024;

/** What a batch of systems has room for on the device. */
export interface BatchRoom {
  readonly tiles: number;
  /** 8 floats each. */
  readonly rights: number;
  readonly tasks: number;
  readonly segments: number;
}

/** Segments [first, first + count) of a batch that one call can take: of one shard, one part, distinct slots. */
export interface SegmentRound {
  readonly shard: number;
  readonly part: number;
  readonly first: number;
  readonly count: number;
}

/** Rows whose systems are solved together. */
export interface RowBatch {
  /** TASK_FIELDS of each task: rows solved in their factors first, dual ones after them. */
  readonly tasks: Uint32Array<ArrayBuffer>;
  /** Rows of tiles of each task, never rising. */
  readonly orders: Uint32Array<ArrayBuffer>;
  /** Row of each task. */
  readonly rows: Uint32Array<ArrayBuffer>;
  /** Tasks solved in their factors. */
  readonly primal: number;
  /** Tiles of these, all slots. */
  readonly primalTiles: number;
  readonly tiles: number;
  /** Shard of the dual tasks. */
  readonly shard: number;
  /** (begin, end, slot, row) of each segment, then of each row whose slots are to be merged. */
  readonly segments: Uint32Array<ArrayBuffer>;
  readonly rounds: readonly SegmentRound[];
  readonly merges: { readonly first: number; readonly count: number };
  /** Multiply-adds. */
  readonly cost: number;
}

/** What the batches are made from. */
export interface RowProblem {
  readonly observed: GpuSparse;
  readonly fixed: GpuMatrix;
  readonly factors: number;
  /** Whether rows with fewer entries than factors are to be solved in their entries. */
  readonly dual: boolean;
  /** Subtracted from a row to find its ridge. */
  readonly firstRidge: number;
  /** Where a solution goes: its row less this, or, where null, the task's position. */
  readonly firstDestination: number | null;
}

/** Entries that one lane sums in a row, a power of two. */
export function segmentEntries(factors: number): number {
  const affordable = 2 ** Math.floor(Math.log2(SEGMENT_COST / factors ** 2));
  return Math.min(MAX_SEGMENT_ENTRIES, Math.max(MIN_SEGMENT_ENTRIES, affordable));
}

/** Multiply-adds that one entry, or one factor of a dual system, adds to a system of so many unknowns: whole tiles. */
export function termCost(unknowns: number): number {
  return tileCount(tileRows(unknowns)) * TILE ** 2;
}

/** Multiply-adds of a row solved in its factors: its sums, and k³/3. */
export function primalCost(entries: number, factors: number): number {
  return entries * termCost(factors) + factors ** 3 / 3 + ROW_OVERHEAD;
}

/** Multiply-adds of a row solved in its entries: its sums, n³/3, and k² to leave the eigenbasis. */
export function dualCost(entries: number, factors: number): number {
  return factors * termCost(entries) + entries ** 3 / 3 + factors ** 2 + ROW_OVERHEAD;
}

/**
 * The rows of [first, last) that have entries, longest first: neighbours then take about as long, and systems come
 * in the order of their size.
 */
export function longestFirst(sparse: GpuSparse, first: number, last: number): Int32Array<ArrayBuffer> {
  const rows = new Int32Array(last - first);
  let count = 0;
  for (let row = first; row < last; row++) if (sparse.entriesOf(row) > 0) rows[count++] = row;
  return rows.subarray(0, count).sort((one, other) => sparse.entriesOf(other) - sparse.entriesOf(one));
}

/**
 * The next batch of `rows` from position `begin` on: as many as the room allows and about `budget` multiply-adds
 * pay for, at least one. Throws `gpu-out-of-memory` where not even one row has room.
 */
export function nextBatch(
  problem: RowProblem,
  rows: Int32Array,
  begin: number,
  room: BatchRoom,
  budget: number,
): RowBatch {
  const { observed, fixed, factors } = problem;
  const builder = new BatchBuilder(problem, room);
  for (let at = begin; at < rows.length; at++) {
    const row = rows[at] ?? 0;
    const entries = observed.entriesOf(row);
    const whole = problem.dual && entries < factors ? piecesOf(observed, fixed, row, entries) : [];
    const dual = whole.length === 1;
    const pieces = dual ? whole : piecesOf(observed, fixed, row, segmentEntries(factors));
    const cost = dual ? dualCost(entries, factors) : primalCost(entries, factors);
    if (at > begin && builder.cost + cost > budget) break;
    if (!(dual ? builder.addDual(row, entries, pieces) : builder.addPrimal(row, entries, pieces))) break;
    builder.cost += cost;
  }
  return builder.finish();
}

interface PrimalRow {
  readonly row: number;
  readonly slot: number;
  readonly slots: number;
}

interface DualRow {
  readonly row: number;
  readonly piece: Piece;
}

class BatchBuilder {
  cost = 0;
  readonly #problem: RowProblem;
  readonly #room: BatchRoom;
  readonly #order: number;
  readonly #primal: PrimalRow[] = [];
  readonly #dual: DualRow[] = [];
  /** Segments by round, shard and part. */
  readonly #rounds = new Map<string, { shard: number; part: number; round: number; members: number[] }>();
  #slots = 0;
  #dualTiles = 0;
  #dualRights = 0;
  #segments = 0;

  constructor(problem: RowProblem, room: BatchRoom) {
    this.#problem = problem;
    this.#room = room;
    this.#order = tileRows(problem.factors);
  }

  addPrimal(row: number, entries: number, pieces: readonly Piece[]): boolean {
    const roomForSlots = Math.min(
      Math.floor(this.#room.tiles / tileCount(this.#order)),
      Math.floor(this.#room.rights / this.#order),
    );
    const slots = Math.min(
      Math.ceil(entries / segmentEntries(this.#problem.factors)),
      MAX_SLOTS,
      Math.max(1, roomForSlots),
    );
    // and a merge, of which there is one at most
    if (!this.#hasRoom(slots, 0, 0, pieces.length + 1)) return false;
    pieces.forEach(({ shard, part, begin, end }, index) => {
      const round = Math.floor(index / slots);
      const slot = index % slots;
      const start = index === 0 ? row - this.#problem.firstRidge : round === 0 ? FROM_ZERO : GO_ON;
      const key = `${round} ${shard} ${part}`;
      const known = this.#rounds.get(key) ?? { shard, part, round, members: [] };
      known.members.push(begin, end, this.#slots + slot, start);
      this.#rounds.set(key, known);
    });
    this.#primal.push({ row, slot: this.#slots, slots });
    this.#slots += slots;
    this.#segments += pieces.length + 1;
    return true;
  }

  addDual(row: number, entries: number, [piece]: readonly Piece[]): boolean {
    const order = tileRows(entries);
    // one call takes the dual tasks: they are of one shard
    if (piece === undefined || (this.#dual[0]?.piece.shard ?? piece.shard) !== piece.shard) return false;
    if (!this.#hasRoom(0, tileCount(order), order, 0)) return false;
    this.#dual.push({ row, piece });
    this.#dualTiles += tileCount(order);
    this.#dualRights += order;
    return true;
  }

  finish(): RowBatch {
    const tasks = this.#tasks();
    if (tasks.length === 0) {
      throw new AppError('gpu-out-of-memory', 'The graphics device has no room for the system of one row.', {
        values: { ...this.#room },
        remedy: 'Train with fewer factors, or on the CPU.',
      });
    }
    const fields = TASK_FIELDS.length;
    const orders = Uint32Array.from(
      { length: tasks.length / fields },
      (_, task) => tasks[task * fields + 1] ?? 0,
    );
    const rows = Uint32Array.from([...this.#primal, ...this.#dual], ({ row }) => row);
    const primalTiles = this.#slots * tileCount(this.#order);
    return {
      tasks,
      orders,
      rows,
      primal: this.#primal.length,
      primalTiles,
      tiles: primalTiles + this.#dualTiles,
      shard: this.#dual[0]?.piece.shard ?? 0,
      ...this.#segmentLists(),
      cost: this.cost,
    };
  }

  #hasRoom(slots: number, dualTiles: number, dualRights: number, segments: number): boolean {
    const allSlots = this.#slots + slots;
    return (
      allSlots * tileCount(this.#order) + this.#dualTiles + dualTiles <= this.#room.tiles &&
      allSlots * this.#order + this.#dualRights + dualRights <= this.#room.rights &&
      this.#primal.length + this.#dual.length < this.#room.tasks &&
      this.#segments + segments <= this.#room.segments
    );
  }

  #tasks(): Uint32Array<ArrayBuffer> {
    const { firstRidge, firstDestination } = this.#problem;
    const tasks = new Uint32Array((this.#primal.length + this.#dual.length) * TASK_FIELDS.length);
    let position = 0;
    const add = (region: number, order: number, right: number, row: number, piece: Piece | null): void => {
      const destination = firstDestination === null ? position : row - firstDestination;
      const own = row - firstRidge;
      const [begin, end, dual] = piece === null ? [0, 0, 0] : [piece.begin, piece.end, 1];
      // in the order of TASK_FIELDS
      tasks.set([region, order, right, own, destination, begin, end, dual], position * TASK_FIELDS.length);
      position++;
    };
    const order = this.#order;
    for (const { row, slot } of this.#primal) {
      add(slot * tileCount(order), order, slot * order, row, null);
    }
    let region = this.#slots * tileCount(order);
    let right = this.#slots * order;
    for (const { row, piece } of this.#dual) {
      const ownOrder = tileRows(piece.end - piece.begin);
      add(region, ownOrder, right, row, piece);
      region += tileCount(ownOrder);
      right += ownOrder;
    }
    return tasks;
  }

  #segmentLists(): Pick<RowBatch, 'segments' | 'rounds' | 'merges'> {
    const lists = [...this.#rounds.values()].sort((one, other) => one.round - other.round);
    const merged = this.#primal.filter(({ slots }) => slots > 1);
    const before = lists.reduce((total, { members }) => total + members.length, 0);
    const segments = new Uint32Array(before + merged.length * SEGMENT_MEMBERS);
    const rounds: SegmentRound[] = [];
    let at = 0;
    for (const { shard, part, members } of lists) {
      segments.set(members, at);
      rounds.push({ shard, part, first: at / SEGMENT_MEMBERS, count: members.length / SEGMENT_MEMBERS });
      at += members.length;
    }
    merged.forEach(({ slot, slots }, index) => {
      segments.set([slot, slot + slots, 0, 0], before + index * SEGMENT_MEMBERS);
    });
    return { segments, rounds, merges: { first: before / SEGMENT_MEMBERS, count: merged.length } };
  }
}
