/** Longest words kept of one saying; the recommender takes no more. */
const MAX_CHARACTERS = 100;

/**
 * What was typed, cut at commas and lines in both scripts: each part can be taken back alone. Without repeats of each
 * other and of `known`, whatever their case.
 */
export function saidWords(typed: string, known: readonly string[]): readonly string[] {
  const seen = new Set(known.map((text) => text.toLowerCase()));
  return typed
    .normalize('NFC')
    .split(/[,;\n，、；。]+/u)
    .map((part) => Array.from(part.trim()).slice(0, MAX_CHARACTERS).join('').trim())
    .filter((part) => {
      const key = part.toLowerCase();
      if (part === '' || seen.has(key)) return false;
      seen.add(key);
      return true;
    });
}
