import { TextStream } from '../bytes/decode.ts';
import { headOf, type PlainFile } from '../bytes/unpack.ts';
import { SAMPLE_BYTES } from '../limits.ts';
import { openDelimited } from './delimited.ts';
import { openJson } from './json.ts';
import { isParquet, openParquet } from './parquet.ts';
import { openRows } from './rows.ts';
import type { SourceTable } from './table.ts';

const MAX_NUL_SHARE = 0.02;

/** Opens the table in a file by what its beginning looks like; null where it is none. Throws `import-invalid`. */
export async function openTable(
  file: PlainFile,
  signal: AbortSignal | undefined,
): Promise<SourceTable | null> {
  if (isParquet(await headOf(file, 4, signal))) return openParquet(file, signal);
  const { text, whole, encoding } = await sampleOf(file, signal);
  if (isBinary(text)) return null;
  return (
    openJson(file, text, whole) ?? openRows(file, text, whole) ?? openDelimited(file, text, whole, encoding)
  );
}

/** Programs and pictures are full of zeros; a stray one in a cell is that cell's. */
function isBinary(text: string): boolean {
  return text.includes('\0') && text.split('\0').length > MAX_NUL_SHARE * text.length;
}

async function sampleOf(
  file: PlainFile,
  signal: AbortSignal | undefined,
): Promise<{ readonly text: string; readonly whole: boolean; readonly encoding: string }> {
  const stream = new TextStream();
  let text = '';
  for await (const chunk of stream.decode(file.chunks(signal))) {
    text += chunk;
    if (text.length >= SAMPLE_BYTES)
      return { text: text.slice(0, SAMPLE_BYTES), whole: false, encoding: stream.encoding };
  }
  return { text, whole: true, encoding: stream.encoding };
}
