import { describe, expect, it } from 'vitest';
import { GpuMatrix, GpuSparse } from '../../../../../src/lib/model/backends/webgpu/matrix.ts';
import {
  longestFirst,
  nextBatch,
  type BatchRoom,
  type RowBatch,
  type RowProblem,
} from '../../../../../src/lib/model/backends/webgpu/row-batches.ts';
import type { GpuContext } from '../../../../../src/lib/model/gpu/context.ts';
import type { CsrMatrix } from '../../../../../src/lib/model/matrix/csr.ts';
import { GO_ON } from '../../../../../src/lib/model/kernels/row-system/row-system.ts';
import { randomSparse } from '../../support/random-matrices.ts';

/** Stands in for a device: plans need sizes only. */
function contextOf(maxBindingBytes: number): GpuContext {
  return {
    maxBindingBytes,
    createStorage: () => ({}),
    write: () => undefined,
  } as unknown as GpuContext;
}

function problemOf(matrix: CsrMatrix, factors: number, dual: boolean, maxBindingBytes: number): RowProblem {
  const context = contextOf(maxBindingBytes);
  return {
    observed: new GpuSparse(context, new Set(), matrix),
    fixed: new GpuMatrix(context, new Set(), matrix.columns, factors),
    factors,
    dual,
    firstRidge: 0,
    firstDestination: 0,
  };
}

function allBatches(problem: RowProblem, room: BatchRoom, budget: number): RowBatch[] {
  const rows = longestFirst(problem.observed, 0, problem.observed.rows);
  const batches: RowBatch[] = [];
  for (let begin = 0; begin < rows.length; begin += batches.at(-1)!.rows.length) {
    batches.push(nextBatch(problem, rows, begin, room, budget));
  }
  return batches;
}

/** Entries that the segments and the dual tasks of a batch take, as positions in the whole matrix. */
function entriesOf({ rounds, segments, tasks, primal, shard }: RowBatch, entriesPerShard: number): number[] {
  const ranges = rounds.flatMap(({ shard: of, first, count }) =>
    Array.from({ length: count }, (_, index) => {
      const at = 4 * (first + index);
      return [segments[at]! + of * entriesPerShard, segments[at + 1]! + of * entriesPerShard] as const;
    }),
  );
  for (let task = primal; 8 * task < tasks.length; task++) {
    const offset = shard * entriesPerShard;
    ranges.push([tasks[8 * task + 5]! + offset, tasks[8 * task + 6]! + offset]);
  }
  return ranges.flatMap(([begin, end]) => Array.from({ length: end - begin }, (_, index) => begin + index));
}

const ROOM: BatchRoom = { tiles: 4_000, rights: 1_000, tasks: 50, segments: 5_000 };

describe('nextBatch', () => {
  it.each([
    { dual: false, maxBindingBytes: 2 ** 27 },
    { dual: true, maxBindingBytes: 2 ** 27 },
    { dual: false, maxBindingBytes: 2_000 },
  ])(
    'takes every entry once (dual: $dual, bindings of $maxBindingBytes bytes)',
    ({ dual, maxBindingBytes }) => {
      const matrix = randomSparse(
        Array.from({ length: 120 }, (_, row) => (row === 60 ? 5_000 : (row * 13) % 50)),
        5_000,
        1,
      );
      const problem = problemOf(matrix, 20, dual, maxBindingBytes);
      const batches = allBatches(problem, ROOM, 1e6);
      const taken = batches.flatMap((batch) => entriesOf(batch, problem.observed.entriesPerShard));
      expect(taken.toSorted((one, other) => one - other)).toEqual(Array.from(matrix.indices.keys()));
      for (const { orders, tiles, primal, rows } of batches) {
        expect([...orders]).toEqual([...orders].sort((one, other) => other - one));
        expect(tiles).toBeLessThanOrEqual(ROOM.tiles);
        expect(rows.length).toBeLessThanOrEqual(ROOM.tasks);
        if (!dual) expect(primal).toBe(rows.length);
      }
      if (dual) expect(batches.some(({ primal, rows }) => primal < rows.length)).toBe(true);
    },
  );

  it('spreads a row of a million entries over slots that no two segments of a call share', () => {
    const entries = 1_000_000;
    const matrix: CsrMatrix = {
      rows: 1,
      columns: entries,
      indptr: Int32Array.of(0, entries),
      indices: Int32Array.from({ length: entries }, (_, column) => column),
      data: new Float32Array(entries).fill(1),
    };
    const [batch, ...others] = allBatches(problemOf(matrix, 64, false, 2 ** 28), ROOM, 1e6);
    expect(others).toEqual([]);
    const { rounds, segments, merges } = batch!;
    expect(merges.count).toBe(1);
    const used = new Set<number>();
    for (const { first, count } of rounds) {
      const slots = Array.from({ length: count }, (_, index) => segments[4 * (first + index) + 2]!);
      expect(new Set(slots).size).toBe(count);
      slots.forEach((slot, index) => {
        // only a slot that has begun goes on
        expect(segments[4 * (first + index) + 3] === GO_ON).toBe(used.has(slot));
      });
      for (const slot of slots) used.add(slot);
    }
    expect(used.size).toBe(64);
    expect([...segments.subarray(4 * merges.first)]).toEqual([0, 64, 0, 0]);
  });

  it('says so where not even one system has room', () => {
    const problem = problemOf(randomSparse([5], 10, 1), 64, false, 2 ** 27);
    expect(() => allBatches(problem, { ...ROOM, tiles: 35 }, 1e6)).toThrow(
      expect.objectContaining({ code: 'gpu-out-of-memory' }) as Error,
    );
  });
});
