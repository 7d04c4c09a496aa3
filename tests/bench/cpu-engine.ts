/**
 * The CPU engine on Gowalla: seconds an iteration takes and the share of the multiply-add ceiling that its row solver
 * reaches, then users ranked a second. Each by the clock and, in brackets, by processor time of all threads, which
 * other programs disturb less. Run by cpu-engine.mjs.
 */
import { availableParallelism } from 'node:os';
import { CpuBackend } from '../../src/lib/model/backends/cpu.ts';
import { IalsFit } from '../../src/lib/model/ials/fit.ts';
import { ialsHyperparameters } from '../../src/lib/model/ials/hyperparameters.ts';
import { transpose, type CsrMatrix } from '../../src/lib/model/matrix/csr.ts';
import { relaxedSimd, simd } from './assembly/ceiling.ts?wasm-kernels';
import { loadGowalla } from './gowalla.ts';

const ITERATIONS = 5;

/** Multiply-adds a second that WebAssembly SIMD reaches on this machine now, the best of five tries. */
async function ceiling(): Promise<number> {
  const [relaxed, plain] = [relaxedSimd, simd].map((base64) => Buffer.from(base64, 'base64'));
  const bytes = WebAssembly.validate(relaxed!) ? relaxed! : plain!;
  const memory = new WebAssembly.Memory({ initial: 1 });
  const { instance } = await WebAssembly.instantiate(bytes, { env: { memory } });
  const multiplyAdds = instance.exports['multiplyAdds'] as (rounds: number) => number;
  const rounds = 10_000_000;
  let best = 0;
  for (let attempt = 0; attempt < 6; attempt++) {
    const began = performance.now();
    multiplyAdds(rounds);
    best = Math.max(best, (32 * rounds) / ((performance.now() - began) / 1_000));
  }
  return best;
}

/**
 * Multiply-adds that a half-iteration needs, rounded up nowhere: for each row the cheaper of its dual (n²k/2 + n³/6)
 * and its normal matrix (nk²/2 + k³/6), substitutions, and both rotations.
 */
function neededWork(matrix: CsrMatrix, k: number): number {
  let work = (matrix.rows + matrix.columns) * k * k;
  for (let row = 0; row < matrix.rows; row++) {
    const n = matrix.indptr[row + 1]! - matrix.indptr[row]!;
    const dual = (n * (n + 1) * k) / 2 + n ** 3 / 6 + 2 * n * k + n * n;
    const primal = (n * k * (k + 1)) / 2 + k ** 3 / 6 + n * k + k * k;
    work += Math.min(dual, primal);
  }
  return work;
}

/** Processor seconds of this process, all threads. */
const processorSeconds = (): number => process.cpuUsage().user / 1e6;

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

export async function run(): Promise<void> {
  const strengths = loadGowalla();
  if (strengths === null) {
    console.log('skipped: no gowalla/train.txt under FAIRSHELF_DATA');
    return;
  }
  for (const factors of [64, 128]) for (const threads of [1, 2]) await measure(strengths, factors, threads);
  console.log(`${availableParallelism()} cores, Node ${process.version}`);
}

async function measure(strengths: CsrMatrix, factors: number, threads: number): Promise<void> {
  const backend = await CpuBackend.open({ threads });
  const chosen = { factors, alpha: 1, unobservedWeight: 0.01, regularization: 0.003 };
  const fit = IalsFit.start(backend, strengths, ialsHyperparameters(strengths, chosen), 1);
  const solver = timeSolver(backend);
  const iterations: Time[] = [];
  const solves: Time[] = [];
  const limits: number[] = [];
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    limits.push(await ceiling());
    solver.clock = solver.processor = 0;
    iterations.push(await timed(() => fit.iterate()));
    solves.push({ ...solver });
  }
  const work = neededWork(strengths, factors) + neededWork(transpose(strengths), factors);
  const limit = median(limits);
  const share = (seconds: number): string => `${((100 * work) / seconds / limit).toFixed(0)}%`;
  const [clock, processor] = [medianOf(solves, 'clock'), medianOf(solves, 'processor')];
  console.log(
    `${backend.name}, ${factors} factors: ${medianOf(iterations, 'clock').toFixed(3)} s an iteration ` +
      `(${medianOf(iterations, 'processor').toFixed(3)} s), solver ${clock.toFixed(3)} s (${processor.toFixed(3)} s) = ` +
      `${share(clock * threads)} (${share(processor)}) of ${(limit / 1e9).toFixed(1)} G multiply-adds/s a thread`,
  );
  const users = await fit.foldIn(strengths);
  const seen = backend.uploadSparse(strengths);
  const ranking = await timed(() => backend.topK({ users, itemFactors: fit.itemFactors, seen, k: 20 }));
  console.log(
    `  top 20 of ${strengths.rows} users: ${(strengths.rows / ranking.clock).toFixed(0)} users/s ` +
      `(${(strengths.rows / ranking.processor).toFixed(0)} users/s)`,
  );
  backend.dispose();
}

/** Seconds. */
interface Time {
  clock: number;
  processor: number;
}

const medianOf = (times: readonly Time[], by: keyof Time): number => median(times.map((time) => time[by]));

async function timed(work: () => Promise<unknown>): Promise<Time> {
  const [began, used] = [performance.now(), processorSeconds()];
  await work();
  return { clock: (performance.now() - began) / 1_000, processor: processorSeconds() - used };
}

/** Adds up the time of all half-iterations from now on. */
function timeSolver(backend: CpuBackend): Time {
  const total = { clock: 0, processor: 0 };
  const solveRows = backend.solveRows.bind(backend);
  backend.solveRows = async (...call) => {
    let objective: number | null = null;
    const { clock, processor } = await timed(async () => {
      objective = await solveRows(...call);
    });
    total.clock += clock;
    total.processor += processor;
    return objective;
  };
  return total;
}
