import { throwIfStopped } from '../errors.ts';
import type { ByteSource } from '../types.ts';

export type Bytes = Uint8Array<ArrayBuffer>;

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
      yield value;
    }
  } finally {
    if (!ended) await reader.cancel().catch(() => undefined);
  }
}
