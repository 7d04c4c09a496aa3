import { AppError } from '../../../errors.ts';
import type { SpawnedWorker } from '../../../rpc/index.ts';
import type { CsrMatrix } from '../../matrix/csr.ts';
import type { TopK } from '../backend.ts';
import type {
  HelperImprove,
  HelperImproved,
  HelperRank,
  HelperService,
  HelperSolve,
  HelperSolved,
} from './helper-protocol.ts';
import type { CpuSparse } from './matrix.ts';
import type { Range } from './partition.ts';
import { spawnHelper } from './spawn.ts';

/** Rows of a matrix that the helpers keep. */
interface Kept {
  readonly id: number;
  /** What the ranges were balanced for. */
  readonly balance: string;
  /** The caller's own range first, then one a helper. */
  readonly ranges: readonly Range[];
}

/** The engine's other threads. */
export class Helpers {
  readonly #workers: readonly SpawnedWorker<HelperService>[];
  readonly #kept = new Map<CpuSparse, Kept>();
  #nextId = 1;

  private constructor(workers: readonly SpawnedWorker<HelperService>[]) {
    this.#workers = workers;
  }

  get count(): number {
    return this.#workers.length;
  }

  /** Starts them. Rejects with `worker-died` where one cannot be. */
  static async start(count: number, module: WebAssembly.Module): Promise<Helpers> {
    const workers = await Promise.all(Array.from({ length: count }, spawnHelper));
    const helpers = new Helpers(workers);
    try {
      await Promise.all(workers.map(({ client }) => client.call('start', { module })));
    } catch (error) {
      helpers.terminate();
      throw error;
    }
    return helpers;
  }

  /**
   * Sends each helper its rows once, and again where `balance` changes; `cut` cuts them into one range more than there
   * are helpers. Returns the caller's range and the helpers'.
   */
  async keep(matrix: CpuSparse, balance: string, cut: () => readonly Range[]): Promise<readonly Range[]> {
    const known = this.#kept.get(matrix);
    if (known?.balance === balance) return known.ranges;
    if (known !== undefined) this.drop(matrix);
    const kept = { id: this.#nextId++, balance, ranges: cut() };
    this.#kept.set(matrix, kept);
    await this.#each(kept.ranges, (client, range) => {
      const rows = sliceRows(matrix.csr, range);
      const transfer = [rows.indptr.buffer, rows.indices.buffer, rows.data.buffer];
      return client.call('keep', { id: kept.id, rows }, { transfer });
    });
    return kept.ranges;
  }

  /** Forgets a matrix. */
  drop(matrix: CpuSparse): void {
    const kept = this.#kept.get(matrix);
    if (kept === undefined) return;
    this.#kept.delete(matrix);
    // nobody waits: a helper that cannot forget has died, and the next call says so
    for (const { client } of this.#workers) client.call('drop', { id: kept.id }).catch(() => undefined);
  }

  /** Solves the rows kept for `matrix`; `part` makes a helper's request. */
  solve(
    matrix: CpuSparse,
    part: (range: Range) => Omit<HelperSolve, 'id'>,
    signal: AbortSignal,
  ): Promise<{ readonly range: Range; readonly result: HelperSolved }[]> {
    const { id, ranges } = this.#keptOf(matrix);
    return this.#each(ranges, async (client, range) => {
      const request = { id, ...part(range) };
      const transfer = [request.rotated.buffer, request.ridge.buffer];
      return { range, result: await client.call('solve', request, { transfer, signal }) };
    });
  }

  /** Improves the rows kept for `matrix`; `part` makes a helper's request. */
  improve(
    matrix: CpuSparse,
    part: (range: Range) => Omit<HelperImprove, 'id'>,
    signal: AbortSignal,
  ): Promise<{ readonly range: Range; readonly result: HelperImproved }[]> {
    const { id, ranges } = this.#keptOf(matrix);
    return this.#each(ranges, async (client, range) => {
      const request = { id, ...part(range) };
      const transfer = [request.fixed.buffer, request.ridge.buffer, request.rows.buffer];
      return { range, result: await client.call('improve', request, { transfer, signal }) };
    });
  }

  /** Ranks users; `ranges` as from `keep`. */
  rank(
    ranges: readonly Range[],
    part: (range: Range) => HelperRank,
    signal: AbortSignal,
  ): Promise<{ readonly range: Range; readonly result: TopK }[]> {
    return this.#each(ranges, async (client, range) => {
      const request = part(range);
      const transfer = [request.users.buffer, request.itemFactors.buffer];
      if (request.seen !== null) transfer.push(request.seen.indptr.buffer, request.seen.indices.buffer);
      return { range, result: await client.call('rank', request, { transfer, signal }) };
    });
  }

  /** Ends them; calls under way reject with `cancelled`. */
  terminate(): void {
    this.#kept.clear();
    for (const worker of this.#workers) worker.terminate();
  }

  #keptOf(matrix: CpuSparse): Kept {
    const kept = this.#kept.get(matrix);
    if (kept === undefined) throw new AppError('internal', 'Rows that no helper keeps.');
    return kept;
  }

  #each<Result>(
    ranges: readonly Range[],
    work: (client: SpawnedWorker<HelperService>['client'], range: Range) => Promise<Result>,
  ): Promise<Result[]> {
    const calls = this.#workers.flatMap(({ client }, index) => {
      const range = ranges[index + 1];
      return range === undefined || range.first === range.last ? [] : [work(client, range)];
    });
    return Promise.all(calls);
  }
}

/** Copies of some rows, as a matrix of their own. */
export function sliceRows(matrix: CsrMatrix, { first, last }: Range): CsrMatrix {
  const begin = matrix.indptr[first] ?? 0;
  const end = matrix.indptr[last] ?? 0;
  return {
    rows: last - first,
    columns: matrix.columns,
    indptr: matrix.indptr.slice(first, last + 1).map((at) => at - begin),
    indices: matrix.indices.slice(begin, end),
    data: matrix.data.slice(begin, end),
  };
}
