import type { GpuContext } from '../gpu/context.ts';
import { WebGpuBackend } from '../backends/webgpu.ts';
import { evaluateRankings } from '../evaluate/evaluate.ts';
import { rankTopK } from '../evaluate/rank.ts';
import type { HeldOutUser } from '../evaluate/split.ts';
import type { SampledIalsOptions, SampledIalsPath } from '../gradient/sampled/sampled-ials.ts';
import { IalsFit, type Factors } from '../ials/fit.ts';
import { ialsHyperparameters } from '../ials/hyperparameters.ts';
import { rowLength, type CsrMatrix } from '../matrix/csr.ts';
import { Random } from '../matrix/random.ts';

const SEED = 1;
const K = 10;
/** Share of a user's items that are left out of training and looked for. */
const TARGET_SHARE = 0.2;

export interface TimeToQualityRequest {
  readonly gpu: GpuContext;
  readonly strengths: CsrMatrix;
  readonly factors: number;
  /** Iterations of iALS, whose best NDCG is what the others are to reach. */
  readonly iterations: number;
  /** Part of that NDCG that counts as reached, 0 to 1. */
  readonly share: number;
  readonly rivals: readonly SampledIalsPath[];
  /** Most epochs and most training seconds of a rival. */
  readonly maxEpochs: number;
  readonly maxSeconds: number;
  readonly sampling: Pick<SampledIalsOptions, 'learningRate' | 'batchSize' | 'drawn'>;
  readonly onPoint?: (name: string, point: CurvePoint) => void;
}

/** After an iteration: training time until then, evaluation not counted, and the quality. */
export interface CurvePoint {
  readonly iteration: number;
  readonly seconds: number;
  readonly ndcgAt10: number;
}

export interface TimeToQuality {
  readonly device: string;
  readonly users: number;
  readonly interactions: number;
  /** NDCG@10 of most interactions first. */
  readonly popularity: number;
  /** NDCG@10 that is to be reached. */
  readonly target: number;
  readonly ials: readonly CurvePoint[];
  readonly rivals: readonly {
    readonly path: SampledIalsPath;
    readonly curve: readonly CurvePoint[];
    /** Seconds to `target`; null where it was not reached. */
    readonly secondsToTarget: number | null;
    /**
     * The rival's seconds over iALS's to the same NDCG: `target`, or where that was not reached the rival's own
     * best, which is then a lower bound of the ratio at `target`.
     */
    readonly ratio: number;
    readonly ratioAt: number;
  }[];
}

/**
 * How long iALS by closed form and the same objective by gradient steps take on one device to one NDCG@10 of items
 * left out of each user's row, all others ranked. Kernels are compiled before the clock starts; ratios take the
 * first point at or above the quality.
 */
export async function timeToQuality(request: TimeToQualityRequest): Promise<TimeToQuality> {
  const { gpu, strengths, factors, iterations, share, rivals } = request;
  const { train, heldOut } = leaveOut(strengths, new Random(SEED));
  const hyper = ialsHyperparameters(train, { factors });
  const counts = new Float64Array(train.columns);
  for (const item of train.indices) counts[item] = (counts[item] ?? 0) + 1;
  const popularity = evaluateRankings(heldOut, ({ item }) => rankTopK(counts, item, K), K).ndcg;

  const backend = new WebGpuBackend(gpu);
  const startIals = (): IalsFit => IalsFit.start(backend, train, hyper, SEED);
  const warm = startIals();
  await warm.iterate();
  warm.dispose();
  const fit = startIals();
  const ials = await curveOf('ials', request, heldOut, iterations, Infinity, 0, {
    iterate: () => fit.iterate(),
    factors: () => fit.factors(),
  });
  fit.dispose();
  const target = share * Math.max(...ials.map(({ ndcgAt10 }) => ndcgAt10));

  const results: TimeToQuality['rivals'][number][] = [];
  for (const path of rivals) {
    const { SampledIals } = await import('../gradient/sampled/sampled-ials.ts');
    const { alpha, unobservedWeight, regularization, initialScale } = hyper;
    const objective = { factors, alpha, unobservedWeight, regularization, initialScale, seed: SEED };
    const options = { ...objective, ...request.sampling };
    const compile = await SampledIals.open(gpu, head(train), path, options);
    await compile.iterate();
    compile.dispose();
    const rival = await SampledIals.open(gpu, train, path, options);
    const curve = await curveOf(path, request, heldOut, request.maxEpochs, request.maxSeconds, target, rival);
    rival.dispose();
    const secondsToTarget = secondsTo(curve, target);
    const best = Math.max(...curve.map(({ ndcgAt10 }) => ndcgAt10));
    const ratioAt = secondsToTarget === null ? best : target;
    const ratio = (secondsTo(curve, ratioAt) ?? NaN) / (secondsTo(ials, ratioAt) ?? NaN);
    results.push({ path, curve, secondsToTarget, ratio, ratioAt });
  }
  backend.dispose();
  return {
    device: gpu.name,
    users: heldOut.length,
    interactions: train.indices.length,
    popularity,
    target,
    ials,
    rivals: results,
  };
}

interface Trained {
  iterate(): Promise<unknown>;
  factors(): Promise<Factors>;
}

/** Trains until the iterations or the seconds are spent, or `enough` is reached where that is above 0. */
async function curveOf(
  name: string,
  { onPoint, factors }: TimeToQualityRequest,
  heldOut: readonly HeldOutUser[],
  iterations: number,
  maxSeconds: number,
  enough: number,
  run: Trained,
): Promise<CurvePoint[]> {
  const curve: CurvePoint[] = [];
  let seconds = 0;
  for (let iteration = 1; iteration <= iterations && seconds < maxSeconds; iteration++) {
    const start = performance.now();
    await run.iterate();
    seconds += (performance.now() - start) / 1000;
    const ndcgAt10 = ndcgOf(await run.factors(), factors, heldOut);
    const point = { iteration, seconds, ndcgAt10 };
    curve.push(point);
    onPoint?.(name, point);
    if (enough > 0 && ndcgAt10 >= enough) break;
  }
  return curve;
}

/** Training seconds at the first point of at least this quality; null where there is none. */
function secondsTo(curve: readonly CurvePoint[], ndcg: number): number | null {
  return curve.find(({ ndcgAt10 }) => ndcgAt10 >= ndcg)?.seconds ?? null;
}

function ndcgOf(
  { userFactors, itemFactors }: Factors,
  factors: number,
  heldOut: readonly HeldOutUser[],
): number {
  const items = itemFactors.length / factors;
  const scores = new Float64Array(items);
  const ranking = ({ user, item }: HeldOutUser): Int32Array => {
    for (let i = 0; i < items; i++) {
      let sum = 0;
      for (let f = 0; f < factors; f++) {
        sum += (userFactors[user * factors + f] ?? 0) * (itemFactors[i * factors + f] ?? 0);
      }
      scores[i] = sum;
    }
    return rankTopK(scores, item, K);
  };
  return evaluateRankings(heldOut, ranking, K).ndcg;
}

/** Leaves a fifth of each user's items out of their row; users of fewer than five items keep all. */
function leaveOut(
  strengths: CsrMatrix,
  random: Random,
): { readonly train: CsrMatrix; readonly heldOut: readonly HeldOutUser[] } {
  const kept: number[] = [];
  const indptr = new Int32Array(strengths.rows + 1);
  const heldOut: HeldOutUser[] = [];
  for (let user = 0; user < strengths.rows; user++) {
    const begin = strengths.indptr[user] ?? 0;
    const length = rowLength(strengths, user);
    const entries = Array.from({ length }, (_, at) => begin + at);
    const targets = new Set(random.shuffle([...entries]).slice(0, Math.floor(TARGET_SHARE * length)));
    const own = entries.filter((entry) => !targets.has(entry));
    kept.push(...own);
    indptr[user + 1] = kept.length;
    if (targets.size === 0) continue;
    heldOut.push({
      user,
      item: Int32Array.from(own, (entry) => strengths.indices[entry] ?? 0),
      strength: Float32Array.from(own, (entry) => strengths.data[entry] ?? 0),
      targets: new Set(Array.from(targets, (entry) => strengths.indices[entry] ?? 0)),
    });
  }
  const indices = Int32Array.from(kept, (entry) => strengths.indices[entry] ?? 0);
  const data = Float32Array.from(kept, (entry) => strengths.data[entry] ?? 0);
  return { train: { ...strengths, indptr, indices, data }, heldOut };
}

/** The first row alone, in a matrix of the same shape: a step of the same size, for the kernels to be compiled. */
function head(matrix: CsrMatrix): CsrMatrix {
  const end = matrix.indptr[1] ?? 0;
  const indptr = new Int32Array(matrix.rows + 1).fill(end);
  indptr[0] = 0;
  return { ...matrix, indptr, indices: matrix.indices.slice(0, end), data: matrix.data.slice(0, end) };
}
