import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256Hex } from '../lib/checksum.ts';
import { MANIFEST_FILE, manifestFingerprint, parseManifest } from '../lib/pack/manifest.ts';
import { SENTIMENT_FILE } from '../lib/pack/read-sentiment.ts';
import { PACK_FILE_KINDS, type PackManifest } from '../lib/pack/types.ts';
import { missingFile, verifyFile } from '../lib/pack/verify.ts';
import { writePack, type PackContent } from '../lib/pack/write.ts';

/** A pack in a folder that was found sound. */
export interface VerifiedPack {
  readonly manifest: PackManifest;
  readonly fingerprint: string;
  /** Of pack.json and all files. */
  readonly bytes: number;
}

/**
 * Writes a pack into a folder (made where it is missing), then reads it back and checks every row. Files of a pack that was
 * there before and are no part of this one go: what is not to be published must not lie beside what is.
 */
export async function writePackFolder(folder: string, content: PackContent): Promise<VerifiedPack> {
  const { manifestText, files } = await writePack(content);
  const manifest = parseManifest(manifestText);
  for (const file of files) await verifyFile(manifest, file);
  mkdirSync(folder, { recursive: true });
  for (const path of earlierFiles(folder)) rmSync(join(folder, path), { force: true });
  for (const { path, bytes } of files) writeFileSync(join(folder, path), bytes);
  // Last, so that an interrupted write leaves no manifest that promises what is not there.
  writeFileSync(join(folder, MANIFEST_FILE), manifestText);
  return verifyPackFolder(folder);
}

/**
 * Checks a pack in a folder: manifest, checksums, every row. Throws what the page would throw on loading it:
 * `pack-file-missing`, `pack-manifest-invalid`, `pack-checksum-mismatch`, `pack-row-invalid` and the like.
 */
export async function verifyPackFolder(folder: string): Promise<VerifiedPack> {
  const manifestText = read(folder, MANIFEST_FILE).toString('utf8');
  const manifest = parseManifest(manifestText);
  let bytes = Buffer.byteLength(manifestText);
  for (const kind of PACK_FILE_KINDS) {
    const entry = manifest.files[kind];
    if (entry === undefined) continue;
    const content = new Uint8Array(read(folder, entry.path));
    await verifyFile(manifest, { kind, bytes: content });
    bytes += content.byteLength;
  }
  return { manifest, fingerprint: await manifestFingerprint(manifestText), bytes };
}

/** What the manifest in a folder names, itself first; nothing where there is none that can be read. */
function earlierFiles(folder: string): readonly string[] {
  if (!existsSync(join(folder, MANIFEST_FILE))) return [];
  try {
    const { files } = parseManifest(read(folder, MANIFEST_FILE).toString('utf8'));
    return [MANIFEST_FILE, ...Object.values(files).map(({ path }) => path)];
  } catch {
    // somebody else's pack.json: it is overwritten, its files are none of ours
    return [];
  }
}

/**
 * Adds a trained sentiment model to a pack in a folder, or replaces the one it has, and checks the whole. The pack's
 * fingerprint changes. Throws as `verifyPackFolder`.
 */
export async function addSentiment(folder: string, model: string): Promise<VerifiedPack> {
  const manifestText = read(folder, MANIFEST_FILE).toString('utf8');
  parseManifest(manifestText);
  const bytes = new TextEncoder().encode(model);
  const entry = { path: SENTIMENT_FILE, sha256: await sha256Hex(bytes), bytes: bytes.byteLength, rows: 1 };
  // As it was written, unknown keys included.
  const manifest = JSON.parse(manifestText) as { files: Record<string, unknown> };
  manifest.files['sentiment'] = entry;
  writeFileSync(join(folder, SENTIMENT_FILE), bytes);
  writeFileSync(join(folder, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
  return verifyPackFolder(folder);
}

function read(folder: string, path: string): Buffer {
  try {
    return readFileSync(join(folder, path));
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    throw missing ? missingFile(path) : cause;
  }
}
