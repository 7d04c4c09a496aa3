import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TextStream } from '../../../../src/lib/import/bytes/decode.ts';
import { encodingBeyondAscii } from '../../../../src/lib/import/bytes/encoding.ts';
import type { Bytes } from '../support.ts';

/** Bytes of a text in GB18030, by turning the decoder round for the characters that occur. */
function gb18030(text: string): Bytes {
  const decoder = new TextDecoder('gb18030');
  const pairs = new Map<string, number[]>();
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      const character = decoder.decode(new Uint8Array([lead, trail]));
      if (character.length === 1 && !pairs.has(character)) pairs.set(character, [lead, trail]);
    }
  }
  return new Uint8Array(
    Array.from(text).flatMap((character) => pairs.get(character) ?? [character.charCodeAt(0)]),
  );
}

const latin1 = (text: string): Bytes => new Uint8Array(Buffer.from(text, 'latin1'));
const utf8 = (text: string): Bytes => new TextEncoder().encode(text);
const utf16 = (text: string): Bytes => new Uint8Array(Buffer.from(text, 'utf16le'));
const swapped = (bytes: Bytes): Bytes => new Uint8Array(Buffer.from(bytes).swap16());

async function decode(bytes: Bytes, step = bytes.byteLength) {
  const stream = new TextStream();
  async function* chunks() {
    for (let at = 0; at < bytes.byteLength; at += Math.max(1, step)) {
      yield await Promise.resolve(bytes.slice(at, at + Math.max(1, step)));
    }
  }
  let text = '';
  for await (const part of stream.decode(chunks())) text += part;
  return { text, encoding: stream.encoding, unreadable: stream.unreadable };
}

const CHINESE = '商品,评价\n手机,质量很好，物流也很快，下次还会再买。\n书籍,内容不错\n';
const FRENCH = 'id,title\n1,Amélie à la plage\n2,Müller & Söhne\n3,Les Misérables (1995)\n';

describe('TextStream', () => {
  it.each<[string, Bytes, string, string]>([
    ['UTF-8', utf8(CHINESE), 'utf-8', CHINESE],
    ['UTF-8 with a mark', utf8(`\uFEFF${CHINESE}`), 'utf-8', CHINESE],
    ['UTF-16 LE with a mark', utf16(`\uFEFF${CHINESE}`), 'utf-16le', CHINESE],
    ['UTF-16 BE with a mark', swapped(utf16(`\uFEFF${CHINESE}`)), 'utf-16be', CHINESE],
    ['UTF-16 LE without', utf16(FRENCH), 'utf-16le', FRENCH],
    ['UTF-16 BE without', swapped(utf16(FRENCH)), 'utf-16be', FRENCH],
    ['GB18030', gb18030(CHINESE), 'gb18030', CHINESE],
    ['Latin-1', latin1(FRENCH), 'windows-1252', FRENCH],
    ['ASCII', utf8('a,b\n1,2\n'), 'utf-8', 'a,b\n1,2\n'],
    ['nothing', new Uint8Array(0), 'utf-8', ''],
  ])('reads %s, however the bytes are cut', async (_name, bytes, encoding, text) => {
    for (const step of [1, 2, 3, 7, bytes.byteLength]) {
      expect(await decode(bytes, step)).toEqual({ text, encoding, unreadable: 0 });
    }
  });

  it('finds out where the first character beyond ASCII comes after a megabyte', async () => {
    const ascii = 'x,1\n'.repeat(300_000);
    for (const [bytes, encoding] of [
      [latin1(`${ascii}${FRENCH}`), 'windows-1252'],
      [utf8(`${ascii}${FRENCH}`), 'utf-8'],
    ] as const) {
      expect(await decode(bytes, 65_536)).toEqual({ text: ascii + FRENCH, encoding, unreadable: 0 });
    }
  });

  it('counts the bytes that are no characters and keeps the rest', async () => {
    const bytes = new Uint8Array([...utf8(CHINESE), 0xff, 0x2c, 0xfe, 0x0a, ...utf8(CHINESE)]);
    expect(await decode(bytes)).toEqual({
      text: `${CHINESE}\uFFFD,\uFFFD\n${CHINESE}`,
      encoding: 'utf-8',
      unreadable: 2,
    });
  });

  it('gives back any well-formed text in UTF-8 and UTF-16', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme' }),
        fc.integer({ min: 1, max: 9 }),
        async (text, step) => {
          // a mark at the beginning is no part of the text
          fc.pre(!text.startsWith('\uFEFF') && !text.includes('\uFFFD'));
          expect((await decode(utf8(`\uFEFF${text}`), step)).text).toBe(text);
          expect((await decode(utf16(`\uFEFF${text}`), step)).text).toBe(text);
        },
      ),
    );
  });

  it('takes any bytes without failing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        expect(typeof (await decode(new Uint8Array(bytes), 5)).text).toBe('string');
        expect(typeof encodingBeyondAscii(bytes)).toBe('string');
      }),
    );
  });
});
