import { readFileSync } from 'node:fs';
import { AppError } from '../../lib/errors.ts';

/** Calls `onLine` with each line that is not blank and its number, from 1. Throws `import-invalid` for no file. */
export function readLines(path: string, onLine: (text: string, line: number) => void): void {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('import-invalid', `${path} cannot be read: ${reason}`, {
      values: { file: path, reason },
      remedy: 'Give a readable text file.',
      cause,
    });
  }
  let line = 0;
  for (let start = 0; start < text.length; line++) {
    const found = text.indexOf('\n', start);
    const end = found === -1 ? text.length : found;
    const content = text.slice(start, end).trim();
    if (content !== '') onLine(content, line + 1);
    start = end + 1;
  }
}

/** A value in a line that breaks the file's format. */
export function lineError(file: string, line: number, value: string, remedy: string): AppError {
  const shown = value.length > 80 ? `${value.slice(0, 79)}…` : value;
  return new AppError('import-invalid', `${file}, line ${line}: ${JSON.stringify(shown)} is not valid.`, {
    values: { file, line, value: shown },
    remedy,
  });
}
