import { fileError } from '../errors.ts';
import { MAX_UNPACK_RATIO, MAX_UNPACKED_BYTES, RATIO_FREE_BYTES } from '../limits.ts';

/** What one import has unpacked so far: a small file can claim any size. */
export class UnpackBudget {
  #left = MAX_UNPACKED_BYTES;

  /** Counts unpacked bytes. Throws `import-invalid` beyond the cap. */
  spend(file: string, bytes: number): void {
    this.#left -= bytes;
    if (this.#left >= 0) return;
    throw fileError(
      file,
      `unpacks to more than ${MAX_UNPACKED_BYTES} bytes, the most that one import reads`,
      'Import it in parts.',
    );
  }
}

/** Throws `import-invalid` where a file unpacks to a size that no table does. */
export function checkRatio(file: string, packed: number, unpacked: number): void {
  if (unpacked <= RATIO_FREE_BYTES || unpacked <= MAX_UNPACK_RATIO * packed) return;
  throw fileError(
    file,
    `unpacks to more than ${MAX_UNPACK_RATIO} times its size, as no table of use does`,
    'Check where the file comes from. Unpack it yourself if it is meant to be so.',
  );
}
