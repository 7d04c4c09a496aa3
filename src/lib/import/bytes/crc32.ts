const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = (value & 1) === 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/**
 * CRC-32 of ZIP and gzip (ISO 3309), continued: begin with 0, pass each part with the value so far. fflate unpacks
 * but does not compare, so a flipped bit would go unnoticed.
 */
export function crc32(value: number, bytes: Uint8Array): number {
  let crc = ~value;
  for (const byte of bytes) crc = (crc >>> 8) ^ (TABLE[(crc ^ byte) & 255] ?? 0);
  return ~crc >>> 0;
}
