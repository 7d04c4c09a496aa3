import { checksumOf } from '../checksum.ts';
import { AppError } from '../errors.ts';
import type { ModelSnapshot, TrainingCheckpoint } from '../types.ts';

type Unsealed<Record> = Omit<Record, 'version' | 'checksum'>;

/**
 * Makes a snapshot that can be verified later. Throws `training-diverged` where the factors are not what a
 * trained model can be (wrong length, non-finite, all zero): such a model is never handed out.
 */
export async function sealSnapshot(fields: Unsealed<ModelSnapshot>): Promise<ModelSnapshot> {
  const flaw = snapshotFlaw(fields);
  if (flaw !== null) throw diverged(flaw);
  const record = { version: 1, ...fields } as const;
  return { ...record, checksum: await checksumOf(record) };
}

/** As `sealSnapshot`, for a run in the middle. */
export async function sealCheckpoint(fields: Unsealed<TrainingCheckpoint>): Promise<TrainingCheckpoint> {
  const flaw = checkpointFlaw(fields);
  if (flaw !== null) throw diverged(flaw);
  const record = { version: 1, ...fields } as const;
  return { ...record, checksum: await checksumOf(record) };
}

/**
 * Checks a snapshot that was read back: shape, finite and not all zero, then the checksum. Throws
 * `snapshot-corrupt` saying which of them failed; the remedy is to train again.
 */
export async function verifySnapshot(snapshot: ModelSnapshot): Promise<void> {
  await verify(snapshot, snapshotFlaw);
}

/** As `verifySnapshot`, for a run in the middle. */
export async function verifyCheckpoint(checkpoint: TrainingCheckpoint): Promise<void> {
  await verify(checkpoint, checkpointFlaw);
}

async function verify<Sealed extends { readonly version: number; readonly checksum: string }>(
  record: Sealed,
  flawOf: (record: Sealed) => string | null,
): Promise<void> {
  let flaw: string | null;
  try {
    flaw =
      // From storage, so the declared type promises nothing.
      (record.version as unknown) !== 1
        ? `version ${String(record.version)}`
        : (flawOf(record) ?? ((await checksumOf(record)) === record.checksum ? null : 'checksum'));
  } catch (error) {
    throw corrupt('unreadable', error); // a field that is absent or of another type
  }
  if (flaw !== null) throw corrupt(flaw);
}

function snapshotFlaw(fields: Unsealed<ModelSnapshot>): string | null {
  return matrixFlaw('itemFactors', fields.itemFactors, fields.items, fields.factors, true);
}

function checkpointFlaw(fields: Unsealed<TrainingCheckpoint>): string | null {
  const { users, items, factors } = fields;
  return (
    matrixFlaw('itemFactors', fields.itemFactors, items, factors, true) ??
    matrixFlaw('userFactors', fields.userFactors, users, factors, true) ??
    Object.entries(fields.optimizer)
      .map(([name, slot]) => matrixFlaw(name, slot, slot.length, 1, false))
      .find((flaw) => flaw !== null) ??
    null
  );
}

/** Why `values` cannot be a rows × columns matrix of a sound model; null where it can. */
function matrixFlaw(
  name: string,
  values: Float32Array,
  rows: number,
  columns: number,
  mayNotBeZero: boolean,
): string | null {
  if (values.length !== rows * columns) return `length of ${name}`;
  if (!values.every(Number.isFinite)) return `non-finite ${name}`;
  if (mayNotBeZero && values.every((value) => value === 0)) return `all-zero ${name}`;
  return null;
}

function corrupt(flaw: string, cause?: unknown): AppError {
  return new AppError('snapshot-corrupt', `The saved model is damaged (${flaw}).`, {
    values: { flaw },
    remedy: 'Train again; your ratings are not affected.',
    ...(cause === undefined ? {} : { cause }),
  });
}

function diverged(flaw: string): AppError {
  return new AppError('training-diverged', `Training gave a model that cannot be used (${flaw}).`, {
    values: { flaw },
    remedy: 'Train again with more regularization or a lower learning rate.',
  });
}
