import { MAX_ROWS, MAX_SVG } from './limits.ts';
import { KEY_PATTERN } from './manifest.ts';
import { rowError } from './row-error.ts';
import { readColumns } from './cells.ts';
import { Table } from './table.ts';
import type { PackManifest } from './types.ts';

/** A document type may define entities that unfold without end. */
const DOCUMENT_TYPE = /<!(?:DOCTYPE|ENTITY)/iu;

/**
 * Reads art.parquet: SVG text by key. The texts stay untrusted: they may only be shown through `<img>`, where
 * scripts and foreign addresses do nothing, never put into the page. Throws `pack-file-invalid` or, for the
 * first bad row, `pack-row-invalid`.
 */
export async function readArt(
  bytes: Uint8Array<ArrayBuffer>,
  manifest: PackManifest,
): Promise<ReadonlyMap<string, string>> {
  const file = manifest.files.art?.path ?? '';
  const table = await Table.open(file, bytes, MAX_ROWS.art);
  const columns = await readColumns(table, ['key', 'svg'], []);
  const art = new Map<string, string>();
  for (let row = 0; row < table.rows; row++) {
    const key = columns.key[row];
    if (typeof key !== 'string' || !KEY_PATTERN.test(key) || art.has(key)) {
      throw rowError(file, row, 'key', key, 'Give every picture a lower-case key of its own.');
    }
    const svg = columns.svg[row];
    if (
      typeof svg !== 'string' ||
      svg.length > MAX_SVG ||
      !svg.startsWith('<svg') ||
      DOCUMENT_TYPE.test(svg)
    ) {
      throw rowError(
        file,
        row,
        'svg',
        svg,
        `Give an SVG that begins with <svg, has no document type and at most ${MAX_SVG} characters.`,
      );
    }
    art.set(key, svg);
  }
  return art;
}
