import { AppError } from '../../errors.ts';

const [QUOTE, BACKSLASH, NEWLINE] = [0x22, 0x5c, 0x0a];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Our own documents nest 7 deep; a quarantined record may be deeper. */
export const MAX_DEPTH = 64;

/**
 * JSON from outside. Lone surrogates and NUL in texts become U+FFFD and -0 becomes 0, so that what is kept can be written
 * again. Throws `backup-invalid` for broken JSON (with its line) and for nesting beyond `MAX_DEPTH`, before it is parsed.
 */
export function parseJson(text: string): unknown {
  refuseDepth(text);
  try {
    return JSON.parse(text, (_key, value: unknown) => normalised(value));
  } catch (error) {
    throw new AppError('backup-invalid', 'The backup is not valid JSON: it may be cut off.', {
      cause: error,
    });
  }
}

function normalised(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/\p{Surrogate}|\0/gu, '\ufffd');
  return value === 0 ? 0 : value;
}

function refuseDepth(text: string): void {
  let depth = 0;
  let line = 1;
  let inText = false;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === BACKSLASH && inText) at++;
    else if (unit === QUOTE) inText = !inText;
    else if (unit === NEWLINE) line++;
    else if (inText) continue;
    else if (unit === OPEN_LIST || unit === OPEN_OBJECT) depth++;
    else if (unit === CLOSE_LIST || unit === CLOSE_OBJECT) depth--;
    if (depth > MAX_DEPTH) {
      throw new AppError('backup-invalid', `Line ${line} of the backup nests too deep.`, {
        values: { line, limit: MAX_DEPTH },
      });
    }
  }
}

/** The text of a JSON file: UTF-8, with or without a mark of it. Throws `backup-invalid` naming what else it is. */
export function decodeText(bytes: Uint8Array<ArrayBuffer>): string {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw notUtf8('UTF-16');
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw notUtf8('unknown');
  }
}

function notUtf8(encoding: string): AppError {
  return new AppError('backup-invalid', 'The backup is not UTF-8: another program has saved it anew.', {
    values: { encoding },
    remedy: 'Choose the file as this page saved it.',
  });
}
