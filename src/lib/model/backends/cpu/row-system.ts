import type { CpuMatrix, CpuSparse } from './matrix.ts';

/** A RowSystem in the memory of the kernels. */
export interface OwnRowSystem {
  readonly observed: CpuSparse;
  readonly fixed: CpuMatrix;
  readonly gram: CpuMatrix;
  readonly unobservedWeight: number;
  readonly ridge: CpuMatrix;
  readonly solved: CpuMatrix;
  /** 0 solves exactly. */
  readonly cgSteps: number;
}
