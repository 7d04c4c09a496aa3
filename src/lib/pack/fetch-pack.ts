import { AppError } from '../errors.ts';
import { MAX_MANIFEST_BYTES } from './limits.ts';
import { MANIFEST_FILE, manifestFingerprint, parseManifest } from './manifest.ts';
import type { PackService } from './protocol.ts';
import type { PackFileBytes, PackFileKind, PackProgress } from './types.ts';
import { missingFile, verifyFile } from './verify.ts';

export interface FetchPackOptions {
  /** Folder of the pack: an absolute address, or a path from the root of `origin`. */
  readonly baseUrl: string;
  /** Files wanted; those that the pack does not have are left out of the result. */
  readonly files: readonly PackFileKind[];
  /** The only origin that is asked. */
  readonly origin: string;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: PackProgress) => void;
}

/**
 * Fetches and checks a pack. Throws `pack-unreachable` (network, foreign address), `pack-file-missing`,
 * `cancelled`, and whatever checking throws; nothing is returned unless all wanted files are sound.
 */
export async function fetchPack(options: FetchPackOptions): Promise<PackService['fetch']['result']> {
  const base = folderUrl(options.baseUrl, options.origin);
  const manifestBytes = await download(base, MANIFEST_FILE, MAX_MANIFEST_BYTES, options, (loadedBytes) =>
    options.onProgress({ file: 'manifest', loadedBytes, totalBytes: loadedBytes }),
  );
  const manifestText = new TextDecoder().decode(manifestBytes);
  const manifest = parseManifest(manifestText);

  const wanted = options.files.flatMap((kind) => {
    const entry = manifest.files[kind];
    return entry === undefined ? [] : [{ kind, entry }];
  });
  const totalBytes = wanted.reduce((sum, { entry }) => sum + entry.bytes, 0);
  const files: PackFileBytes[] = [];
  let done = 0;
  for (const { kind, entry } of wanted) {
    const bytes = await download(base, entry.path, entry.bytes, options, (loadedBytes) =>
      options.onProgress({ file: kind, loadedBytes: done + loadedBytes, totalBytes }),
    );
    const file = { kind, bytes };
    await verifyFile(manifest, file);
    if (options.signal.aborted) throw cancelled();
    files.push(file);
    done += entry.bytes;
  }
  return { manifestText, manifest, fingerprint: await manifestFingerprint(manifestText), files };
}

/** The folder as an address that ends in a slash. Throws `pack-unreachable` for another origin. */
function folderUrl(baseUrl: string, origin: string): URL {
  const folder = baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`;
  const url = URL.canParse(folder, origin) ? new URL(folder, origin) : null;
  if (url?.origin !== origin) {
    throw new AppError('pack-unreachable', 'Packs are only loaded from the shop’s own address.', {
      values: { url: baseUrl.slice(0, 200) },
      remedy: 'Put the pack’s folder beside the page.',
    });
  }
  return url;
}

/** Reads one file whole. Stops once more than `maxBytes` came: the checksum of what is returned cannot match. */
async function download(
  base: URL,
  path: string,
  maxBytes: number,
  { signal }: FetchPackOptions,
  onLoaded: (bytes: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const url = new URL(path, base).href;
  try {
    const response = await fetch(url, { signal, redirect: 'error', credentials: 'omit', cache: 'no-cache' });
    if (response.status === 404) throw missingFile(path);
    if (!response.ok || response.body === null) throw new Error(`status ${response.status}`);
    const chunks: Uint8Array[] = [];
    let loaded = 0;
    // A reader, since not every browser can iterate over a stream.
    const reader = response.body.getReader();
    while (loaded <= maxBytes) {
      const { done, value } = await reader.read();
      if (done) break;
      chunks.push(value);
      loaded += value.byteLength;
      onLoaded(loaded);
    }
    if (loaded > maxBytes) await reader.cancel();
    return join(chunks, loaded);
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (signal.aborted) throw cancelled();
    throw new AppError('pack-unreachable', `${path} could not be loaded.`, {
      values: { url, file: path },
      remedy: 'Check the connection and that the pack’s folder is complete, then try again.',
      cause: error,
    });
  }
}

function join(chunks: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return whole;
}

function cancelled(): AppError {
  return new AppError('cancelled', 'Loading the pack was cancelled.');
}
