import { AppError } from '../errors.ts';
import { MAX_SHOWN_PROBLEMS } from './limits.ts';
import type { ImportReport, ProblemReason, RowProblem } from './types.ts';

/** Collects what cannot be read: the first ones in full, the rest by number. With `stop`, the first one is an error. */
export class ProblemLog {
  readonly #stop: boolean;
  readonly #counts = new Map<ProblemReason, number>();
  readonly #shown: RowProblem[] = [];
  #total = 0;

  constructor(onProblem: 'skip' | 'stop') {
    this.#stop = onProblem === 'stop';
  }

  get total(): number {
    return this.#total;
  }

  /** Throws `import-invalid` where problems stop the import. */
  add(problem: RowProblem): void {
    if (this.#stop) throw problemError(problem);
    this.#total += 1;
    this.#counts.set(problem.reason, (this.#counts.get(problem.reason) ?? 0) + 1);
    if (this.#shown.length < MAX_SHOWN_PROBLEMS) this.#shown.push(problem);
  }

  /** A mark to which `back` returns: a file that is read again tells its problems again. */
  mark(): () => void {
    const [total, shown, counts] = [this.#total, this.#shown.length, [...this.#counts]];
    return () => {
      this.#total = total;
      this.#shown.length = shown;
      this.#counts.clear();
      for (const [reason, count] of counts) this.#counts.set(reason, count);
    };
  }

  report(): ImportReport['problems'] {
    return { total: this.#total, byReason: Object.fromEntries(this.#counts), shown: this.#shown };
  }
}

/** A row that cannot be read, as the error that ends an import. */
export function problemError({ file, line, column, value, reason, remedy }: RowProblem): AppError {
  const where = `${file}${line === 0 ? '' : `, line ${line}`}${column === '' ? '' : `, column ${column}`}`;
  return new AppError('import-invalid', `${where}: ${JSON.stringify(value)} is not valid.`, {
    values: { file, line, column, value, reason },
    remedy,
  });
}
