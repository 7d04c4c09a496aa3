import type { Backend } from '../backends/backend.ts';
import { CpuBackend } from '../backends/cpu.ts';
import { PlainBackend } from '../backends/plain.ts';
import { evaluateRankings } from '../evaluate/evaluate.ts';
import type { EntrySplit } from '../evaluate/split.ts';
import { IalsFit, type Factors } from '../ials/fit.ts';
import { CG_STEPS, ialsHyperparameters } from '../ials/hyperparameters.ts';
import type { BenchDevice } from './types.ts';
import { ialsIterationWork, shapeOf } from './work.ts';

/** Items of a list. */
const K = 20;
const SEED = 1;
/**
 * Floating-point operations of a training up to which the plain engine is the reference by itself, some minutes. An
 * iteration on Gowalla takes it about fifteen seconds with 64 factors, and with 128 six times as long.
 */
const PLAIN_FLOPS = 5e10;

/** `plain` sums and solves in 64 bits; `exact` is the CPU engine's exact solver; `auto` takes plain up to a size. */
export const QUALITY_REFERENCES = ['auto', 'plain', 'exact'] as const;

export interface QualityRequest {
  readonly device: BenchDevice;
  /** What it is called in the report. */
  readonly data: string;
  readonly split: EntrySplit;
  readonly factors: number;
  readonly reference: (typeof QUALITY_REFERENCES)[number];
  /** Of conjugate gradients, each count a training of its own; default: CG_STEPS. */
  readonly steps?: readonly number[];
  readonly signal?: AbortSignal;
}

/** How well a solver ranks what it was not told. */
export interface QualityResult {
  readonly deviceName: string;
  readonly data: string;
  readonly factors: number;
  readonly iterations: number;
  /** `reference`: an exact solver; `deviceName` says of which engine. */
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
 * Trains implicit ALS from one seed with the reference and with each solver of the device, for as many iterations, and
 * ranks for every user with targets. All are ranked by the device's exact top-k: what differs is the training. Calls
 * `onResult` after each, the reference first.
 */
export async function benchQuality(
  request: QualityRequest,
  onResult: (result: QualityResult) => void,
): Promise<void> {
  const { device } = request;
  const isPlain = request.reference === 'auto' ? isShort(request) : request.reference === 'plain';
  const ownExact = !isPlain && device.gpu === null;
  const other = ownExact ? null : isPlain ? new PlainBackend() : await CpuBackend.open({ threads: 1 });
  try {
    await compare(request, other ?? device.backend, ownExact, onResult);
  } finally {
    other?.dispose();
  }
}

/** True where the plain engine trains in some minutes. */
function isShort({ split: { train }, factors }: QualityRequest): boolean {
  const { iterations } = ialsHyperparameters(train, { factors });
  return iterations * ialsIterationWork(shapeOf(train), factors).flops <= PLAIN_FLOPS;
}

async function compare(
  request: QualityRequest,
  referenceBackend: Backend,
  ownExact: boolean,
  onResult: (result: QualityResult) => void,
): Promise<void> {
  const { device, data, split, factors, steps = [CG_STEPS] } = request;
  const runs = [
    { backend: referenceBackend, solver: 'reference', cgSteps: 0 } as const,
    ...(ownExact ? [] : [{ backend: device.backend, solver: 'exact', cgSteps: 0 } as const]),
    // a GPU solves exactly whatever it is asked for
    ...(device.gpu === null ? steps : []).map(
      (cgSteps) => ({ backend: device.backend, solver: 'cg', cgSteps }) as const,
    ),
  ];
  let reference: number | null = null;
  for (const { backend, solver, cgSteps } of runs) {
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
