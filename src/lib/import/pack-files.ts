import { MAX_MANIFEST_BYTES } from '../pack/limits.ts';
import { MANIFEST_FILE, manifestFingerprint, parseManifest } from '../pack/manifest.ts';
import { PACK_FILE_KINDS, type PackFileBytes } from '../pack/types.ts';
import { missingFile, verifyFile } from '../pack/verify.ts';
import { UnpackBudget } from './bytes/caps.ts';
import type { Bytes } from './bytes/source.ts';
import { headOf, unpackFiles, type PlainFile } from './bytes/unpack.ts';
import type { FinishedPack } from './protocol.ts';
import type { ByteSource, InspectOptions } from './types.ts';

/**
 * The pack in files (a folder, or a ZIP of one), every file checked against pack.json and row by row; null where there is
 * no pack.json. Throws what checking a pack throws, `import-invalid` for a broken archive, `cancelled`.
 */
export async function readPackFiles(
  sources: readonly ByteSource[],
  { signal, onProgress }: InspectOptions,
): Promise<FinishedPack | null> {
  const { files } = await unpackFiles(sources, new UnpackBudget());
  const manifestFile = files.find(({ name }) => name === MANIFEST_FILE || name.endsWith(`/${MANIFEST_FILE}`));
  if (manifestFile === undefined) return null;
  const manifestText = new TextDecoder().decode(await wholeOf(manifestFile, MAX_MANIFEST_BYTES, signal));
  const manifest = parseManifest(manifestText);
  const folder = manifestFile.name.slice(0, -MANIFEST_FILE.length);
  const entries = PACK_FILE_KINDS.flatMap((kind) => {
    const entry = manifest.files[kind];
    return entry === undefined ? [] : [{ kind, entry }];
  });
  const totalBytes = entries.reduce((sum, { entry }) => sum + entry.bytes, 0);
  const verified: PackFileBytes[] = [];
  let doneBytes = 0;
  for (const { kind, entry } of entries) {
    onProgress?.({ stage: 'inspect', file: entry.path, doneBytes, totalBytes });
    const file = files.find(({ name }) => name === `${folder}${entry.path}`);
    if (file === undefined) throw missingFile(entry.path);
    const bytes = { kind, bytes: await wholeOf(file, entry.bytes, signal) };
    await verifyFile(manifest, bytes);
    verified.push(bytes);
    doneBytes += entry.bytes;
  }
  return { manifestText, manifest, fingerprint: await manifestFingerprint(manifestText), files: verified };
}

/** One byte beyond `maxBytes` is enough to tell that a file is not the one that is meant. */
async function wholeOf(file: PlainFile, maxBytes: number, signal: AbortSignal | undefined): Promise<Bytes> {
  return (await headOf(file, maxBytes + 1, signal)).slice();
}
