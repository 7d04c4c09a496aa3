import { AppError } from '../errors.ts';
import { UnpackBudget } from './bytes/caps.ts';
import { unpackFiles } from './bytes/unpack.ts';
import { throwIfStopped } from './errors.ts';
import { openTable } from './tables/open.ts';
import type { SourceTable } from './tables/table.ts';
import type { ByteSource, InspectOptions, SkippedFile } from './types.ts';

export interface OpenedTables {
  readonly tables: readonly SourceTable[];
  readonly skipped: readonly SkippedFile[];
}

/**
 * Opens every table in the files, in the order of their names. Throws `import-invalid` where there is none, `cancelled`.
 */
export async function openTables(
  sources: readonly ByteSource[],
  options: InspectOptions,
): Promise<OpenedTables> {
  // so that the order in which files are dropped or listed changes nothing
  const sorted = sources.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const { files, skipped } = await unpackFiles(sorted, new UnpackBudget());
  const totalBytes = files.reduce((sum, { packedBytes }) => sum + packedBytes, 0);
  const tables: SourceTable[] = [];
  const empty = [...skipped];
  let doneBytes = 0;
  for (const file of files) {
    throwIfStopped(options.signal);
    options.onProgress?.({ stage: 'inspect', file: file.name, doneBytes, totalBytes });
    const table = await openTable(file, options.signal);
    if (table === null) empty.push({ name: file.name, reason: 'not-a-table' });
    else tables.push(table);
    doneBytes += file.packedBytes;
  }
  if (tables.length > 0) return { tables, skipped: empty };
  const [first] = empty;
  throw new AppError('import-invalid', `${first?.name ?? 'The folder'} holds no table.`, {
    values: { file: first?.name ?? '', reason: first?.reason ?? 'empty' },
    remedy: 'Give CSV, TSV, JSON or Parquet, plain, gzipped or in a ZIP.',
  });
}
