import { sha256Hex } from '../../checksum.ts';
import { AppError } from '../../errors.ts';
import { MODEL_NAMES, type SavedArray, type SavedModel } from './model.ts';

/** Version of what stands in the metadata. */
const VERSION = '1';
const HEADER_BYTES = 8;
/** Far above what the arrays of a model need to be named. */
const MAX_HEADER = 1_000_000;

type Dtype = 'F32' | 'I32';

interface TensorEntry {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/**
 * A model as a safetensors file (8 bytes of header length, JSON, data; github.com/huggingface/safetensors), which
 * NumPy and PyTorch read. Kind, hyper-parameters, shape and a SHA-256 of the data stand in its `__metadata__`.
 */
export async function writeModel(model: SavedModel): Promise<Uint8Array<ArrayBuffer>> {
  const tensors: Record<string, TensorEntry> = {};
  let offset = 0;
  const arrays = Object.entries(model.arrays);
  for (const [name, { shape, values }] of arrays) {
    const dtype = values instanceof Float32Array ? 'F32' : 'I32';
    tensors[name] = { dtype, shape, data_offsets: [offset, offset + values.byteLength] };
    offset += values.byteLength;
  }
  const data = new Uint8Array(offset);
  let at = 0;
  for (const [, { values }] of arrays) {
    data.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
  }
  const metadata = {
    version: VERSION,
    kind: model.kind,
    hyperparameters: JSON.stringify(model.hyperparameters),
    users: String(model.users),
    items: String(model.items),
    sha256: await sha256Hex(data),
  };
  const json = JSON.stringify({ __metadata__: metadata, ...tensors });
  // the data has to begin at a multiple of 8; the format pads with spaces
  const header = new TextEncoder().encode(json.padEnd(Math.ceil(json.length / 8) * 8, ' '));
  const file = new Uint8Array(HEADER_BYTES + header.length + data.length);
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true);
  file.set(header, HEADER_BYTES);
  file.set(data, HEADER_BYTES + header.length);
  return file;
}

/** Back from `writeModel`, checked against its SHA-256. Throws `snapshot-corrupt` saying what is wrong. */
export async function readModel(file: Uint8Array<ArrayBuffer>): Promise<SavedModel> {
  if (file.length < HEADER_BYTES) throw corrupt('too short');
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  if (length > MAX_HEADER || HEADER_BYTES + length > file.length) throw corrupt('header length');
  const header = parseHeader(file.subarray(HEADER_BYTES, HEADER_BYTES + length));
  const data = file.slice(HEADER_BYTES + length);
  const metadata = textRecord(header['__metadata__']);
  if (metadata['version'] !== VERSION) throw corrupt(`version ${metadata['version'] ?? 'missing'}`);
  if ((await sha256Hex(data)) !== metadata['sha256']) throw corrupt('checksum');
  const kind = MODEL_NAMES.find((name) => name === metadata['kind']);
  if (kind === undefined) throw corrupt('kind');
  const arrays: Record<string, SavedArray> = {};
  for (const [name, entry] of Object.entries(header)) {
    if (name !== '__metadata__') arrays[name] = arrayOf(name, entry, data);
  }
  return {
    kind,
    hyperparameters: numberRecord(metadata['hyperparameters']),
    users: count(metadata['users'], 'users'),
    items: count(metadata['items'], 'items'),
    arrays,
  };
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof header === 'object' && header !== null) return header as Record<string, unknown>;
  } catch {
    // said below
  }
  throw corrupt('header');
}

function arrayOf(name: string, value: unknown, data: Uint8Array<ArrayBuffer>): SavedArray {
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Partial<TensorEntry>;
  const [begin = -1, end = -1]: readonly number[] = Array.isArray(offsets) ? offsets : [];
  const whole = (number: unknown): boolean => Number.isInteger(number) && (number as number) >= 0;
  if (!Array.isArray(shape) || !shape.every(whole) || (dtype !== 'F32' && dtype !== 'I32'))
    throw corrupt(name);
  const sizes: readonly number[] = shape;
  const length = sizes.reduce((product, size) => product * size, 1);
  if (!whole(begin) || begin % 4 !== 0 || end > data.length || end - begin !== 4 * length)
    throw corrupt(name);
  const values =
    dtype === 'F32'
      ? new Float32Array(data.buffer, data.byteOffset + begin, length)
      : new Int32Array(data.buffer, data.byteOffset + begin, length);
  return { shape: sizes, values };
}

function textRecord(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) throw corrupt('metadata');
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function numberRecord(text: string | undefined): Record<string, number> {
  let value: unknown;
  try {
    value = JSON.parse(text ?? '');
  } catch {
    throw corrupt('hyperparameters');
  }
  if (typeof value !== 'object' || value === null) throw corrupt('hyperparameters');
  const numbers: Record<string, number> = {};
  for (const [name, number] of Object.entries(value as Record<string, unknown>)) {
    if (typeof number !== 'number' || !Number.isFinite(number)) throw corrupt('hyperparameters');
    numbers[name] = number;
  }
  return numbers;
}

function count(text: string | undefined, name: string): number {
  if (text !== undefined && /^\d{1,10}$/u.test(text)) return Number(text);
  throw corrupt(name);
}

function corrupt(flaw: string): AppError {
  return new AppError('snapshot-corrupt', `The saved model is damaged (${flaw}).`, {
    values: { flaw },
    remedy: 'Train it again.',
  });
}
