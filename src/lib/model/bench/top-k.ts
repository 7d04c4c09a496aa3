import { selectRows } from '../matrix/csr.ts';
import { normalMatrix } from '../matrix/random.ts';
import { repeat, resultOf, timed } from './measure.ts';
import type { BenchRequest, BenchResult } from './types.ts';
import { topKWork } from './work.ts';

/** Items of a list. */
const K = 20;
/** Users of a run: enough to fill a GPU, few enough for a p99 to be about something. */
const BATCH = 2048;
const USER_SEED = 1;
const ITEM_SEED = 2;

/**
 * The 20 best items for batch after batch of users, what they have seen left out, until all users have had their
 * turn and there are as many runs as asked for. A run is the backend's `topK`, without the upload of its batch. The
 * factors are random: how fast a list is ranked does not depend on what was learned.
 */
export async function benchTopK(request: BenchRequest): Promise<BenchResult> {
  const { device, data, factors, signal } = request;
  const { rows: users, columns: items, indices } = data.strengths;
  const { backend } = device;
  const batch = Math.min(BATCH, users);
  const batches = Math.ceil(users / batch);
  const userFactors = normalMatrix(users, factors, 1, USER_SEED);
  const itemFactors = backend.upload(items, factors, normalMatrix(items, factors, 1, ITEM_SEED));
  let deviceBytes = 0;
  const timeBatch = async (run: number): Promise<number> => {
    // the last batch of a pass goes on with the first users: every run is of the same size
    const rows = Int32Array.from({ length: batch }, (_, at) => (run * batch + at) % users);
    const own = new Float32Array(batch * factors);
    rows.forEach((user, at) => {
      own.set(userFactors.subarray(user * factors, (user + 1) * factors), at * factors);
    });
    const uploaded = backend.upload(batch, factors, own);
    const seen = backend.uploadSparse(selectRows(data.strengths, rows));
    const milliseconds = await timed(() =>
      backend.topK({ users: uploaded, itemFactors, seen, k: K }, signal),
    );
    deviceBytes = Math.max(deviceBytes, backend.deviceBytes);
    uploaded.release();
    seen.release();
    return milliseconds;
  };
  try {
    const times = await repeat({ ...request, runs: Math.max(request.runs, batches) }, timeBatch);
    return resultOf(request, {
      suite: 'topk',
      solver: 'exact',
      users,
      items,
      interactions: indices.length,
      times,
      work: topKWork(batch, items, factors),
      usersPerRun: batch,
      deviceBytes,
    });
  } finally {
    itemFactors.release();
  }
}
