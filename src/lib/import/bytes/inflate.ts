import { Gunzip, Inflate } from 'fflate';
import { fileError } from '../errors.ts';
import { checkRatio, type UnpackBudget } from './caps.ts';
import { crc32 } from './crc32.ts';
import type { Bytes } from './source.ts';

/** Packed bytes given to the unpacker at once: at most 1,032 times as much comes out. */
const STEP_BYTES = 16 * 1024;

export interface InflateLimits {
  readonly file: string;
  readonly budget: UnpackBudget;
}

interface Unpacker {
  push(chunk: Uint8Array, final?: boolean): void;
}

/**
 * Unpacks gzip, several members after one another too. Throws `import-invalid` for what is truncated or damaged, and
 * beyond the caps.
 */
export async function* gunzip(
  packed: AsyncIterable<Bytes>,
  limits: InflateLimits,
): AsyncGenerator<Bytes, void, undefined> {
  const tail = new Tail();
  let furtherMembers = 0;
  let crc = 0;
  let length = 0;
  const unpacker = (onData: (data: Bytes) => void): Unpacker => {
    const stream = new Gunzip((data) => onData(data));
    stream.onmember = () => (furtherMembers += 1);
    return stream;
  };
  for await (const chunk of unpack(tail.watch(packed), unpacker, limits)) {
    crc = crc32(crc, chunk);
    length += chunk.byteLength;
    yield chunk;
  }
  // of several, the checksum at the end is of the last alone, and fflate does not say where it began in what came out
  if (furtherMembers === 0 && (tail.uint32(0) !== crc || tail.uint32(4) !== length % 2 ** 32)) {
    throw damaged(limits.file);
  }
}

/** Unpacks a deflated ZIP member and compares it with the checksum and size of the directory. Throws as `gunzip`. */
export async function* inflate(
  packed: AsyncIterable<Bytes>,
  limits: InflateLimits,
  expected: { readonly crc: number; readonly size: number },
): AsyncGenerator<Bytes, void, undefined> {
  const unpacker = (onData: (data: Bytes) => void): Unpacker => new Inflate((data) => onData(data));
  yield* checked(unpack(packed, unpacker, limits), limits, expected);
}

/** Passes bytes on and throws `import-invalid` at their end where checksum or size are not the expected ones. */
export async function* checked(
  chunks: AsyncIterable<Bytes>,
  { file }: { readonly file: string },
  expected: { readonly crc: number; readonly size: number },
): AsyncGenerator<Bytes, void, undefined> {
  let crc = 0;
  let size = 0;
  for await (const chunk of chunks) {
    crc = crc32(crc, chunk);
    size += chunk.byteLength;
    yield chunk;
  }
  if (crc !== expected.crc || size !== expected.size) throw damaged(file);
}

async function* unpack(
  packed: AsyncIterable<Bytes>,
  unpackerOf: (onData: (data: Bytes) => void) => Unpacker,
  { file, budget }: InflateLimits,
): AsyncGenerator<Bytes, void, undefined> {
  let ready: Bytes[] = [];
  const unpacker = unpackerOf((data) => ready.push(data));
  let packedBytes = 0;
  let unpackedBytes = 0;
  const push = (part: Bytes, final: boolean): readonly Bytes[] => {
    ready = [];
    try {
      unpacker.push(part, final);
    } catch (cause) {
      throw damaged(file, cause);
    }
    packedBytes += part.byteLength;
    const bytes = ready.reduce((sum, { byteLength }) => sum + byteLength, 0);
    unpackedBytes += bytes;
    budget.spend(file, bytes);
    checkRatio(file, packedBytes, unpackedBytes);
    return ready;
  };
  for await (const chunk of packed) {
    for (let start = 0; start < chunk.byteLength; start += STEP_BYTES) {
      for (const data of push(chunk.subarray(start, start + STEP_BYTES), false)) {
        if (data.byteLength > 0) yield data;
      }
    }
  }
  for (const data of push(new Uint8Array(0), true)) if (data.byteLength > 0) yield data;
}

/** The last eight bytes of a stream: gzip's checksum and length. */
class Tail {
  #bytes: Uint8Array = new Uint8Array(0);

  async *watch(chunks: AsyncIterable<Bytes>): AsyncGenerator<Bytes, void, undefined> {
    for await (const chunk of chunks) {
      const joined = new Uint8Array([...this.#bytes, ...chunk.subarray(-8)]);
      this.#bytes = joined.subarray(-8);
      yield chunk;
    }
  }

  uint32(offset: number): number {
    const bytes = this.#bytes;
    if (bytes.byteLength < 8) return -1;
    return new DataView(bytes.buffer, bytes.byteOffset).getUint32(offset, true);
  }
}

function damaged(file: string, cause?: unknown): Error {
  return fileError(file, 'is truncated or damaged', 'Download or copy it again.', cause);
}
