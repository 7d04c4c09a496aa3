import { encodingBeyondAscii, markedEncoding, unmarkedUtf16, type Encoding } from './encoding.ts';
import type { Bytes } from './source.ts';

/** What U+FFFD stands for: bytes that are no character. */
const UNREADABLE = '\uFFFD';
/** Looked at when the first byte beyond ASCII comes late in a file. */
const LOOKAHEAD_BYTES = 256 * 1024;

/**
 * Decodes a file's bytes piece by piece. The encoding is settled by a byte order mark or by the first bytes beyond
 * ASCII, wherever they come: a file's first megabyte may be plain ASCII in any of them.
 */
export class TextStream {
  #encoding: Encoding | null = null;
  #decoder: TextDecoder | null = null;
  #waiting: Bytes[] = [];
  #started = false;
  #unreadable = 0;

  /** The encoding; UTF-8 as long as all was ASCII. */
  get encoding(): Encoding {
    return this.#encoding ?? 'utf-8';
  }

  /** Places where bytes were no character of the encoding. */
  get unreadable(): number {
    return this.#unreadable;
  }

  async *decode(chunks: AsyncIterable<Bytes>): AsyncGenerator<string, void, undefined> {
    for await (const chunk of chunks) {
      const text = this.#push(chunk);
      if (text !== '') yield text;
    }
    const text = this.#end();
    if (text !== '') yield text;
  }

  #push(chunk: Bytes): string {
    if (this.#decoder !== null) return this.#count(this.#decoder.decode(chunk, { stream: true }));
    if (this.#started && this.#waiting.length === 0) {
      const text = asciiText(chunk);
      if (text !== null) return text;
    }
    this.#waiting.push(chunk);
    const waiting = this.#waiting.reduce((sum, { byteLength }) => sum + byteLength, 0);
    if (!this.#started) {
      if (waiting < 4) return '';
      const head = joined(this.#waiting);
      const encoding = markedEncoding(head)?.encoding ?? unmarkedUtf16(head.subarray(0, LOOKAHEAD_BYTES));
      this.#started = true;
      if (encoding !== null) return this.#settle(encoding);
    }
    const plain = asciiText(joined(this.#waiting));
    if (plain !== null) {
      this.#waiting = [];
      return plain;
    }
    return waiting < LOOKAHEAD_BYTES ? '' : this.#settle(encodingBeyondAscii(joined(this.#waiting)));
  }

  #end(): string {
    let text = '';
    if (this.#decoder === null) {
      const rest = joined(this.#waiting);
      text = this.#settle(markedEncoding(rest)?.encoding ?? encodingBeyondAscii(rest));
    }
    return text + this.#count(this.#decoder?.decode() ?? '');
  }

  #settle(encoding: Encoding): string {
    const waiting = joined(this.#waiting);
    this.#waiting = [];
    this.#encoding = encoding;
    // its byte order mark, where there is one, is left out by the decoder
    this.#decoder = new TextDecoder(encoding);
    return this.#count(this.#decoder.decode(waiting, { stream: true }));
  }

  #count(text: string): string {
    for (let at = text.indexOf(UNREADABLE); at !== -1; at = text.indexOf(UNREADABLE, at + 1))
      this.#unreadable += 1;
    return text;
  }
}

/**
 * The text of bytes that are all ASCII, the same in every encoding that is left; null of others. Engines decode UTF-8
 * fast, and it gives a character a byte for ASCII alone: longer sequences give fewer, broken ones U+FFFD.
 */
function asciiText(bytes: Bytes): string | null {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  return text.length === bytes.byteLength && !text.includes(UNREADABLE) ? text : null;
}

function joined(parts: readonly Bytes[]): Bytes {
  const [first] = parts;
  if (parts.length === 1 && first !== undefined) return first;
  const whole = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.byteLength;
  }
  return whole;
}
