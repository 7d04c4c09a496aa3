import type { Kernels } from './kernels.ts';
import type { CpuMatrix, CpuSparse } from './matrix.ts';
import { WORK_PER_STEP } from './shapes.ts';

/** Σ |d| (p − xᵀy)² over the entries d. Yields between short steps, also inside a long row. */
export function* observedLossSteps(
  kernels: Kernels,
  observed: CpuSparse,
  left: CpuMatrix,
  right: CpuMatrix,
): Generator<void, number> {
  const k = left.columns;
  const perStep = Math.ceil(WORK_PER_STEP / (4 * k));
  let total = 0;
  for (let row = 0; row < observed.rows;) {
    const { indptr, indices, data } = observed.addresses;
    const starts = observed.csr.indptr;
    const begin = starts[row] ?? 0;
    let last = row + 1;
    while (last < observed.rows && (starts[last + 1] ?? 0) - begin <= perStep) last++;
    const end = starts[last] ?? 0;
    if (end - begin <= perStep) {
      total += kernels.observedLossOfRows(indptr, indices, data, row, last, left.address, right.address, k);
    } else {
      const x = left.address + row * k * 4;
      for (let from = begin; from < end; from += perStep) {
        total += kernels.observedLoss(
          indices,
          data,
          from,
          Math.min(end, from + perStep),
          x,
          right.address,
          k,
        );
        yield;
      }
    }
    row = last;
    yield;
  }
  return total;
}
