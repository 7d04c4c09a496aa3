import { sha256Hex } from '../../checksum.ts';
import { AppError } from '../../errors.ts';
import {
  readSafetensors,
  tensorOfValues,
  toFloats,
  writeSafetensors,
  type Tensor,
} from '../../safetensors.ts';
import { MODEL_NAMES, type SavedArray, type SavedModel } from './model.ts';

/** Version of what stands in the metadata. */
const VERSION = '1';

/**
 * A model as a safetensors file. Kind, hyper-parameters, shape and a SHA-256 of the data stand in its metadata.
 */
export async function writeModel(model: SavedModel): Promise<Uint8Array<ArrayBuffer>> {
  const tensors = new Map(
    Object.entries(model.arrays).map(([name, { shape, values }]) => [name, tensorOfValues(shape, values)]),
  );
  const metadata = new Map([
    ['version', VERSION],
    ['kind', model.kind],
    ['hyperparameters', JSON.stringify(model.hyperparameters)],
    ['users', String(model.users)],
    ['items', String(model.items)],
    ['sha256', await dataChecksum(tensors)],
  ]);
  return writeSafetensors({ metadata, tensors });
}

/** Back from `writeModel`, checked against its SHA-256. Throws `snapshot-corrupt` saying what is wrong. */
export async function readModel(bytes: Uint8Array<ArrayBuffer>): Promise<SavedModel> {
  const { metadata, tensors } = parsed(bytes);
  if (metadata.get('version') !== VERSION) throw corrupt(`version ${metadata.get('version') ?? 'missing'}`);
  if ((await dataChecksum(tensors)) !== metadata.get('sha256')) throw corrupt('checksum');
  const kind = MODEL_NAMES.find((name) => name === metadata.get('kind'));
  if (kind === undefined) throw corrupt('kind');
  return {
    kind,
    hyperparameters: numberRecord(metadata.get('hyperparameters')),
    users: count(metadata.get('users'), 'users'),
    items: count(metadata.get('items'), 'items'),
    arrays: Object.fromEntries([...tensors].map(([name, tensor]) => [name, arrayOf(name, tensor)])),
  };
}

function parsed(bytes: Uint8Array<ArrayBuffer>): ReturnType<typeof readSafetensors> {
  try {
    return readSafetensors(bytes);
  } catch (error) {
    const place = error instanceof AppError ? error.values['place'] : undefined;
    throw corrupt(typeof place === 'string' ? place : 'header');
  }
}

/** SHA-256 (hex) of all tensors one after the other, as they stand in the file. */
function dataChecksum(tensors: ReadonlyMap<string, Tensor>): Promise<string> {
  const data = new Uint8Array([...tensors.values()].reduce((sum, { bytes }) => sum + bytes.length, 0));
  let at = 0;
  for (const { bytes } of tensors.values()) {
    data.set(bytes, at);
    at += bytes.length;
  }
  return sha256Hex(data);
}

function arrayOf(name: string, tensor: Tensor): SavedArray {
  const { dtype, shape, bytes } = tensor;
  if (dtype === 'F32') return { shape, values: toFloats(tensor) };
  // a copy of its own begins at a multiple of 4
  if (dtype === 'I32') return { shape, values: new Int32Array(bytes.slice().buffer) };
  throw corrupt(name);
}

function numberRecord(text: string | undefined): Record<string, number> {
  let value: unknown;
  try {
    value = JSON.parse(text ?? '');
  } catch {
    throw corrupt('hyperparameters');
  }
  if (typeof value !== 'object' || value === null) throw corrupt('hyperparameters');
  const numbers: Record<string, number> = {};
  for (const [name, number] of Object.entries(value as Record<string, unknown>)) {
    if (typeof number !== 'number' || !Number.isFinite(number)) throw corrupt('hyperparameters');
    numbers[name] = number;
  }
  return numbers;
}

function count(text: string | undefined, name: string): number {
  if (text !== undefined && /^\d{1,10}$/u.test(text)) return Number(text);
  throw corrupt(name);
}

function corrupt(flaw: string): AppError {
  return new AppError('snapshot-corrupt', `The saved model is damaged (${flaw}).`, {
    values: { flaw },
    remedy: 'Train it again.',
  });
}
