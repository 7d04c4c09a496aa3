import { PREVIEW_ROWS } from './limits.ts';
import { openTables } from './open-tables.ts';
import { Reader } from './reader.ts';
import { recognise } from './recognise/recognise.ts';
import type { SourceTable } from './tables/table.ts';
import type {
  ByteSource,
  ImportOptions,
  ImportResult,
  InspectedTable,
  InspectOptions,
  Inspection,
} from './types.ts';

/**
 * Looks into files (those of a folder, archives, or single ones) and says what tables are in them and how they would be
 * read, without reading more than their beginnings. Throws `import-invalid` where nothing can be read, `cancelled`.
 */
export async function inspectFiles(
  sources: readonly ByteSource[],
  options: InspectOptions = {},
): Promise<Inspection> {
  const { tables, skipped } = await openTables(sources, options);
  const { mapping, recognised } = recognise(tables, options.kinds);
  return { tables: tables.map(inspected), skipped, mapping, recognised };
}

/**
 * Reads, cleans and packs files. Nothing is written anywhere: what cannot be imported leaves no trace. The same files give
 * the same content, in whatever order they come. Throws `import-invalid` naming file, line and value (with
 * `onProblem: 'stop'` for the first row that cannot be read), and `cancelled`.
 */
export async function importFiles(
  sources: readonly ByteSource[],
  options: ImportOptions = {},
): Promise<ImportResult> {
  const { tables, skipped } = await openTables(sources, options);
  const mapping = options.mapping ?? recognise(tables, options.kinds).mapping;
  const reader = new Reader(mapping, options, tables);
  await reader.readAll();
  return reader.finish(skipped);
}

function inspected(table: SourceTable): InspectedTable {
  const { name, format, delimiter, header, columns, sample, bytes } = table;
  const preview = sample.slice(0, PREVIEW_ROWS);
  return { name, format, encoding: table.encoding(), delimiter, header, columns, preview, bytes };
}
