/** Encodings that are read, by the names of the WHATWG Encoding Standard. Latin-1 is read as its superset windows-1252. */
export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'gb18030', 'windows-1252'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** Of the bytes beyond ASCII, how many must fit an encoding for it to be the one. */
const FITTING = 0.9;
/** Of every second byte of UTF-16 in a table, how many are zero at least: digits and delimiters are. */
const ZEROS = 0.3;

/** The encoding that a byte order mark names, and the mark's length; null without one. */
export function markedEncoding(
  bytes: Uint8Array,
): { readonly encoding: Encoding; readonly length: number } | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return { encoding: 'utf-8', length: 3 };
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { encoding: 'utf-16le', length: 2 };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { encoding: 'utf-16be', length: 2 };
  return null;
}

/** UTF-16 without a mark, by the zeros of its ASCII; null where the bytes look like none. */
export function unmarkedUtf16(bytes: Uint8Array): Encoding | null {
  const zeros: [number, number] = [0, 0];
  for (let at = 0; at < bytes.byteLength; at++) if (bytes[at] === 0) zeros[at % 2 === 0 ? 0 : 1] += 1;
  const [even, odd] = zeros;
  const half = bytes.byteLength / 2;
  if (odd >= ZEROS * half && even < 0.05 * odd) return 'utf-16le';
  if (even >= ZEROS * half && odd < 0.05 * even) return 'utf-16be';
  return null;
}

/**
 * The encoding of bytes beyond ASCII that have no mark: UTF-8 where nearly all of them form its sequences, GB18030
 * where they form pairs of the GB 2312 rows that Chinese texts are made of, else windows-1252, in which every byte is a
 * character. A sequence cut off by either end counts for nothing.
 */
export function encodingBeyondAscii(bytes: Uint8Array): Encoding {
  const utf8 = utf8Share(bytes);
  if (utf8 >= FITTING) return 'utf-8';
  const chinese = gb2312Share(bytes);
  if (chinese >= FITTING && chinese > utf8) return 'gb18030';
  // mojibake in a file that is UTF-8 by and large: the bad bytes are shown as such, the rest stays whole
  return utf8 >= 0.5 ? 'utf-8' : 'windows-1252';
}

/** Share of the bytes beyond ASCII that belong to well-formed UTF-8 sequences. */
function utf8Share(bytes: Uint8Array): number {
  let high = 0;
  let good = 0;
  for (let at = 0; at < bytes.byteLength;) {
    const lead = bytes[at] ?? 0;
    if (lead < 0x80) {
      at += 1;
      continue;
    }
    const length =
      lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
    if (length > 0 && at + length > bytes.byteLength) break;
    let fits = length > 0;
    for (let next = 1; next < length; next++) if (((bytes[at + next] ?? 0) & 0xc0) !== 0x80) fits = false;
    high += fits ? length : 1;
    good += fits ? length : 0;
    at += fits ? length : 1;
  }
  return high === 0 ? 1 : good / high;
}

/** Share of the bytes beyond ASCII in pairs of GB 2312: its signs (rows 1–9) and characters (rows 16–87). */
function gb2312Share(bytes: Uint8Array): number {
  let high = 0;
  let good = 0;
  for (let at = 0; at < bytes.byteLength;) {
    const lead = bytes[at] ?? 0;
    if (lead < 0x80) {
      at += 1;
      continue;
    }
    if (at + 1 === bytes.byteLength) break;
    const trail = bytes[at + 1] ?? 0;
    const isPair =
      trail >= 0xa1 && trail <= 0xfe && ((lead >= 0xa1 && lead <= 0xa9) || (lead >= 0xb0 && lead <= 0xf7));
    high += isPair ? 2 : 1;
    good += isPair ? 2 : 0;
    // a rarer character of GBK takes two bytes as well
    at += isPair || (lead >= 0x81 && trail >= 0x40) ? 2 : 1;
  }
  return high === 0 ? 0 : good / high;
}
