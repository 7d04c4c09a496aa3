import type { TopK } from '../backend.ts';
import { runInSlices } from '../slices.ts';
import type { Crew } from './crew.ts';
import type { Eigenbasis } from './eigenbasis.ts';
import type { Seen } from './helper-protocol.ts';
import type { Kernels } from './kernels.ts';
import type { CpuMatrix, CpuSparse } from './matrix.ts';
import { partition, type Range } from './partition.ts';
import { WORD_BYTES } from './shapes.ts';
import { emptyTopK, topKSteps } from './top-k.ts';

/** A RankRequest in the memory of the kernels. */
export interface OwnRankRequest {
  readonly users: CpuMatrix;
  readonly itemFactors: CpuMatrix;
  readonly seen: CpuSparse | null;
  readonly k: number;
  /** See RankJob. */
  readonly basis: Eigenbasis | null;
}

/** Ranks all items for all users, shared with the helpers where it is worth it. */
export async function rankUsers(
  kernels: Kernels,
  crew: Crew,
  request: OwnRankRequest,
  signal: AbortSignal | undefined,
): Promise<TopK> {
  const { users, itemFactors, seen, k, basis } = request;
  const factors = users.columns;
  const own = async ({ first, last }: Range, stop: AbortSignal | undefined): Promise<TopK> => {
    const job = {
      users: users.address + first * factors * WORD_BYTES,
      userCount: last - first,
      itemFactors: itemFactors.address,
      itemCount: itemFactors.rows,
      factors,
      basis,
      seen: seen === null ? null : () => seenBy(seen, first, last),
    };
    const result = emptyTopK(last - first, k);
    await runInSlices(topKSteps(kernels, job, result), stop, 1);
    return result;
  };

  const helpers = await crew.for(users.rows * itemFactors.rows * factors);
  if (helpers === null) return own({ first: 0, last: users.rows }, signal);

  const ranges = partition(users.rows, helpers.count + 1, () => 1);
  const mine = ranges[0] ?? { first: 0, last: 0 };
  const [ownTop, parts] = await crew.together(
    (stop) => own(mine, stop),
    (stop) =>
      helpers.rank(
        ranges,
        ({ first, last }) => ({
          users: users.values.slice(first * factors, last * factors),
          itemFactors: itemFactors.values.slice(),
          factors,
          basis,
          k,
          seen: seen === null ? null : ownCopy(seenBy(seen, first, last)),
        }),
        stop,
      ),
    signal,
  );
  const result = emptyTopK(users.rows, k);
  for (const { range, result: part } of [{ range: mine, result: ownTop }, ...parts]) {
    result.items.set(part.items, range.first * k);
    result.scores.set(part.scores, range.first * k);
  }
  return result;
}

/** Views of what users [first, last) have seen. */
function seenBy(seen: CpuSparse, first: number, last: number): Seen {
  const { indptr, indices } = seen.csr;
  return { indptr: indptr.subarray(first, last + 1), indices };
}

function ownCopy({ indptr, indices }: Seen): Seen {
  const begin = indptr[0] ?? 0;
  return { indptr: indptr.map((at) => at - begin), indices: indices.slice(begin, indptr.at(-1)) };
}
