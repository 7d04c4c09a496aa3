import { AppError } from '../../../lib/errors.ts';

/** Item factors as another program wrote them. */
export interface FactorTable {
  /** Of each row; null where rows are told by their place alone. */
  readonly ids: readonly string[] | null;
  readonly rows: number;
  /** Latent dimensions. */
  readonly factors: number;
  /** Row-major, rows × factors. */
  readonly values: Float32Array<ArrayBuffer>;
}

/** A table of rows that came one by one. Throws `import-invalid` where one is of another length. */
export function tableOf(
  file: string,
  rows: readonly { readonly id: string; readonly values: ArrayLike<number> }[],
): FactorTable {
  const factors = rows[0]?.values.length ?? 0;
  if (factors === 0) throw factorError(file, 'holds no factors');
  const values = new Float32Array(rows.length * factors);
  rows.forEach((row, at) => {
    if (row.values.length !== factors) {
      throw factorError(file, `has ${row.values.length} numbers in row ${at + 1}, but ${factors} in row 1`);
    }
    values.set(row.values, at * factors);
  });
  return { ids: rows.map(({ id }) => id), rows: rows.length, factors, values };
}

export function factorError(file: string, reason: string, cause?: unknown): AppError {
  return new AppError('import-invalid', `${file} ${reason}.`, {
    values: { file, reason },
    remedy: 'See docs/factors.md for what is read and how to write it.',
    cause,
  });
}
