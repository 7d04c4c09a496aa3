import { sha256Hex } from '../../checksum.ts';
import { AppError } from '../../errors.ts';
import { joined } from './bytes.ts';
import { readDocument, writeDocument } from './document.ts';
import { gunzip, gzip, tooLarge } from './gzip.ts';
import { decodeText, parseJson } from './json.ts';
import { decrypt, encrypt, freshSeal, type Seal, sealFrom } from './seal.ts';
import type { BackupContents, BackupReading } from './types.ts';

/** Largest file that is read, by `File.size` before a byte of it is. */
export const MAX_FILE_BYTES = 512e6;
/** Largest document in it, unpacked: 10^6 events take a quarter of this. */
export const MAX_DOCUMENT_BYTES = 500e6;

/** First bytes of a backup file; the next four are the length of its header, little-endian. */
const MAGIC = new TextEncoder().encode('FAIRSHLF');
const HEADER_AT = MAGIC.length + 4;
const MAX_HEADER_BYTES = 4_096;
/** Of the container; the document inside has a version of its own. */
const CONTAINER_VERSION = 1;

interface Header {
  readonly seal: Seal | null;
  /** Bytes of the packed document; those of packs follow. */
  readonly documentBytes: number;
  /** SHA-256 (hex) of all after the header; null where it is sealed: AES-GCM vouches for it. */
  readonly sha256: string | null;
}

/** A file that was recognised: its document is not read yet. */
export interface BackupFile {
  /** True where a passphrase is needed. */
  readonly sealed: boolean;
  /**
   * Unpacks, checks and reads it. Rejects with `backup-locked` for a wrong passphrase or a damaged sealed file,
   * `backup-invalid` for what is damaged or no backup, `backup-newer-version`, `backup-too-large`.
   */
  read(passphrase: string): Promise<BackupReading>;
}

/** A backup as the bytes of one file (docs/backup.md). A passphrase of null leaves it readable by anyone who has the file. */
export async function writeBackup(
  contents: BackupContents,
  passphrase: string | null,
): Promise<Uint8Array<ArrayBuffer>> {
  const { text, bytes } = writeDocument(contents);
  const packed = await gzip(new TextEncoder().encode(text));
  const body = joined([packed, ...bytes]);
  const seal = passphrase === null ? null : freshSeal();
  const header = headBytes({
    seal,
    documentBytes: packed.byteLength,
    sha256: seal === null ? await sha256Hex(body) : null,
  });
  return joined([
    header,
    seal === null || passphrase === null ? body : await encrypt(body, passphrase, seal, header),
  ]);
}

/** Reads a file that the visitor chose, refusing by its size what no backup is. Rejects with `backup-too-large`, `backup-invalid`. */
export async function openBackupFile(file: Blob): Promise<BackupFile> {
  if (file.size > MAX_FILE_BYTES) throw tooLarge(MAX_FILE_BYTES);
  return recogniseBackup(new Uint8Array(await file.arrayBuffer()));
}

/** Recognises the bytes of a backup, or of a JSON export. Throws `backup-invalid`, `backup-newer-version`. */
export function recogniseBackup(bytes: Uint8Array<ArrayBuffer>): BackupFile {
  if (!MAGIC.every((byte, index) => bytes[index] === byte)) {
    return {
      sealed: false,
      // Inside the promise: what is thrown rejects.
      read: () => Promise.resolve().then(() => readDocument(parseJson(decodeText(bytes)), new Uint8Array())),
    };
  }
  const { header, end } = readHeader(bytes);
  const head = bytes.slice(0, end);
  const { seal } = header;
  return {
    sealed: seal !== null,
    async read(passphrase) {
      const body = bytes.slice(end);
      if (seal !== null) return readBody(await decrypt(body, passphrase, seal, head), header);
      if ((await sha256Hex(body)) !== header.sha256) throw damaged('Its checksum does not fit.');
      return readBody(body, header);
    },
  };
}

async function readBody(body: Uint8Array<ArrayBuffer>, { documentBytes }: Header): Promise<BackupReading> {
  if (documentBytes > body.byteLength) throw damaged('Its document is cut off.');
  const text = decodeText(await gunzip(body.slice(0, documentBytes), MAX_DOCUMENT_BYTES));
  return readDocument(parseJson(text), body.slice(documentBytes));
}

function headBytes({ seal, documentBytes, sha256 }: Header): Uint8Array<ArrayBuffer> {
  const text = JSON.stringify({ container: CONTAINER_VERSION, documentBytes, seal, sha256 });
  const json = new TextEncoder().encode(text);
  const head = new Uint8Array(HEADER_AT + json.byteLength);
  head.set(MAGIC);
  new DataView(head.buffer).setUint32(MAGIC.length, json.byteLength, true);
  head.set(json, HEADER_AT);
  return head;
}

function readHeader(bytes: Uint8Array<ArrayBuffer>): { readonly header: Header; readonly end: number } {
  if (bytes.byteLength < HEADER_AT) throw damaged('It is cut off.');
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(MAGIC.length, true);
  const end = HEADER_AT + length;
  if (length > MAX_HEADER_BYTES || end > bytes.byteLength) throw damaged('Its header is cut off.');
  const value = parseJson(decodeText(bytes.slice(HEADER_AT, end)));
  const fields = (typeof value === 'object' && value !== null ? value : {}) as Readonly<
    Record<string, unknown>
  >;
  const { container, documentBytes, seal: rawSeal, sha256 } = fields;
  if (typeof container === 'number' && container > CONTAINER_VERSION) {
    throw new AppError('backup-newer-version', 'A newer version of this page made the backup.', {
      values: { version: container, newest: CONTAINER_VERSION },
      remedy: 'Reload the page to get the newer version.',
    });
  }
  const seal = rawSeal === null ? null : sealFrom(rawSeal);
  const isSound =
    container === CONTAINER_VERSION &&
    typeof documentBytes === 'number' &&
    Number.isSafeInteger(documentBytes) &&
    documentBytes >= 0 &&
    (rawSeal === null ? typeof sha256 === 'string' : seal !== null && sha256 === null);
  if (!isSound) throw damaged('Its header is not valid.');
  return { header: { seal, documentBytes, sha256: typeof sha256 === 'string' ? sha256 : null }, end };
}

function damaged(what: string): AppError {
  return new AppError('backup-invalid', `The backup is damaged. ${what}`, {
    remedy: 'Choose another copy of it. Nothing was changed.',
  });
}
