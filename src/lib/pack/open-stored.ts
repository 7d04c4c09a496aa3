import type { InteractionColumns, Review } from '../types.ts';
import { manifestFingerprint, parseManifest } from './manifest.ts';
import { InteractionBuilder } from './interaction-builder.ts';
import type { StoredPackBytes } from './protocol.ts';
import { readFactors } from './factors-file.ts';
import { readArt } from './read-art.ts';
import { readInteractions } from './read-interactions.ts';
import { readItems } from './read-items.ts';
import { groupReviews, readReviews } from './read-reviews.ts';
import { readSentiment } from './read-sentiment.ts';
import type { PackCatalogue, PackFactors, PackFileBytes, PackFileKind, PackManifest } from './types.ts';
import { missingFile, requireEntry, verifyChecksum } from './verify.ts';

/**
 * The catalogue out of kept bytes. Art that was not kept leaves an empty map. Checksums are verified again: a
 * device's disk is an outside too. Throws as `verifyChecksum` and the readers do.
 */
export async function openCatalogue(stored: StoredPackBytes): Promise<PackCatalogue> {
  const manifest = parseManifest(stored.manifestText);
  const items = await readItems(await soundBytes(stored, manifest, 'items'), manifest);
  const hasArt = stored.files.some((file) => file.kind === 'art');
  const art = hasArt
    ? await readArt(await soundBytes(stored, manifest, 'art'), manifest)
    : new Map<string, string>();
  return { manifest, fingerprint: await manifestFingerprint(stored.manifestText), items, art };
}

/** The community's events out of kept bytes; none for a pack without a community. Throws as `openCatalogue`. */
export async function openInteractions(stored: StoredPackBytes): Promise<InteractionColumns> {
  const manifest = parseManifest(stored.manifestText);
  if (manifest.files.interactions === undefined) {
    return new InteractionBuilder().build(manifest.counts.users, manifest.counts.items);
  }
  return readInteractions(await soundBytes(stored, manifest, 'interactions'), manifest);
}

/** Reviews by item position out of kept bytes; none for a pack without reviews. Throws as `openCatalogue`. */
export async function openReviews(stored: StoredPackBytes): Promise<ReadonlyMap<number, readonly Review[]>> {
  const manifest = parseManifest(stored.manifestText);
  if (manifest.files.reviews === undefined) return new Map();
  return groupReviews(await readReviews(await soundBytes(stored, manifest, 'reviews'), manifest));
}

/** The shop's own model out of kept bytes; null for a pack without one. Throws as `openCatalogue`. */
export async function openFactors(stored: StoredPackBytes): Promise<PackFactors | null> {
  const manifest = parseManifest(stored.manifestText);
  if (manifest.files.factors === undefined) return null;
  return readFactors(await soundBytes(stored, manifest, 'factors'), manifest);
}

/** The text of the sentiment model out of kept bytes; null for a pack without one. Throws as `openCatalogue`. */
export async function openSentiment(stored: StoredPackBytes): Promise<string | null> {
  const manifest = parseManifest(stored.manifestText);
  if (manifest.files.sentiment === undefined) return null;
  return readSentiment(await soundBytes(stored, manifest, 'sentiment'), manifest);
}

async function soundBytes(
  stored: StoredPackBytes,
  manifest: PackManifest,
  kind: PackFileKind,
): Promise<PackFileBytes['bytes']> {
  const entry = requireEntry(manifest, kind);
  const file = stored.files.find((candidate) => candidate.kind === kind);
  if (file === undefined) throw missingFile(entry.path);
  await verifyChecksum(manifest, file);
  return file.bytes;
}
