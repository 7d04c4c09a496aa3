import { sha256Hex } from '../checksum.ts';
import { AppError } from '../errors.ts';
import { readFactors } from './factors-file.ts';
import { fileError } from './row-error.ts';
import { readArt } from './read-art.ts';
import { readInteractions } from './read-interactions.ts';
import { readItems } from './read-items.ts';
import { readReviews } from './read-reviews.ts';
import { readSentiment } from './read-sentiment.ts';
import type { PackFileBytes, PackFileEntry, PackFileKind, PackManifest } from './types.ts';

/**
 * The manifest's entry of a file that must be there. Throws `pack-file-missing` where the manifest names none.
 */
export function requireEntry(manifest: PackManifest, kind: PackFileKind): PackFileEntry {
  const entry = manifest.files[kind];
  if (entry === undefined) throw missingFile(kind);
  return entry;
}

/** A file that the manifest, the server or the device does not have. */
export function missingFile(file: string): AppError {
  return new AppError('pack-file-missing', `The pack has no ${file}.`, {
    values: { file },
    remedy: 'Copy the whole folder of the pack, or write it again.',
  });
}

/** Checks bytes against the manifest. Throws `pack-checksum-mismatch` naming the file. */
export async function verifyChecksum(manifest: PackManifest, { kind, bytes }: PackFileBytes): Promise<void> {
  const entry = requireEntry(manifest, kind);
  const actual = bytes.byteLength === entry.bytes ? await sha256Hex(bytes) : null;
  if (actual === entry.sha256) return;
  throw new AppError('pack-checksum-mismatch', `${entry.path} is not the file that pack.json describes.`, {
    values: { file: entry.path, expected: entry.sha256, actual: actual ?? `${bytes.byteLength} bytes` },
    remedy: 'Load the pack again. If that does not help, its files were changed: write it again.',
  });
}

/**
 * Checks one file through and through: checksum, then every row. Throws as `verifyChecksum` and the readers do,
 * and `pack-file-invalid` where the number of rows is not the manifest's.
 */
export async function verifyFile(manifest: PackManifest, file: PackFileBytes): Promise<void> {
  await verifyChecksum(manifest, file);
  const entry = requireEntry(manifest, file.kind);
  const rows = await countRows(manifest, file);
  if (rows !== entry.rows) {
    throw fileError(
      entry.path,
      `has ${rows} rows, but pack.json says ${entry.rows}`,
      'Write the pack again.',
    );
  }
}

async function countRows(manifest: PackManifest, { kind, bytes }: PackFileBytes): Promise<number> {
  switch (kind) {
    case 'items':
      return (await readItems(bytes, manifest)).length;
    case 'art':
      return (await readArt(bytes, manifest)).size;
    case 'interactions':
      return (await readInteractions(bytes, manifest)).length;
    case 'reviews':
      return (await readReviews(bytes, manifest)).length;
    case 'factors': {
      const { itemFactors, factors } = readFactors(bytes, manifest);
      return itemFactors.length / factors;
    }
    case 'sentiment':
      readSentiment(bytes, manifest);
      return 1;
    default:
      return kind satisfies never;
  }
}
