import type { CsrMatrix } from '../../src/lib/model/matrix/csr.ts';
import { Random } from '../../src/lib/model/matrix/random.ts';

/** How large a made-up user–item matrix is. */
export interface Size {
  readonly users: number;
  readonly items: number;
  readonly interactions: number;
}

/**
 * A matrix of about this size, for sizes that no data at hand has: users have from none to twice the mean of
 * interactions, spread evenly over the items, each of strength 1.
 */
export function syntheticMatrix({ users, items, interactions }: Size): CsrMatrix {
  const random = new Random(1);
  const mean = interactions / users;
  const indices = new Int32Array(2 * interactions);
  const indptr = new Int32Array(users + 1);
  let entries = 0;
  for (let user = 0; user < users; user++) {
    const gap = items / Math.max(1, 2 * mean * random.uniform());
    // gaps between 1 and twice their mean keep columns ascending
    for (let item = Math.floor(gap * random.uniform()); item < items && entries < indices.length;) {
      indices[entries++] = item;
      item += Math.max(1, Math.round(2 * gap * random.uniform()));
    }
    indptr[user + 1] = entries;
  }
  return {
    rows: users,
    columns: items,
    indptr,
    indices: indices.slice(0, entries),
    data: new Float32Array(entries).fill(1),
  };
}
