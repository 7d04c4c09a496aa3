/**
 * The CPU engine on Gowalla: seconds an iteration takes and the share of the multiply-add ceiling that its row solver
 * reaches, then users ranked a second. Run by cpu-engine.mjs.
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

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

export async function run(): Promise<void> {
  const strengths = loadGowalla();
  if (strengths === null) {
    console.log('skipped: no gowalla/train.txt under FAIRSHELF_DATA');
    return;
  }
  const seen = strengths;
  for (const factors of [64, 128]) {
    for (const threads of [1, 2]) {
      const backend = await CpuBackend.open({ threads });
      const chosen = { factors, alpha: 1, unobservedWeight: 0.01, regularization: 0.003 };
      const hyperparameters = ialsHyperparameters(strengths, chosen);
      const fit = IalsFit.start(backend, strengths, hyperparameters, 1);
      const solver = timeSolver(backend);
      const seconds: number[] = [];
      const solving: number[] = [];
      const limits: number[] = [];
      for (let iteration = 0; iteration < ITERATIONS; iteration++) {
        limits.push(await ceiling());
        solver.seconds = 0;
        const began = performance.now();
        await fit.iterate();
        seconds.push((performance.now() - began) / 1_000);
        solving.push(solver.seconds);
      }
      const work = neededWork(strengths, factors) + neededWork(transpose(strengths), factors);
      const rate = work / median(solving) / threads;
      console.log(
        `${backend.name}, ${factors} factors: ${median(seconds).toFixed(3)} s an iteration, ` +
          `solver ${median(solving).toFixed(3)} s = ${(rate / 1e9).toFixed(1)} of ${(median(limits) / 1e9).toFixed(1)} ` +
          `G multiply-adds/s a thread (${((100 * rate) / median(limits)).toFixed(0)}%)`,
      );
      if (process.env['TOPK'] !== '0') {
        const users = await fit.foldIn(strengths);
        const marked = backend.uploadSparse(seen);
        const began = performance.now();
        await backend.topK({ users, itemFactors: fit.itemFactors, seen: marked, k: 20 });
        const elapsed = (performance.now() - began) / 1_000;
        console.log(`  top 20 of ${strengths.rows} users: ${(strengths.rows / elapsed).toFixed(0)} users/s`);
      }
      backend.dispose();
    }
  }
  console.log(`${availableParallelism()} cores, Node ${process.version}`);
}

function timeSolver(backend: CpuBackend): { seconds: number } {
  const total = { seconds: 0 };
  const solveRows = backend.solveRows.bind(backend);
  backend.solveRows = async (...call) => {
    const began = performance.now();
    await solveRows(...call);
    total.seconds += (performance.now() - began) / 1_000;
  };
  return total;
}
