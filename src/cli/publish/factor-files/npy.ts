import { unzipSync } from 'fflate';
import { fromHalf } from '../../../lib/safetensors.ts';
import { factorError, type FactorTable } from './factor-table.ts';

const MAGIC = '\u0093NUMPY';
const NPY = '.npy';
/** Of what an npz may unpack to. */
const MAX_UNPACKED_BYTES = 4 * 2 ** 30;
/** Names under which item factors stand in npz files, likeliest first: `implicit`'s model.save(), then ours. */
const NAMES = ['item_factors', 'items', 'factors', 'arr_0'];

/**
 * A NumPy array (NEP 1; versions 1 to 3) of two dimensions: 16-, 32- or 64-bit floats of either byte order, by rows or by
 * columns. Throws `import-invalid`.
 */
export function readNpy(file: string, bytes: Uint8Array): FactorTable {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || latin1(bytes.subarray(0, 6)) !== MAGIC) throw factorError(file, 'is no npy file');
  const version = bytes[6] ?? 0;
  const wide = version >= 2;
  const headerBytes = wide ? view.getUint32(8, true) : view.getUint16(8, true);
  const begin = (wide ? 12 : 10) + headerBytes;
  if (begin > bytes.length) throw factorError(file, 'ends within its header');
  const header = latin1(bytes.subarray(wide ? 12 : 10, begin));
  const type = /'descr':\s*'([<>=|])f([248])'/u.exec(header);
  const order = /'fortran_order':\s*(True|False)/u.exec(header)?.[1];
  const shape = /'shape':\s*\(\s*(\d+)\s*,\s*(\d+)\s*,?\s*\)/u.exec(header);
  if (type === null) throw factorError(file, 'holds no floating-point numbers of 16, 32 or 64 bits');
  if (shape === null || order === undefined) throw factorError(file, 'is no array of two dimensions');
  const [rows, factors] = [Number(shape[1]), Number(shape[2])];
  const size = Number(type[2]);
  if (bytes.length - begin !== rows * factors * size)
    throw factorError(file, 'has not the numbers it announces');
  const little = type[1] !== '>';
  const read = (at: number): number => {
    const offset = begin + at * size;
    if (size === 8) return view.getFloat64(offset, little);
    return size === 4 ? view.getFloat32(offset, little) : fromHalf(view.getUint16(offset, little));
  };
  const values = new Float32Array(rows * factors);
  for (let row = 0; row < rows; row++) {
    for (let factor = 0; factor < factors; factor++) {
      values[row * factors + factor] = read(order === 'True' ? factor * rows + row : row * factors + factor);
    }
  }
  return { ids: null, rows, factors, values };
}

/** The item factors in an npz file, as `implicit`'s `model.save()` writes it. Throws `import-invalid`. */
export function readNpz(file: string, bytes: Uint8Array): FactorTable {
  let unpacked = 0;
  let entries: Readonly<Record<string, Uint8Array>>;
  try {
    entries = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        unpacked += originalSize;
        if (unpacked > MAX_UNPACKED_BYTES) throw factorError(file, 'unpacks to more than 4 GiB');
        return NAMES.some((known) => name === known + NPY);
      },
    });
  } catch (error) {
    throw factorError(file, 'cannot be unpacked', error);
  }
  const name = NAMES.find((known) => entries[known + NPY] !== undefined);
  const entry = name === undefined ? undefined : entries[name + NPY];
  if (name === undefined || entry === undefined) {
    throw factorError(file, `has none of the arrays ${NAMES.join(', ')}`);
  }
  return readNpy(`${file}: ${name}`, entry);
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
