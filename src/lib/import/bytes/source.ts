import { throwIfStopped } from '../errors.ts';
import type { ByteSource } from '../types.ts';

export type Bytes = Uint8Array<ArrayBuffer>;

/** Passed on at once: some streams give a whole file in one chunk, and progress and cancel come between chunks. */
const STEP_BYTES = 512 * 1024;

/** A File or Blob of the page. `name` is the file's own, or its path below a dropped folder. */
export function blobSource(blob: Blob, name: string): ByteSource {
  return {
    name,
    size: blob.size,
    stream: () => blob.stream(),
    slice: async (start, end) => new Uint8Array(await blob.slice(start, end).arrayBuffer()),
  };
}

/** Bytes that are in memory already. */
export function bytesSource(name: string, bytes: Bytes): ByteSource {
  return blobSource(new Blob([bytes]), name);
}

/**
 * The chunks of a stream (not every browser iterates one). Ends the stream where the reader stops early. Throws
 * `cancelled` at the next chunk once `signal` is aborted.
 */
export async function* chunksOf(
  stream: ReadableStream<Bytes>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Bytes, void, undefined> {
  const reader = stream.getReader();
  let ended = false;
  try {
    for (;;) {
      throwIfStopped(signal);
      const { done, value } = await reader.read();
      if (done) {
        ended = true;
        return;
      }
      for (let start = 0; start < value.byteLength; start += STEP_BYTES) {
        throwIfStopped(signal);
        yield value.subarray(start, start + STEP_BYTES);
      }
    }
  } finally {
    if (!ended) await reader.cancel().catch(() => undefined);
  }
}
