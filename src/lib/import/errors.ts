import { AppError, type ErrorValues } from '../errors.ts';
import { cleanText } from '../pack/text.ts';

/** Longest part of an offending value that an error or a report repeats, in UTF-16 code units. */
const SHOWN_LENGTH = 80;

/** What can be wrong with a file as a whole; the page words each with its values. */
export const FILE_FAULTS = [
  'columns',
  'row-length',
  'rows',
  'row-group',
  'parquet',
  'json-cut',
  'damaged',
  'zip',
  'zip-method',
  'files',
  'unpacked',
  'ratio',
  'whole',
  'events',
  'ids',
  'products',
] as const;
export type FileFault = (typeof FILE_FAULTS)[number];

/** A file that cannot be read at all. `values`: numbers of the fault, such as its line, what was found and the limit. */
export function fileError(
  file: string,
  fault: FileFault,
  words: { readonly reason: string; readonly remedy: string },
  values: ErrorValues = {},
  cause?: unknown,
): AppError {
  const { reason, remedy } = words;
  return new AppError('import-invalid', file === '' ? reason : `${file}: ${reason}`, {
    values: { ...values, file, fault, reason },
    remedy,
    cause,
  });
}

/** The one error of an import that somebody stopped. */
export function throwIfStopped(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new AppError('cancelled', 'The import was stopped.');
}

/** A value as a report repeats it: one line, well-formed, shortened. */
export function shorten(value: string): string {
  return cleanText(value, SHOWN_LENGTH);
}
