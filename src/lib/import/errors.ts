import { AppError } from '../errors.ts';
import { cleanText } from '../pack/text.ts';

/** Longest part of an offending value that an error or a report repeats, in UTF-16 code units. */
const SHOWN_LENGTH = 80;

/** A file that cannot be read at all. */
export function fileError(file: string, reason: string, remedy: string, cause?: unknown): AppError {
  return new AppError('import-invalid', `${file}: ${reason}`, { values: { file, reason }, remedy, cause });
}

/** The one error of an import that somebody stopped. */
export function throwIfStopped(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new AppError('cancelled', 'The import was stopped.');
}

/** A value as a report repeats it: one line, well-formed, shortened. */
export function shorten(value: string): string {
  return cleanText(value, SHOWN_LENGTH);
}
