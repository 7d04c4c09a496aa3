import { IalsFit, type Factors } from '../ials/fit.ts';
import { ialsHyperparameters } from '../ials/hyperparameters.ts';
import { selectRows } from '../matrix/csr.ts';
import { normalMatrix } from '../matrix/random.ts';
import { repeat, resultOf, timed } from './measure.ts';
import type { BenchRequest, BenchResult } from './types.ts';
import { topKWork } from './work.ts';

/** Items of a list. */
const K = 20;
/** Users of a run: enough to fill a GPU, few enough for a p99 to be about something. */
const BATCH = 2048;
const SEED = 1;
/** After these the factors look like trained ones. */
const ITERATIONS = 3;

/** Which factors users are ranked by. */
export type RankedFactors = 'trained' | 'random';

/**
 * The 20 best items for batch after batch of users, what they have seen left out, until all users have had their
 * turn and there are as many runs as asked for. A run is the backend's `topK`, without the upload of its batch. The
 * factors are trained for a few iterations: an engine that leaves out items which cannot be among the best finds more
 * to leave out the more was learned. In `random` ones it finds next to nothing: its worst case.
 */
export async function benchTopK(
  request: BenchRequest,
  ranked: RankedFactors = 'trained',
): Promise<BenchResult> {
  const { device, data, factors, signal } = request;
  const { rows: users, columns: items, indices } = data.strengths;
  const { backend } = device;
  const batch = Math.min(BATCH, users);
  const batches = Math.ceil(users / batch);
  const made = ranked === 'trained' ? await trainedFactors(request) : randomFactors(users, items, factors);
  const { userFactors } = made;
  const itemFactors = backend.upload(items, factors, made.itemFactors);
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
      solver: ranked === 'trained' ? 'exact' : 'exact, random factors',
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

function randomFactors(users: number, items: number, factors: number): Factors {
  const scale = 1 / Math.sqrt(factors);
  return {
    userFactors: normalMatrix(users, factors, scale, SEED),
    itemFactors: normalMatrix(items, factors, scale, SEED + 1),
  };
}

async function trainedFactors({ device, data, factors, signal }: BenchRequest): Promise<Factors> {
  const fit = IalsFit.start(
    device.backend,
    data.strengths,
    ialsHyperparameters(data.strengths, { factors }),
    SEED,
  );
  try {
    for (let iteration = 0; iteration < ITERATIONS; iteration++) await fit.iterate(signal);
    return await fit.factors();
  } finally {
    fit.dispose();
  }
}
