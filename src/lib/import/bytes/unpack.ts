import { fileError, throwIfStopped } from '../errors.ts';
import { MAX_FILES, MAX_WHOLE_FILE_BYTES } from '../limits.ts';
import type { ByteSource, SkippedFile } from '../types.ts';
import type { UnpackBudget } from './caps.ts';
import { checked, gunzip, inflate } from './inflate.ts';
import { blobSource, chunksOf, type Bytes } from './source.ts';
import { dataOffset, zipMembers, type ZipMember } from './zip.ts';

/** A file as it is after unpacking. */
export interface PlainFile {
  readonly name: string;
  /** Packed bytes, by which progress is counted. */
  readonly packedBytes: number;
  /** The unpacked bytes from the beginning, as often as wanted; `onPacked` hears of packed bytes as they are read. */
  chunks(signal: AbortSignal | undefined, onPacked?: (bytes: number) => void): AsyncIterable<Bytes>;
  /** Any part of the unpacked bytes, for formats that are read from their end. */
  random(signal: AbortSignal | undefined): Promise<ByteSource>;
}

export interface UnpackedFiles {
  readonly files: readonly PlainFile[];
  readonly skipped: readonly SkippedFile[];
}

/** What computers put into folders and archives on their own. */
const CLUTTER = /(?:^|\/)(?:__MACOSX\/|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$)/u;
/** Files that describe a data set and are no part of it. */
const PAPERS =
  /(?:^|\/)(?:readme|licen[sc]e|changelog|citation|copying)[^/]*$|\.(?:md|pdf|html?|sh|pl|py|r|docx?|ipynb)$/iu;

/**
 * The files in what was given: gzip and ZIP are opened by their first bytes, not their names. Archives inside of
 * archives are left closed. Nothing is unpacked before it is read. Throws `import-invalid` for a broken archive.
 */
export async function unpackFiles(
  sources: readonly ByteSource[],
  budget: UnpackBudget,
): Promise<UnpackedFiles> {
  const files: PlainFile[] = [];
  const skipped: SkippedFile[] = [];
  for (const source of sources) {
    if (CLUTTER.test(source.name) || PAPERS.test(source.name)) continue;
    if (source.size === 0) {
      skipped.push({ name: source.name, reason: 'empty' });
      continue;
    }
    const head = await source.slice(0, 4);
    if (isZip(head)) {
      for (const member of await zipMembers(source)) {
        await addMember(source, member, budget, files, skipped);
      }
    } else {
      files.push(isGzip(head) ? gzipFile(source, budget) : plainFile(source));
    }
    if (files.length > MAX_FILES) {
      throw fileError(source.name, `more than ${MAX_FILES} files`, 'Import them in parts.');
    }
  }
  // an archive's own order is as good as chance
  files.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { files, skipped };
}

async function addMember(
  source: ByteSource,
  member: ZipMember,
  budget: UnpackBudget,
  files: PlainFile[],
  skipped: SkippedFile[],
): Promise<void> {
  if (member.name === null) {
    skipped.push({ name: `${source.name}/…`, reason: 'unsafe-name' });
    return;
  }
  if (CLUTTER.test(member.name) || PAPERS.test(member.name)) return;
  const name = `${source.name}/${member.name}`;
  if (member.encrypted) {
    skipped.push({ name, reason: 'encrypted' });
  } else if (member.bytes === 0) {
    skipped.push({ name, reason: 'empty' });
  } else {
    const file = memberFile(source, name, member, budget);
    const head = await headOf(file, 4);
    if (isZip(head)) skipped.push({ name, reason: 'nested-archive' });
    else files.push(isGzip(head) ? gzipMember(file, budget) : file);
  }
}

function plainFile(source: ByteSource): PlainFile {
  return {
    name: source.name,
    packedBytes: source.size,
    chunks: (signal, onPacked) => counted(chunksOf(source.stream(), signal), onPacked),
    random: () => Promise.resolve(source),
  };
}

function gzipFile(source: ByteSource, budget: UnpackBudget): PlainFile {
  const name = withoutSuffix(source.name);
  return packedFile(name, source.size, (signal, onPacked) =>
    gunzip(counted(chunksOf(source.stream(), signal), onPacked), { file: source.name, budget }),
  );
}

function gzipMember(file: PlainFile, budget: UnpackBudget): PlainFile {
  return packedFile(withoutSuffix(file.name), file.packedBytes, (signal, onPacked) =>
    gunzip(file.chunks(signal, onPacked), { file: file.name, budget }),
  );
}

function memberFile(source: ByteSource, name: string, member: ZipMember, budget: UnpackBudget): PlainFile {
  if (member.method !== 0 && member.method !== 8) {
    throw fileError(name, `is packed by method ${member.method}`, 'Pack the archive again, or unpack it.');
  }
  const expected = { crc: member.crc, size: member.bytes };
  return packedFile(name, member.packedBytes, async function* (signal, onPacked) {
    const start = await dataOffset(source, member);
    const packed = counted(sliced(source, start, start + member.packedBytes, signal), onPacked);
    yield* member.method === 0
      ? checked(packed, { file: name }, expected)
      : inflate(packed, { file: name, budget }, expected);
  });
}

function packedFile(name: string, packedBytes: number, chunks: PlainFile['chunks']): PlainFile {
  return { name, packedBytes, chunks, random: (signal) => wholeFile(name, chunks(signal)) };
}

/** Reads a packed file into memory. Throws `import-invalid` beyond the cap. */
async function wholeFile(name: string, chunks: AsyncIterable<Bytes>): Promise<ByteSource> {
  const parts: Bytes[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.byteLength;
    if (size > MAX_WHOLE_FILE_BYTES) {
      throw fileError(name, `is larger than ${MAX_WHOLE_FILE_BYTES} bytes unpacked`, 'Unpack it first.');
    }
    parts.push(chunk.slice());
  }
  return blobSource(new Blob(parts), name);
}

/** Bytes of a part of a source, some at a time. */
async function* sliced(
  source: ByteSource,
  start: number,
  end: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Bytes, void, undefined> {
  const step = 1024 * 1024;
  for (let at = start; at < end; at += step) {
    throwIfStopped(signal);
    yield await source.slice(at, Math.min(end, at + step));
  }
}

async function* counted(
  chunks: AsyncIterable<Bytes>,
  onPacked: ((bytes: number) => void) | undefined,
): AsyncGenerator<Bytes, void, undefined> {
  for await (const chunk of chunks) {
    onPacked?.(chunk.byteLength);
    yield chunk;
  }
}

/** The first bytes of a file, unpacked. */
export async function headOf(file: PlainFile, length: number, signal?: AbortSignal): Promise<Bytes> {
  const head = new Uint8Array(length);
  let filled = 0;
  for await (const chunk of file.chunks(signal)) {
    const part = chunk.subarray(0, length - filled);
    head.set(part, filled);
    filled += part.byteLength;
    if (filled === length) break;
  }
  return head.subarray(0, filled);
}

function withoutSuffix(name: string): string {
  return name.replace(/\.gz(?:ip)?$/iu, '');
}

function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

function isZip(head: Uint8Array): boolean {
  return head[0] === 0x50 && head[1] === 0x4b && (head[2] === 3 || head[2] === 5);
}
