/** Unpaired halves of a surrogate pair: no character, and refused by encodeURIComponent and Intl. */
const LONE_SURROGATES = /\p{Surrogate}/gu;
/** NUL and the other C0 and C1 controls; line breaks and tabs become spaces in one-line texts, stay in prose. */
const CONTROLS = /[^\P{Cc}\t\n\r]/gu;
/** Embeddings, overrides and isolates: they reach beyond the text that holds them. Marks (LRM, RLM) stay. */
const BIDI_CONTROLS = /[\u202A-\u202E\u2066-\u2069]/gu;

/**
 * Any text from outside as it may be kept: well-formed (a lone surrogate becomes U+FFFD), composed (NFC), with
 * neither control characters nor bidirectional overrides, and at most `cap` UTF-16 code units long; a clipped
 * text ends in an ellipsis and never in half a character. `lines: 'keep'` leaves line breaks.
 */
export function cleanText(text: string, cap: number, lines: 'join' | 'keep' = 'join'): string {
  // Clipped before the passes, so that a text of a gigabyte costs no more than one of the cap.
  const bounded = text.length > 4 * cap ? text.slice(0, 4 * cap) : text;
  const cleaned = bounded
    .replace(LONE_SURROGATES, '\uFFFD')
    .replace(CONTROLS, '')
    .replace(BIDI_CONTROLS, '')
    .normalize('NFC');
  const spaced = lines === 'keep' ? cleaned.replace(/\r\n?/gu, '\n') : cleaned.replace(/\s+/gu, ' ');
  return clip(spaced.trim(), cap);
}

/** True for a text that `cleanText` would leave as it is: what a key must be. */
export function isCleanKey(text: string, cap: number): boolean {
  return text !== '' && text.length <= cap && cleanText(text, cap) === text;
}

function clip(text: string, cap: number): string {
  if (text.length <= cap) return text;
  const cut = text.slice(0, cap - 1);
  return `${cut.replace(LONE_SURROGATES, '').trimEnd()}…`;
}
