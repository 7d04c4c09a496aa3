import { AppError, type ErrorCode } from '../lib/errors.ts';

/** Exit codes of the command line; 130 is what shells give a program that Ctrl-C ended. */
export const EXIT = { done: 0, failed: 1, badInput: 2, interrupted: 130 } as const;

const BAD_INPUT: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'input-invalid',
  'import-invalid',
  'hyperparameter-invalid',
  'not-enough-data',
  'snapshot-corrupt',
  'pack-unreachable',
  'pack-manifest-invalid',
  'pack-schema-unsupported',
  'pack-file-missing',
  'pack-file-invalid',
  'pack-checksum-mismatch',
  'pack-row-invalid',
]);

/** 2 where the caller's input or options are to blame, 130 after Ctrl-C, else 1. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof AppError && error.code === 'cancelled') return EXIT.interrupted;
  if (error instanceof AppError) return BAD_INPUT.has(error.code) ? EXIT.badInput : EXIT.failed;
  return error instanceof Error && error.name === 'CACError' ? EXIT.badInput : EXIT.failed;
}

/** What is printed: an error of ours in one sentence with its remedy, anything unforeseen with its stack. */
export function explain(error: unknown): string {
  if (error instanceof AppError) {
    return `fairshelf: ${error.message}${error.remedy === null ? '' : `\n  ${error.remedy}`}`;
  }
  if (error instanceof Error && error.name === 'CACError') return `fairshelf: ${error.message}`;
  return `fairshelf: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
