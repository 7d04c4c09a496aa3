import { fileError } from '../errors.ts';
import { MAX_FILES, MAX_ZIP_DIRECTORY_BYTES } from '../limits.ts';
import type { ByteSource } from '../types.ts';

/** Signatures of PKWARE's APPNOTE 6.3, 4.3. */
const LOCAL_HEADER = 0x04034b50;
const DIRECTORY_ENTRY = 0x02014b50;
const DIRECTORY_END = 0x06054b50;
const DIRECTORY_END_64 = 0x06064b50;
const DIRECTORY_LOCATOR_64 = 0x07064b50;

const LOCAL_HEADER_BYTES = 30;
const DIRECTORY_ENTRY_BYTES = 46;
const DIRECTORY_END_BYTES = 22;
const LOCATOR_BYTES = 20;
const MAX_COMMENT_BYTES = 65_535;
const NOT_HERE = 0xffffffff;
const ZIP64_FIELD = 1;

/** A member as the archive's directory names it. */
export interface ZipMember {
  /** Relative, with `/`; null where it leaves the archive (`../`, a drive, a leading slash). */
  readonly name: string | null;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly encrypted: boolean;
  readonly crc: number;
  readonly packedBytes: number;
  readonly bytes: number;
  /** Of the local header. */
  readonly offset: number;
}

/**
 * The files of a ZIP by the directory at its end, ZIP64 too; folders are left out. (fflate's streaming reader goes
 * through the whole archive for any one file.) Throws `import-invalid` where there is no sound directory.
 */
export async function zipMembers(source: ByteSource): Promise<readonly ZipMember[]> {
  const { entries, bytes, offset } = await directoryOf(source);
  if (bytes > MAX_ZIP_DIRECTORY_BYTES || entries > MAX_FILES) {
    throw fileError(
      source.name,
      `lists ${entries} files; at most ${MAX_FILES} are read`,
      'Import it in parts.',
    );
  }
  const directory = await source.slice(offset, offset + bytes);
  if (directory.byteLength !== bytes) throw broken(source);
  const view = new DataView(directory.buffer, directory.byteOffset, directory.byteLength);
  const members: ZipMember[] = [];
  for (let at = 0, entry = 0; entry < entries; entry++) {
    if (at + DIRECTORY_ENTRY_BYTES > bytes || view.getUint32(at, true) !== DIRECTORY_ENTRY) {
      throw broken(source);
    }
    const nameBytes = view.getUint16(at + 28, true);
    const extraBytes = view.getUint16(at + 30, true);
    const end = at + DIRECTORY_ENTRY_BYTES + nameBytes + extraBytes + view.getUint16(at + 32, true);
    if (end > bytes) throw broken(source);
    const member = memberAt(directory, view, at, nameBytes, extraBytes);
    if (member !== null) members.push(member);
    at = end;
  }
  return members;
}

/** Where a member's packed bytes begin. Throws `import-invalid` where its header is not there. */
export async function dataOffset(source: ByteSource, member: ZipMember): Promise<number> {
  const header = await source.slice(member.offset, member.offset + LOCAL_HEADER_BYTES);
  if (header.byteLength < LOCAL_HEADER_BYTES) throw broken(source);
  const view = new DataView(header.buffer, header.byteOffset);
  if (view.getUint32(0, true) !== LOCAL_HEADER) throw broken(source);
  const offset = member.offset + LOCAL_HEADER_BYTES + view.getUint16(26, true) + view.getUint16(28, true);
  if (offset + member.packedBytes > source.size) throw broken(source);
  return offset;
}

interface Directory {
  readonly entries: number;
  readonly bytes: number;
  readonly offset: number;
}

async function directoryOf(source: ByteSource): Promise<Directory> {
  const start = Math.max(0, source.size - DIRECTORY_END_BYTES - MAX_COMMENT_BYTES);
  const tail = await source.slice(start, source.size);
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  for (let at = tail.byteLength - DIRECTORY_END_BYTES; at >= 0; at--) {
    if (view.getUint32(at, true) !== DIRECTORY_END) continue;
    const found = {
      entries: view.getUint16(at + 10, true),
      bytes: view.getUint32(at + 12, true),
      offset: view.getUint32(at + 16, true),
    };
    const isZip64 = found.entries === 0xffff || found.bytes === NOT_HERE || found.offset === NOT_HERE;
    return isZip64 ? directory64(source, start + at) : found;
  }
  throw broken(source);
}

async function directory64(source: ByteSource, end: number): Promise<Directory> {
  const locator = await source.slice(Math.max(0, end - LOCATOR_BYTES), end);
  if (locator.byteLength < LOCATOR_BYTES) throw broken(source);
  const at = new DataView(locator.buffer, locator.byteOffset);
  if (at.getUint32(0, true) !== DIRECTORY_LOCATOR_64) throw broken(source);
  const offset = Number(at.getBigUint64(8, true));
  const record = await source.slice(offset, offset + 56);
  if (record.byteLength < 56) throw broken(source);
  const view = new DataView(record.buffer, record.byteOffset);
  if (view.getUint32(0, true) !== DIRECTORY_END_64) throw broken(source);
  return {
    entries: Number(view.getBigUint64(32, true)),
    bytes: Number(view.getBigUint64(40, true)),
    offset: Number(view.getBigUint64(48, true)),
  };
}

function memberAt(
  directory: Uint8Array,
  view: DataView,
  at: number,
  nameBytes: number,
  extraBytes: number,
): ZipMember | null {
  const nameAt = at + DIRECTORY_ENTRY_BYTES;
  const name = new TextDecoder().decode(directory.subarray(nameAt, nameAt + nameBytes));
  if (name.endsWith('/')) return null;
  const long = zip64Values(view, nameAt + nameBytes, extraBytes);
  const size = (field: number): number => {
    const value = view.getUint32(at + field, true);
    return value === NOT_HERE ? (long.shift() ?? value) : value;
  };
  // in the order in which the extra field keeps them
  const bytes = size(24);
  const packedBytes = size(20);
  const offset = size(42);
  return {
    name: safeName(name),
    method: view.getUint16(at + 10, true),
    encrypted: (view.getUint16(at + 8, true) & 1) === 1,
    crc: view.getUint32(at + 16, true),
    packedBytes,
    bytes,
    offset,
  };
}

function zip64Values(view: DataView, start: number, length: number): number[] {
  const end = start + length;
  for (let at = start; at + 4 <= end;) {
    const size = view.getUint16(at + 2, true);
    if (view.getUint16(at, true) === ZIP64_FIELD) {
      const values: number[] = [];
      for (let value = at + 4; value + 8 <= Math.min(at + 4 + size, end); value += 8) {
        values.push(Number(view.getBigUint64(value, true)));
      }
      return values;
    }
    at += 4 + size;
  }
  return [];
}

/** Nothing is ever written by these names; one that points outside tells of an archive made to do harm. */
function safeName(name: string): string | null {
  const path = name.replaceAll('\\', '/');
  const leaves = path.startsWith('/') || /^[A-Za-z]:/u.test(path) || path.split('/').includes('..');
  return leaves || path.includes('\0') ? null : path;
}

function broken(source: ByteSource): Error {
  return fileError(source.name, 'is no whole ZIP archive', 'Download or copy it again.');
}
