import type { CsrMatrix } from '../matrix/csr.ts';
import type { Split } from './splits.ts';

/** How an evaluation was done, as far as it can flatter a model. */
export interface Conduct {
  /** Items that each test item was ranked among; null for the full catalogue. */
  readonly candidates: number | null;
  /** True where test chose hyper-parameters or ended training. */
  readonly tunedOnTest: boolean;
}

export type LeakageKind = 'test-in-train' | 'future-in-train' | 'sampled-metrics' | 'tuned-on-test';

/** Why figures may be too good. */
export interface Leakage {
  readonly kind: LeakageKind;
  /** Entries concerned; candidates for `sampled-metrics`. */
  readonly count: number;
  /** One English sentence. */
  readonly message: string;
}

/** What would make the figures of a split look better than the model is; none where all is well. */
export function leakageOf({ train, test, testTimes, folded }: Split, conduct: Conduct): readonly Leakage[] {
  const found: Leakage[] = [];
  const shared = commonPairs(train.matrix, test) + (folded === null ? 0 : commonPairs(folded, test));
  if (shared > 0) {
    found.push({
      kind: 'test-in-train',
      count: shared,
      message: `${shared} test pairs are also in train; they are left out of the ranking, so they can only be missed.`,
    });
  }
  const future = futureEntries(train.timestamps, testTimes);
  if (future > 0) {
    found.push({
      kind: 'future-in-train',
      count: future,
      message: `${future} train events are later than the first test event: the model saw the future. A split by time does not.`,
    });
  }
  if (conduct.candidates !== null && conduct.candidates < test.columns) {
    found.push({
      kind: 'sampled-metrics',
      count: conduct.candidates,
      message: `Items were ranked among ${conduct.candidates} of ${test.columns}: sampled metrics do not order models as full ones do.`,
    });
  }
  if (conduct.tunedOnTest) {
    found.push({
      kind: 'tuned-on-test',
      count: test.indices.length,
      message: 'Hyper-parameters or the end of training were chosen on test: cut validation from train.',
    });
  }
  return found;
}

/** Pairs with an entry in both matrices of one shape. */
export function commonPairs(first: CsrMatrix, second: CsrMatrix): number {
  let common = 0;
  for (let row = 0; row < Math.min(first.rows, second.rows); row++) {
    let a = first.indptr[row] ?? 0;
    let b = second.indptr[row] ?? 0;
    const aEnd = first.indptr[row + 1] ?? 0;
    const bEnd = second.indptr[row + 1] ?? 0;
    while (a < aEnd && b < bEnd) {
      const difference = (first.indices[a] ?? 0) - (second.indices[b] ?? 0);
      if (difference === 0) common++;
      if (difference <= 0) a++;
      if (difference >= 0) b++;
    }
  }
  return common;
}

function futureEntries(trainTimes: Float64Array | null, testTimes: Float64Array | null): number {
  if (trainTimes === null || testTimes === null || testTimes.length === 0) return 0;
  const first = testTimes.reduce((least, time) => Math.min(least, time), Infinity);
  return trainTimes.reduce((count, time) => count + Number(time > first), 0);
}
