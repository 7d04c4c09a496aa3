import { fileError } from './row-error.ts';
import type { PackManifest } from './types.ts';

/** Name of the file in a pack's folder. */
export const SENTIMENT_FILE = 'sentiment.json';

/**
 * The text of sentiment.json, a trained model of what reviews say; what it means is for `text/sentiment` to check.
 * Throws `pack-file-invalid` where it is not JSON in UTF-8.
 */
export function readSentiment(bytes: Uint8Array, manifest: PackManifest): string {
  const file = manifest.files.sentiment?.path ?? '';
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    JSON.parse(text);
    return text;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw fileError(file, `is not JSON (${reason})`, 'Train it again with `fairshelf sentiment`.');
  }
}
