import type { Backend } from '../backends/backend.ts';
import { PlainBackend } from '../backends/plain.ts';
import { evaluateRankings } from '../evaluate/evaluate.ts';
import type { EntrySplit } from '../evaluate/split.ts';
import { IalsFit, type Factors } from '../ials/fit.ts';
import { CG_STEPS, ialsHyperparameters } from '../ials/hyperparameters.ts';
import type { BenchDevice } from './types.ts';

/** Items of a list. */
const K = 20;
const SEED = 1;

export interface QualityRequest {
  readonly device: BenchDevice;
  /** What it is called in the report. */
  readonly data: string;
  readonly split: EntrySplit;
  readonly factors: number;
  readonly signal?: AbortSignal;
}

/** How well a solver ranks what it was not told. */
export interface QualityResult {
  readonly deviceName: string;
  readonly data: string;
  readonly factors: number;
  readonly iterations: number;
  /** `reference`: the plain engine, which sums and solves in 64 bits. */
  readonly solver: 'reference' | 'exact' | 'cg';
  /** 0: exact. */
  readonly cgSteps: number;
  /** Users with something to find. */
  readonly users: number;
  readonly ndcg: number;
  readonly recall: number;
  /** NDCG less the reference's; 0 of the reference. */
  readonly difference: number;
  /** The objective per observed interaction after the last iteration. */
  readonly loss: number;
}

/**
 * Trains implicit ALS from one seed with the plain 64-bit engine and with each solver of the device, for as many
 * iterations, and ranks for every user with targets. All are ranked by the device's exact top-k: what differs is the
 * training. Calls `onResult` after each, the reference first.
 */
export async function benchQuality(
  request: QualityRequest,
  onResult: (result: QualityResult) => void,
): Promise<void> {
  const { device, data, split, factors } = request;
  const plain = new PlainBackend();
  const runs = [
    { backend: plain, solver: 'reference', cgSteps: 0 },
    { backend: device.backend, solver: 'exact', cgSteps: 0 },
    { backend: device.backend, solver: 'cg', cgSteps: CG_STEPS },
  ] as const;
  let reference: number | null = null;
  for (const { backend, solver, cgSteps } of runs) {
    // an engine that solves exactly whatever it is asked for has one solver
    if (solver === 'cg' && backend.kind === 'webgpu') continue;
    const hyperparameters = ialsHyperparameters(split.train, { factors, cgSteps });
    const { loss, ...trained } = await train(backend, request, hyperparameters);
    const { users, ndcg, recall } = await rank(device.backend, request, trained);
    reference ??= ndcg;
    onResult({
      deviceName: backend.name,
      data,
      factors,
      iterations: hyperparameters.iterations,
      solver,
      cgSteps,
      users,
      ndcg,
      recall,
      difference: ndcg - reference,
      loss,
    });
  }
}

async function train(
  backend: Backend,
  { split, signal }: QualityRequest,
  hyperparameters: ReturnType<typeof ialsHyperparameters>,
): Promise<Factors & { readonly loss: number }> {
  const fit = IalsFit.start(backend, split.train, hyperparameters, SEED);
  try {
    let last = { loss: Number.NaN };
    for (let iteration = 0; iteration < hyperparameters.iterations; iteration++) {
      last = await fit.iterate(signal);
    }
    return { ...(await fit.factors()), ...last };
  } finally {
    fit.dispose();
  }
}

async function rank(
  backend: Backend,
  { split, factors, signal }: QualityRequest,
  { userFactors, itemFactors }: Factors,
) {
  const held = {
    users: backend.upload(split.train.rows, factors, userFactors),
    itemFactors: backend.upload(split.train.columns, factors, itemFactors),
    seen: backend.uploadSparse(split.train),
  };
  try {
    const { items } = await backend.topK({ ...held, k: K }, signal);
    const told = { item: new Int32Array(), strength: new Float32Array() };
    const heldOut = [...split.targets].map(([user, targets]) => ({ user, ...told, targets }));
    return evaluateRankings(heldOut, ({ user }) => items.subarray(user * K, (user + 1) * K), K);
  } finally {
    for (const matrix of Object.values(held)) matrix.release();
  }
}
