import { AppError } from './errors.ts';

/** Number formats read here, and the bytes of one number. Bool, 64-bit integers and 8-bit floats are not. */
const BYTES = { F64: 8, F32: 4, F16: 2, BF16: 2, I32: 4, I8: 1 } as const;
export type TensorType = keyof typeof BYTES;

export interface Tensor {
  readonly dtype: TensorType;
  readonly shape: readonly number[];
  /** Little-endian, row-major. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface TensorFile {
  /** The file's `__metadata__`. */
  readonly metadata: ReadonlyMap<string, string>;
  readonly tensors: ReadonlyMap<string, Tensor>;
}

const LENGTH_BYTES = 8;
const ALIGNMENT = 8;
/** Far above what the tensors of a model need to be named. */
const MAX_HEADER_BYTES = 1_000_000;
const METADATA = '__metadata__';

/**
 * A safetensors file (github.com/huggingface/safetensors): 8 bytes of header length, a header of JSON, the data.
 * NumPy, PyTorch and others read it. Tensors follow each other in the given order.
 */
export function writeSafetensors({ metadata, tensors }: TensorFile): Uint8Array<ArrayBuffer> {
  let end = 0;
  const header: Record<string, unknown> = { [METADATA]: Object.fromEntries(metadata) };
  for (const [name, { dtype, shape, bytes }] of tensors) {
    header[name] = { dtype, shape, data_offsets: [end, end + bytes.length] };
    end += bytes.length;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  // the data begins at a multiple of 8; the format pads the header with spaces
  const headerBytes = Math.ceil(json.length / ALIGNMENT) * ALIGNMENT;
  const file = new Uint8Array(LENGTH_BYTES + headerBytes + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes), true);
  file.fill(0x20, LENGTH_BYTES, LENGTH_BYTES + headerBytes);
  file.set(json, LENGTH_BYTES);
  let at = LENGTH_BYTES + headerBytes;
  for (const { bytes } of tensors.values()) {
    file.set(bytes, at);
    at += bytes.length;
  }
  return file;
}

/**
 * Reads a safetensors file, every size checked. Throws `import-invalid` (values: place) saying what is wrong; tensors
 * of other number formats are an error only where they are asked for, so they are left out.
 */
export function readSafetensors(file: Uint8Array<ArrayBuffer>): TensorFile {
  if (file.length < LENGTH_BYTES) throw broken('length', 'is too short to be one');
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const headerBytes = Number(view.getBigUint64(0, true));
  if (headerBytes > MAX_HEADER_BYTES || LENGTH_BYTES + headerBytes > file.length) {
    throw broken('header', `says that its header has ${headerBytes} bytes`);
  }
  const data = file.subarray(LENGTH_BYTES + headerBytes);
  const tensors = new Map<string, Tensor>();
  let metadata: ReadonlyMap<string, string> = new Map();
  for (const [name, entry] of parseHeader(file.subarray(LENGTH_BYTES, LENGTH_BYTES + headerBytes))) {
    if (name === METADATA) {
      metadata = textsOf(entry);
      continue;
    }
    const tensor = tensorOf(name, entry, data);
    if (tensor !== null) tensors.set(name, tensor);
  }
  return { metadata, tensors };
}

/** A tensor's numbers as 32-bit floats; 16-bit ones are exact in them, 64-bit ones rounded. */
export function toFloats({ dtype, bytes }: Tensor): Float32Array<ArrayBuffer> {
  const count = bytes.length / BYTES[dtype];
  const floats = new Float32Array(count);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < count; at++) floats[at] = numberAt(view, dtype, at);
  return floats;
}

/** A tensor of 32-bit floats, or of 8-bit whole numbers. */
export function tensorOfValues(
  shape: readonly number[],
  values: Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Int8Array<ArrayBuffer>,
): Tensor {
  const dtype = values instanceof Float32Array ? 'F32' : values instanceof Int32Array ? 'I32' : 'I8';
  return { dtype, shape, bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength) };
}

function numberAt(view: DataView, dtype: TensorType, at: number): number {
  switch (dtype) {
    case 'F64':
      return view.getFloat64(8 * at, true);
    case 'F32':
      return view.getFloat32(4 * at, true);
    case 'F16':
      return fromHalf(view.getUint16(2 * at, true));
    case 'BF16':
      return fromBrainFloat(view.getUint16(2 * at, true));
    case 'I32':
      return view.getInt32(4 * at, true);
    case 'I8':
      return view.getInt8(at);
    default:
      return dtype satisfies never;
  }
}

/** IEEE 754 binary16: 1 bit of sign, 5 of exponent (bias 15), 10 of fraction. */
export function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** bfloat16: the upper half of a binary32. */
function fromBrainFloat(bits: number): number {
  const word = new DataView(new ArrayBuffer(4));
  word.setUint16(0, bits);
  return word.getFloat32(0);
}

function parseHeader(bytes: Uint8Array): readonly (readonly [string, unknown])[] {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw broken('header', 'has a header that is no JSON', cause);
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header)) {
    throw broken('header', 'has a header that is no object');
  }
  return Object.entries(header);
}

function tensorOf(name: string, entry: unknown, data: Uint8Array<ArrayBuffer>): Tensor | null {
  const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Record<string, unknown>;
  const type = (Object.keys(BYTES) as TensorType[]).find((known) => known === dtype);
  if (!isCounts(shape) || !isCounts(offsets) || offsets.length !== 2 || typeof dtype !== 'string') {
    throw broken(name, `does not describe the tensor ${name}`);
  }
  const [begin = 0, end = 0] = offsets;
  if (begin > end || end > data.length) throw broken(name, `ends before the tensor ${name} does`);
  if (type === undefined) return null;
  const count = shape.reduce((product, size) => product * size, 1);
  if (end - begin !== count * BYTES[type])
    throw broken(name, `has ${end - begin} bytes for ${count} numbers`);
  return { dtype: type, shape, bytes: data.subarray(begin, end) };
}

function isCounts(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

function textsOf(value: unknown): ReadonlyMap<string, string> {
  if (typeof value !== 'object' || value === null) throw broken(METADATA, 'has metadata that is no object');
  return new Map(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function broken(place: string, reason: string, cause?: unknown): AppError {
  return new AppError('import-invalid', `A safetensors file ${reason}.`, {
    values: { place },
    remedy: 'Write the file again, with the safetensors library of your language.',
    cause,
  });
}
