import { AppError } from '../../errors.ts';
import { joined } from './bytes.ts';

/** Gzip by the browser's own compressor. */
export async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

/**
 * Unpacks gzip, and stops as soon as more than `limit` bytes come out: a few kilobytes can hold gigabytes. Rejects with
 * `backup-too-large` then, and with `backup-invalid` for what is no gzip.
 */
export async function gunzip(
  bytes: Uint8Array<ArrayBuffer>,
  limit: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read().catch((error: unknown) => {
      throw new AppError('backup-invalid', 'The backup does not unpack.', { cause: error });
    });
    if (done) break;
    length += value.byteLength;
    if (length > limit) {
      await reader.cancel();
      throw tooLarge(limit);
    }
    parts.push(value);
  }
  return joined(parts);
}

/** The refusal of what is larger than `limit` bytes. */
export function tooLarge(limit: number): AppError {
  return new AppError('backup-too-large', 'The file is too large for a backup.', {
    values: { limitMB: Math.floor(limit / 1e6) },
    remedy: 'Choose the file that this page saved.',
  });
}
