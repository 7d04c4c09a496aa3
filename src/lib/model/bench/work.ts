/**
 * What the suites compute, counted from the shape of the data: a multiplication or an addition is one floating-point
 * operation, and of memory only what must move at least once. So a share of a ceiling is what an implementation
 * makes of the machine, and an algorithm that needs fewer operations shows in the time, not in the count.
 */
import { rowsWithEntries, type CsrMatrix } from '../matrix/csr.ts';

/** Work of one unit of a suite. */
export interface Work {
  readonly flops: number;
  readonly bytes: number;
}

/** Highest rates of a device, measured. */
export interface Ceiling {
  /** 10⁹ multiplications and additions of 32-bit numbers a second. */
  readonly gflops: number;
  /** 10⁹ bytes a second, read and written together, of copying. */
  readonly gbps: number;
}

/** Sizes that the work depends on. */
export interface DataShape {
  readonly users: number;
  readonly items: number;
  readonly interactions: number;
  /** Users and items with at least one interaction: the others are not solved. */
  readonly activeUsers: number;
  readonly activeItems: number;
}

const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;
/** A position and a value. */
const ENTRY_BYTES = 8;

export function shapeOf(matrix: CsrMatrix): DataShape {
  return {
    users: matrix.rows,
    items: matrix.columns,
    interactions: matrix.indices.length,
    activeUsers: rowsWithEntries(matrix),
    activeItems: columnsWithEntries(matrix),
  };
}

/** Without the transpose, which would take as much memory as the data. */
function columnsWithEntries({ columns, indices }: CsrMatrix): number {
  const touched = new Uint8Array(columns);
  for (const column of indices) touched[column] = 1;
  return touched.reduce((sum, one) => sum + one, 0);
}

/**
 * Both half-iterations of implicit ALS by exact solves, and the loss that belongs to an iteration. With k factors:
 *
 *   Gram matrices     (users + items) · k (k + 1)                       lower triangles, a product and a sum each
 *   row systems       2 · interactions · (k (k + 1) + 3k)               Σ w y yᵀ by (w y) yᵀ, Σ w p y
 *   Cholesky          solved rows · (k³/3 + k²/2 + k/6)
 *   substitution      solved rows · 2k²
 *   loss              interactions · (2k + 4) + (users + items) · (2k + 2) + 2k²
 *
 * Bytes: both directions of the interactions once for the solves and one for the loss; the factors of both sides
 * read for each half-iteration, and each side written once.
 */
export function ialsIterationWork(shape: DataShape, k: number): Work {
  const { users, items, interactions } = shape;
  const solved = shape.activeUsers + shape.activeItems;
  const gram = (users + items) * k * (k + 1);
  const systems = 2 * interactions * (k * (k + 1) + 3 * k);
  const solves = solved * (k ** 3 / 3 + k ** 2 / 2 + k / 6 + 2 * k ** 2);
  const loss = interactions * (2 * k + 4) + (users + items) * (2 * k + 2) + 2 * k ** 2;
  return {
    flops: gram + systems + solves + loss,
    bytes: 3 * interactions * ENTRY_BYTES + 3 * (users + items) * k * FLOAT_BYTES,
  };
}

/** Scores of all items for each user: users · items · 2k. The selection is comparisons and not counted. */
export function topKWork(users: number, items: number, k: number): Work {
  return { flops: users * items * 2 * k, bytes: (users + items) * k * FLOAT_BYTES };
}

/**
 * One exact fold-in against a Gram matrix that is there, and the scores of all items: events · (k (k + 1) + 3k)
 * + k³/3 + k²/2 + k/6 + 2k² + items · 2k. Bytes: the item factors once.
 */
export function foldInWork(events: number, items: number, k: number): Work {
  const system = events * (k * (k + 1) + 3 * k);
  const solve = k ** 3 / 3 + k ** 2 / 2 + k / 6 + 2 * k ** 2;
  return { flops: system + solve + items * 2 * k, bytes: items * k * FLOAT_BYTES };
}

/**
 * An epoch of the logistic factorization over all cells: the dot product and both gradients, users · items · 6k.
 * The sigmoids and Adam are not counted. Bytes: factors and Adam's two moments of both sides, read and written.
 */
export function logisticEpochWork({ activeUsers, items }: DataShape, k: number): Work {
  return { flops: activeUsers * items * 6 * k, bytes: 6 * (activeUsers + items) * k * FLOAT_BYTES };
}

/**
 * A fit of EASE over n items: XᵀX by Σ_u 2 n_u², and an inverse by n pivots, each a product and a sum for every entry
 * of the matrix: 2n³. Bytes: the matrix read and written once.
 */
export function easeWork({ indptr, columns }: CsrMatrix): Work {
  let gram = 0;
  for (let row = 0; row + 1 < indptr.length; row++)
    gram += 2 * ((indptr[row + 1] ?? 0) - (indptr[row] ?? 0)) ** 2;
  return { flops: gram + 2 * columns ** 3, bytes: 2 * columns ** 2 * FLOAT_BYTES };
}

/** Milliseconds that the ceilings allow for some work: arithmetic and memory overlap, the slower one counts. */
export function attainableMs({ flops, bytes }: Work, { gflops, gbps }: Ceiling): number {
  return Math.max(flops / gflops, bytes / gbps) / 1e6;
}
