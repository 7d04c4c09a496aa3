/** The header's end is padded so that the numbers begin at a multiple of this. */
const ALIGNMENT = 64;
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59] as const;
/** Magic, version (2 bytes) and the header's length (2 bytes). */
const PREAMBLE_BYTES = 10;

/**
 * A matrix of 32-bit floats, row-major, as a NumPy file (NEP 1, version 1.0). `rows` × `columns` numbers are taken from
 * `values`, little-endian as every engine's typed arrays are.
 */
export function npyBytes(
  rows: number,
  columns: number,
  values: Float32Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  const about = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`;
  const begin = Math.ceil((PREAMBLE_BYTES + about.length + 1) / ALIGNMENT) * ALIGNMENT;
  const header = `${about.padEnd(begin - PREAMBLE_BYTES - 1)}\n`;
  const file = new Uint8Array(begin + values.byteLength);
  file.set(MAGIC);
  file.set([1, 0, header.length & 0xff, header.length >> 8], MAGIC.length);
  file.set(new TextEncoder().encode(header), PREAMBLE_BYTES);
  file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), begin);
  return file;
}
