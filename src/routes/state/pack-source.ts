import { AppError } from '../../lib/errors.ts';
import type { PackService, StoredPackBytes } from '../../lib/pack/protocol.ts';
import { PACK_FILE_KINDS, type PackFileBytes, type PackFileKind } from '../../lib/pack/types.ts';
import type { RpcClient } from '../../lib/rpc/index.ts';
import type { PackRecord } from '../../lib/storage/types.ts';

/** The pack worker as the page uses it. */
export type PackReader = Pick<RpcClient<PackService>, 'call'>;

/** A folder below packs/: plain names, no way out of it. */
const PACK_PATH = /^[\w-]+(?:\.[\w-]+)*\/$/;

/** Bytes of the pack.json in a folder. Rejects with `pack-unreachable`, or `pack-file-missing`. */
export async function fetchManifestBytes(folder: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await (await fetchFile(new URL('pack.json', folder))).arrayBuffer());
}

/**
 * Addresses of the packs that the site offers (`packs/packs.json` below `baseUrl`), in its order; at least one.
 * Rejects with `pack-unreachable`, `pack-file-missing` or `pack-manifest-invalid`.
 */
export async function fetchPackFolders(baseUrl: string): Promise<readonly [string, ...string[]]> {
  const list = new URL('packs/packs.json', baseUrl);
  const paths = packPaths(await (await fetchFile(list)).text());
  const [first, ...rest] = paths.map((path) => new URL(path, list).href);
  if (first === undefined) {
    throw new AppError('pack-manifest-invalid', 'packs.json lists no pack.', {
      values: { file: 'packs.json' },
    });
  }
  return [first, ...rest];
}

async function fetchFile(url: URL): Promise<Response> {
  const file = url.pathname.split('/').at(-1) ?? '';
  let response: Response;
  try {
    response = await fetch(url, { cache: 'no-cache', credentials: 'omit' });
  } catch (cause) {
    throw new AppError('pack-unreachable', `${file} could not be fetched.`, { values: { file }, cause });
  }
  if (!response.ok) {
    throw new AppError('pack-file-missing', `The site has no ${file}.`, {
      values: { file, status: response.status },
      remedy: 'Put the pack where the page expects it, or serve one with --pack.',
    });
  }
  return response;
}

function packPaths(text: string): readonly string[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return [];
  }
  if (typeof parsed !== 'object' || parsed === null || !('packs' in parsed) || !Array.isArray(parsed.packs))
    return [];
  return parsed.packs.flatMap((entry: unknown) =>
    typeof entry === 'object' &&
    entry !== null &&
    'path' in entry &&
    typeof entry.path === 'string' &&
    PACK_PATH.test(entry.path)
      ? [entry.path]
      : [],
  );
}

/** A kept pack in the form that the pack worker reads; files of a kind this build does not know are left out. */
export function toStoredBytes(record: PackRecord): StoredPackBytes {
  const isKnown = (kind: string): kind is PackFileKind => PACK_FILE_KINDS.some((known) => known === kind);
  const files = record.files.flatMap(({ kind, bytes }): PackFileBytes[] =>
    isKnown(kind) ? [{ kind, bytes }] : [],
  );
  return { manifestText: record.manifestText, files };
}
