import type { CsrMatrix } from '../../matrix/csr.ts';
import { choleskySolve } from '../../matrix/cholesky.ts';
import { notPositiveDefinite } from '../shapes.ts';
import { addOuterProducts, ROWS_AT_ONCE } from './accumulate.ts';

/** A RowSystem's parts as plain arrays; `k` columns in `fixed`, `gram` and `solved`. */
export interface PlainRowSystem {
  readonly observed: CsrMatrix;
  readonly fixed: Float32Array;
  readonly gram: Float32Array;
  readonly unobservedWeight: number;
  readonly ridge: Float32Array;
  readonly solved: Float32Array;
  readonly k: number;
}

/**
 * Solves every row (see RowSystem), accumulating and factorizing in 64 bits. Yields between small pieces of
 * work, also inside a long row. Throws `matrix-not-positive-definite`.
 */
export function* rowSolveSteps(system: PlainRowSystem): Generator<void, void> {
  const { observed, solved, k } = system;
  const base = baseMatrix(system);
  const a = new Float64Array(k * k);
  const b = new Float64Array(k);
  const block = new Float64Array(ROWS_AT_ONCE * k);
  const weights = new Float64Array(ROWS_AT_ONCE);
  for (let row = 0; row < observed.rows; row++) {
    const begin = observed.indptr[row] ?? 0;
    const end = observed.indptr[row + 1] ?? 0;
    if (begin === end) {
      solved.fill(0, row * k, (row + 1) * k);
      continue;
    }
    // A = α0 G + ridge I
    a.set(base);
    for (let i = 0; i < k; i++) a[i * k + i] = (a[i * k + i] ?? 0) + (system.ridge[row] ?? 0);
    b.fill(0);
    for (let entry = begin; entry < end; entry += ROWS_AT_ONCE) {
      gather(system, entry, Math.min(end, entry + ROWS_AT_ONCE), block, weights, b);
      addOuterProducts(a, block, weights, k);
      yield;
    }
    if (!choleskySolve(a, b, k)) throw notPositiveDefinite({ row });
    solved.set(b, row * k);
    yield;
  }
}

function baseMatrix({ gram, unobservedWeight, k }: PlainRowSystem): Float64Array {
  const base = new Float64Array(k * k);
  for (let i = 0; i < base.length; i++) base[i] = unobservedWeight * (gram[i] ?? 0);
  return base;
}

/** Copies the factors of entries [begin, end) into `block`, their weights beside it, and adds w p y to b. */
function gather(
  { observed, fixed, k }: PlainRowSystem,
  begin: number,
  end: number,
  block: Float64Array,
  weights: Float64Array,
  b: Float64Array,
): void {
  weights.fill(0);
  for (let entry = begin; entry < end; entry++) {
    const at = (observed.indices[entry] ?? 0) * k;
    const slot = (entry - begin) * k;
    const signed = observed.data[entry] ?? 0;
    weights[entry - begin] = Math.abs(signed);
    const liked = Math.max(signed, 0);
    for (let i = 0; i < k; i++) {
      const value = fixed[at + i] ?? 0;
      block[slot + i] = value;
      b[i] = (b[i] ?? 0) + liked * value;
    }
  }
}
