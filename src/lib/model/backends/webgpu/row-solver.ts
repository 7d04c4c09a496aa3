import { AppError } from '../../../errors.ts';
import type { GpuContext } from '../../gpu/context.ts';
import { buildDualSystems, expandDualSolutions } from '../../kernels/dual-system/dual-system.ts';
import { multiply } from '../../kernels/multiply/multiply.ts';
import { addEntries, mergeSlots, SEGMENT_BYTES } from '../../kernels/row-system/row-system.ts';
import { solveSystems } from '../../kernels/row-solve/row-solve.ts';
import { RIGHT_BYTES, TASK_BYTES, TILE_BYTES, tileCount, tileRows } from '../../kernels/tiles.ts';
import { notPositiveDefinite } from '../shapes.ts';
import { throwIfCancelled } from '../slices.ts';
import { eigenbasisOf, type Eigenbasis } from './eigenbasis.ts';
import type { GpuMatrix, GpuSparse, LiveBuffers, MatrixPart } from './matrix.ts';
import type { Pace } from './pace.ts';
import {
  dualCost,
  longestFirst,
  nextBatch,
  primalCost,
  segmentEntries,
  termCost,
  type BatchRoom,
  type RowBatch,
  type RowProblem,
} from './row-batches.ts';

/** Most scratch that the systems in flight may take. */
const MAX_TILES_BYTES = 64 * 2 ** 20;
/** Rows in flight: enough for any GPU, and their solutions take 16 MiB at 128 factors. */
const MAX_TASKS = 32_768;
const U32_BYTES = Uint32Array.BYTES_PER_ELEMENT;
/** Milliseconds to read a Gram matrix back, and, times factors³, to decompose it. */
const READ_BACK_MS = 2;
const DECOMPOSE_MS = 1e-5;

/** How short rows are solved: in their entries, in their factors, or as pays off. */
export type ShortRows = 'dual' | 'primal' | 'auto';

/** RowSystem with the matrices of this backend. */
export interface GpuRowSystem {
  readonly observed: GpuSparse;
  readonly fixed: GpuMatrix;
  readonly gram: GpuMatrix;
  readonly unobservedWeight: number;
  readonly ridge: GpuMatrix;
  readonly solved: GpuMatrix;
}

/** What a solver works with. */
export interface RowSolverContext {
  readonly context: GpuContext;
  readonly live: LiveBuffers;
  /** Of the systems, and of turning Y into its eigenbasis. */
  readonly pace: Pace;
  readonly rotatePace: Pace;
  readonly shortRows: ShortRows;
}

/**
 * One half-iteration. Rows with at least as many entries as factors are solved in their factors. Shorter ones are
 * solved in their entries, with Y in the eigenbasis of its Gram matrix, where that saves more time than the
 * decomposition takes. Rejects with `matrix-not-positive-definite`, `cancelled`, `gpu-out-of-memory`, `gpu-lost`.
 */
export async function solveRows(
  { context, live, pace, rotatePace, shortRows }: RowSolverContext,
  system: GpuRowSystem,
  signal: AbortSignal | undefined,
): Promise<void> {
  throwIfCancelled(signal);
  const { gram, ridge } = system;
  for (const { buffer } of system.solved.parts) context.clear(buffer);
  const basis = wantsDual(system, pace, shortRows)
    ? await eigenbasisOf(context, live, rotatePace, { ...system, gram, leastRidge: ridge.least }, signal)
    : null;
  let scratch: Scratch | null = null;
  try {
    scratch = await Scratch.allocate(context, system, basis !== null);
    for (const range of rangesOf(system)) {
      await solveRange({ context, pace, system, basis, scratch, signal }, range);
    }
    const [failed] = new Uint32Array(await context.readBuffer(scratch.failures, U32_BYTES));
    if (failed !== 0) throw notPositiveDefinite({ pivots: failed ?? 0 });
  } finally {
    scratch?.release();
    basis?.release();
  }
}

/** Whether rows shorter than the factors are many enough to pay for the decomposition. */
function wantsDual({ observed, fixed }: GpuRowSystem, pace: Pace, shortRows: ShortRows): boolean {
  // rows of several parts have no dual system
  if (shortRows === 'primal' || fixed.parts.length > 1) return false;
  const factors = fixed.columns;
  let saved = 0;
  for (let row = 0; row < observed.rows; row++) {
    const entries = observed.entriesOf(row);
    if (entries > 0 && entries < factors) saved += primalCost(entries, factors) - dualCost(entries, factors);
  }
  if (shortRows === 'dual') return saved !== 0;
  return pace.millisecondsFor(saved) > READ_BACK_MS + DECOMPOSE_MS * factors ** 3;
}

/** Rows that one part of X, one part of the ridges and one first shard of their entries belong to. */
interface RowRange {
  readonly first: number;
  readonly last: number;
  readonly solved: MatrixPart;
  readonly ridge: MatrixPart;
}

function* rangesOf({ observed, solved, ridge }: GpuRowSystem): Generator<RowRange> {
  for (const part of solved.parts) {
    const end = part.first + part.rows;
    // parts of X lie within parts of the ridges, which are no wider
    const ridgePart = ridge.parts.find(({ first, rows }) => part.first < first + rows) ?? part;
    for (let first = part.first; first < end;) {
      const shard = Math.floor((observed.indptr[first] ?? 0) / observed.entriesPerShard);
      const last = firstRowFrom(observed.indptr, (shard + 1) * observed.entriesPerShard, first, end);
      yield { first, last, solved: part, ridge: ridgePart };
      first = last;
    }
  }
}

/** The first row after `low` whose entries begin at `offset` or later; `end` where there is none. */
function firstRowFrom(indptr: Int32Array, offset: number, low: number, end: number): number {
  let high = end;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((indptr[middle] ?? 0) < offset) low = middle;
    else high = middle;
  }
  return high;
}

interface RangeWork {
  readonly context: GpuContext;
  readonly pace: Pace;
  readonly system: GpuRowSystem;
  readonly basis: Eigenbasis | null;
  readonly scratch: Scratch;
  readonly signal: AbortSignal | undefined;
}

async function solveRange(work: RangeWork, range: RowRange): Promise<void> {
  const { context, pace, system, basis, scratch, signal } = work;
  const problem: RowProblem = {
    observed: system.observed,
    fixed: basis?.fixed ?? system.fixed,
    factors: system.fixed.columns,
    dual: basis !== null,
    firstRidge: range.ridge.first,
    firstDestination: basis === null ? range.solved.first : null,
  };
  const rows = longestFirst(system.observed, range.first, range.last);
  for (let begin = 0; begin < rows.length;) {
    const batch = nextBatch(problem, rows, begin, scratch.room, pace.budget);
    const started = performance.now();
    const spent = await submitBatch(work, range, batch);
    const longest = await context.settle();
    // a batch whose sums took several calls has learnt on its way
    if (spent === 0) pace.learn(batch.cost, performance.now() - started, longest);
    throwIfCancelled(signal);
    begin += batch.rows.length;
  }
}

/** Resolves to the multiply-adds that were waited for on the way. */
async function submitBatch(work: RangeWork, range: RowRange, batch: RowBatch): Promise<number> {
  const { context, system, basis, scratch } = work;
  const { blocks, columns: factors } = system.fixed;
  const { tiles, right, tasks, failures } = scratch;
  const solved = scratch.solutions ?? range.solved.buffer;
  context.write(tasks, batch.tasks);
  if (batch.segments.length > 0) context.write(scratch.segments, batch.segments);
  const spent = await sumEntries(work, range, batch);
  const count = batch.rows.length - batch.primal;
  const dual =
    basis === null || count === 0
      ? null
      : {
          input: {
            entries: system.observed.shard(batch.shard),
            fixed: basis.fixed.buffer,
            firstColumn: 0,
            eigenvalues: basis.eigenvalues.buffer,
            ridge: range.ridge.buffer,
            tasks,
            tiles,
            right,
            solved,
            blocks,
            unobservedWeight: system.unobservedWeight,
          },
          tasks: {
            first: batch.primal,
            count,
            firstTile: batch.primalTiles,
            tiles: batch.tiles - batch.primalTiles,
          },
        };
  if (dual !== null) await buildDualSystems(context, dual.input, dual.tasks);
  await solveSystems(context, { tasks, tiles, right, solved, failures, blocks }, batch.orders);
  if (dual !== null) await expandDualSolutions(context, dual.input, dual.tasks);
  if (basis !== null) {
    context.write(
      scratch.targets,
      batch.rows.map((row) => row - range.solved.first),
    );
    await multiply(context, {
      left: solved,
      small: basis.back.buffer,
      targets: scratch.targets,
      product: range.solved.buffer,
      first: 0,
      count: batch.rows.length,
      columns: factors,
    });
  }
  return spent;
}

/** Submits the systems of the rows solved in their factors; waits in between where one row takes long. */
async function sumEntries(
  { context, pace, system, basis, scratch, signal }: RangeWork,
  range: RowRange,
  batch: RowBatch,
): Promise<number> {
  const { columns: factors } = system.fixed;
  const fixed = basis?.fixed ?? system.fixed;
  const inputOf = (shard: number, part: number) => ({
    entries: system.observed.shard(shard),
    fixed: fixed.parts[part]?.buffer ?? fixed.buffer,
    firstColumn: fixed.parts[part]?.first ?? 0,
    gram: (basis?.gram ?? system.gram).buffer,
    ridge: range.ridge.buffer,
    segments: scratch.segments,
    tiles: scratch.tiles,
    right: scratch.right,
    factors,
    unobservedWeight: system.unobservedWeight,
  });
  let spent = 0;
  let cost = 0;
  let started = performance.now();
  for (const { shard, part, first, count } of batch.rounds) {
    for (let done = 0; done < count;) {
      const taken = segmentsFor(batch, first + done, count - done, termCost(factors), pace.budget);
      await addEntries(context, inputOf(shard, part), first + done, taken.count);
      done += taken.count;
      cost += taken.cost;
      if (cost < pace.budget) continue;
      const longest = await context.settle();
      pace.learn(cost, performance.now() - started, longest);
      throwIfCancelled(signal);
      spent += cost;
      cost = 0;
      started = performance.now();
    }
  }
  const { merges } = batch;
  if (merges.count > 0) await mergeSlots(context, inputOf(0, 0), merges.first, merges.count);
  return spent;
}

/** As many segments as the budget pays for, at least one. */
function segmentsFor(
  { segments }: RowBatch,
  first: number,
  most: number,
  costOfEntry: number,
  budget: number,
): { readonly count: number; readonly cost: number } {
  let count = 0;
  let cost = 0;
  while (count < most && (count === 0 || cost < budget)) {
    const at = 4 * (first + count);
    cost += ((segments[at + 1] ?? 0) - (segments[at] ?? 0)) * costOfEntry;
    count++;
  }
  return { count, cost };
}

/** Buffers that a half-iteration works in. */
class Scratch {
  readonly room: BatchRoom;
  readonly tiles: GPUBuffer;
  readonly right: GPUBuffer;
  readonly tasks: GPUBuffer;
  readonly segments: GPUBuffer;
  readonly targets: GPUBuffer;
  /** Solutions in the eigenbasis, a row a task; null where there is none. */
  readonly solutions: GPUBuffer | null;
  readonly failures: GPUBuffer;
  readonly #context: GpuContext;

  private constructor(context: GpuContext, tiles: GPUBuffer, room: BatchRoom, solutionBytes: number | null) {
    this.#context = context;
    this.room = room;
    this.tiles = tiles;
    this.right = context.createStorage('row-solve/right', room.rights * RIGHT_BYTES);
    this.tasks = context.createStorage('row-solve/tasks', room.tasks * TASK_BYTES);
    this.segments = context.createStorage('row-solve/segments', room.segments * SEGMENT_BYTES);
    this.targets = context.createStorage('row-solve/targets', room.tasks * U32_BYTES);
    this.solutions =
      solutionBytes === null
        ? null
        : context.createStorage('row-solve/solutions', room.tasks * solutionBytes);
    this.failures = context.createStorage('row-solve/failures', U32_BYTES);
  }

  /** Rejects with `gpu-out-of-memory` where the device has no room for the system of one row. */
  static async allocate(
    context: GpuContext,
    { observed, fixed }: GpuRowSystem,
    rotated: boolean,
  ): Promise<Scratch> {
    const order = tileRows(fixed.columns);
    const systemBytes = tileCount(order) * TILE_BYTES;
    const limit = Math.min(MAX_TILES_BYTES, context.maxBindingBytes);
    if (systemBytes > limit) {
      throw new AppError(
        'gpu-out-of-memory',
        'One row’s system is larger than this graphics device can bind.',
        {
          values: { bytes: systemBytes, limit },
          remedy: 'Train with fewer factors, or on the CPU.',
        },
      );
    }
    // a long row takes a slot for each of its segments
    const segment = segmentEntries(fixed.columns);
    const systems = observed.rows + Math.ceil(observed.entries / segment);
    const wanted = Math.max(systemBytes, Math.min(limit, systems * systemBytes));
    const tiles = await context.createStorageUpTo('row-solve/tiles', wanted, systemBytes);
    const tileRoom = Math.floor(tiles.size / TILE_BYTES);
    const solutionBytes = fixed.blocks * 16;
    const fitting = (bytes: number): number => Math.max(1, Math.floor(limit / bytes));
    const pieces = Math.ceil(observed.entries / segment) + observed.shards + fixed.parts.length;
    const tasks = Math.min(MAX_TASKS, observed.rows, tileRoom, fitting(TASK_BYTES), fitting(solutionBytes));
    const room: BatchRoom = {
      tiles: tileRoom,
      rights: Math.min(fitting(RIGHT_BYTES), tileRoom),
      tasks: Math.max(1, tasks),
      segments: Math.min(fitting(SEGMENT_BYTES), 2 * tasks + pieces),
    };
    return new Scratch(context, tiles, room, rotated ? solutionBytes : null);
  }

  release(): void {
    const { tiles, right, tasks, segments, targets, solutions, failures } = this;
    for (const buffer of [tiles, right, tasks, segments, targets, solutions, failures]) {
      if (buffer !== null) this.#context.destroyBuffer(buffer);
    }
  }
}
