import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../../lib/errors.ts';
import { readSafetensors, toFloats } from '../../../lib/safetensors.ts';
import { factorError, type FactorTable } from './factor-table.ts';
import { readNpy, readNpz } from './npy.ts';
import { readSparkParquet } from './spark-parquet.ts';
import { readWord2vec } from './word2vec.ts';

/** Names under which item factors stand in safetensors files, likeliest first. */
const TENSOR_NAMES = ['item_factors', 'itemFactors', 'items', 'weight', 'embedding.weight'];
const ZIP = [0x50, 0x4b];
const PARQUET = [0x50, 0x41, 0x52, 0x31];
const NUMPY = [0x93, 0x4e, 0x55, 0x4d];

/**
 * Item factors out of a file, recognised by what is in it: NumPy (npy, npz), Parquet as Spark writes it (also a folder of
 * part files), safetensors, or word2vec's text. Throws `import-invalid`.
 */
export async function readFactorTable(path: string): Promise<FactorTable> {
  if (isFolder(path)) {
    const parts = readdirSync(path).filter((name) => name.endsWith('.parquet'));
    if (parts.length === 0) throw factorError(path, 'has no .parquet file');
    return readSparkParquet(
      path,
      parts.sort().map((name) => bytesOf(join(path, name))),
    );
  }
  const bytes = bytesOf(path);
  const begins = (magic: readonly number[]): boolean => magic.every((byte, at) => bytes[at] === byte);
  if (begins(PARQUET)) return readSparkParquet(path, [bytes]);
  if (begins(NUMPY)) return readNpy(path, bytes);
  if (begins(ZIP)) return readNpz(path, bytes);
  // the first byte of safetensors' header is a brace
  if (bytes[8] === 0x7b) return fromSafetensors(path, bytes);
  return readWord2vec(path, new TextDecoder().decode(bytes));
}

function fromSafetensors(path: string, bytes: Uint8Array<ArrayBuffer>): FactorTable {
  const { tensors } = readSafetensors(bytes);
  const named = TENSOR_NAMES.map((name) => tensors.get(name)).find((tensor) => tensor !== undefined);
  // a file with one matrix needs no name
  const matrices = [...tensors.values()].filter(({ shape }) => shape.length === 2);
  const tensor = named ?? (matrices.length === 1 ? matrices[0] : undefined);
  const [rows, factors, deeper] = tensor?.shape ?? [];
  if (tensor === undefined || rows === undefined || factors === undefined || deeper !== undefined) {
    throw factorError(path, `has none of the matrices ${TENSOR_NAMES.join(', ')}`);
  }
  return { ids: null, rows, factors, values: toFloats(tensor) };
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function bytesOf(path: string): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (cause) {
    throw new AppError('import-invalid', `${path} cannot be read.`, {
      values: { file: path },
      remedy: 'Check the path.',
      cause,
    });
  }
}
