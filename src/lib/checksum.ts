import { AppError } from './errors.ts';

/**
 * What a checked record may hold: JSON's values and Float32Array. Anything else has no canonical bytes, so
 * `checksumOf` refuses it.
 */
type Canonical =
  | null
  | boolean
  | number
  | string
  | Float32Array<ArrayBuffer>
  | readonly Canonical[]
  | { readonly [key: string]: Canonical };

/** SHA-256 of the bytes as 64 lower-case hex digits. */
export async function sha256Hex(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * SHA-256 (hex) over the canonical bytes of every field of a record but its top-level `checksum`. The order of
 * keys does not matter; every value, its type and its length do. Throws `input-invalid` for a value that is not
 * null, boolean, number, string, array, plain object or Float32Array.
 */
export async function checksumOf(record: object): Promise<string> {
  const fields = Object.fromEntries(Object.entries(record).filter(([key]) => key !== 'checksum'));
  const parts: Uint8Array[] = [];
  encode(fields, 'record', parts);
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.byteLength;
  }
  return sha256Hex(bytes);
}

/**
 * Type-tagged, length-prefixed bytes, so that no two different values share an encoding: a tag letter, then
 * a length where the type has one, then the content. Numbers are little-endian on every device.
 */
function encode(value: unknown, path: string, parts: Uint8Array[]): void {
  if (value === null) parts.push(tag('n'));
  else if (typeof value === 'boolean') parts.push(tag(value ? 't' : 'f'));
  else if (typeof value === 'number') parts.push(tag('d'), float64(value));
  else if (typeof value === 'string') {
    const text = new TextEncoder().encode(value);
    parts.push(tag('s'), float64(text.byteLength), text);
  } else if (value instanceof Float32Array) {
    parts.push(tag('v'), float64(value.length), float32s(value));
  } else if (Array.isArray(value)) {
    parts.push(tag('a'), float64(value.length));
    value.forEach((entry, index) => encode(entry, `${path}[${index}]`, parts));
  } else if (isPlainObject(value)) {
    const keys = Object.keys(value).sort();
    parts.push(tag('o'), float64(keys.length));
    for (const key of keys) {
      encode(key, path, parts);
      encode(value[key], `${path}.${key}`, parts);
    }
  } else {
    throw new AppError('input-invalid', `No checksum for the value at ${path}.`, { values: { path } });
  }
}

function isPlainObject(value: unknown): value is Record<string, Canonical> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function tag(letter: string): Uint8Array {
  return new Uint8Array([letter.charCodeAt(0)]);
}

function float64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return bytes;
}

/** True on every machine browsers run on today; the slow way below keeps the checksum right on the others. */
const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

function float32s(values: Float32Array): Uint8Array {
  if (LITTLE_ENDIAN) return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const view = new DataView(new ArrayBuffer(values.byteLength));
  values.forEach((value, index) => view.setFloat32(4 * index, value, true));
  return new Uint8Array(view.buffer);
}
