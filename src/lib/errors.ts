/**
 * Every failure the app can name. The page translates a code with its values (`routes/i18n`), so a code is
 * a promise: add one here, and its sentence in both languages there.
 */
export const ERROR_CODES = [
  // pack and import
  'pack-unreachable',
  'pack-manifest-invalid',
  'pack-schema-unsupported',
  'pack-file-missing',
  'pack-file-invalid',
  'pack-checksum-mismatch',
  'pack-row-invalid',
  'import-invalid',
  // storage
  'storage-unavailable',
  'storage-blocked',
  'storage-newer-version',
  'storage-migration-failed',
  'storage-terminated',
  'storage-quota',
  'storage-constraint',
  'storage-record-invalid',
  'snapshot-corrupt',
  // model
  'input-invalid',
  'hyperparameter-invalid',
  'not-enough-data',
  'matrix-not-positive-definite',
  'training-diverged',
  'training-cancelled',
  'gpu-unavailable',
  'gpu-lost',
  'gpu-out-of-memory',
  'gpu-shader-invalid',
  'gpu-hang',
  'worker-died',
  'cancelled',
  'internal',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** Values that fill the sentence of an error: file names, row numbers, the offending value, limits. */
export type ErrorValues = Readonly<Record<string, string | number>>;

/** The form in which an error crosses a worker boundary. */
export interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly values: ErrorValues;
  readonly remedy: string | null;
  readonly cause: string | null;
}

export interface AppErrorOptions {
  readonly values?: ErrorValues;
  /** What the reader can do about it, in plain English (the page has its own translations by code). */
  readonly remedy?: string;
  readonly cause?: unknown;
}

/** The one error class of the app: a code, the values that explain it, a remedy; it crosses workers intact. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly values: ErrorValues;
  readonly remedy: string | null;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.values = options.values ?? {};
    this.remedy = options.remedy ?? null;
  }

  toWire(): WireError {
    return {
      code: this.code,
      message: this.message,
      values: this.values,
      remedy: this.remedy,
      cause: this.cause === undefined ? null : describe(this.cause),
    };
  }

  static fromWire(wire: WireError): AppError {
    return new AppError(wire.code, wire.message, {
      values: wire.values,
      ...(wire.remedy === null ? {} : { remedy: wire.remedy }),
      ...(wire.cause === null ? {} : { cause: wire.cause }),
    });
  }

  /** Wraps anything thrown; an AppError passes through unchanged. */
  static from(thrown: unknown, code: ErrorCode = 'internal'): AppError {
    if (thrown instanceof AppError) return thrown;
    return new AppError(code, describe(thrown), { cause: thrown });
  }
}

function describe(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message === '' ? thrown.name : thrown.message;
  return String(thrown);
}
