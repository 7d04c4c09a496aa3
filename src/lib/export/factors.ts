import { tensorOfValues, writeSafetensors } from '../safetensors.ts';
import type { ModelSnapshot } from '../types.ts';
import { npyBytes } from './npy.ts';

/** What `format` says in the metadata of exported factors; the command line reads the rest of it. */
export const FACTORS_FORMAT = 'fairshelf-exported-factors';

/**
 * The item factors of a model as safetensors: `item_factors`, items × factors, 32-bit floats, rows in the order of the
 * shop's catalogue. The metadata say how it was trained, which a fold-in needs, and whether the visitor's own row was
 * among the data: then the numbers tell something about them, and the file is theirs alone.
 */
export function factorsAsSafetensors(snapshot: ModelSnapshot): Uint8Array<ArrayBuffer> {
  const { items, factors, itemFactors } = snapshot;
  return writeSafetensors({
    metadata: new Map([
      ['format', FACTORS_FORMAT],
      ['version', '1'],
      ['model', snapshot.model],
      ['pack', snapshot.packId],
      ['packFingerprint', snapshot.packFingerprint],
      ['hyperparameters', JSON.stringify(snapshot.hyperparameters)],
      ['personal', String(isPersonal(snapshot))],
    ]),
    tensors: new Map([['item_factors', tensorOfValues([items, factors], itemFactors)]]),
  });
}

/** The same matrix as a NumPy file, which has no place for metadata. */
export function factorsAsNpy({ items, factors, itemFactors }: ModelSnapshot): Uint8Array<ArrayBuffer> {
  return npyBytes(items, factors, itemFactors);
}

/** Ids of the rows, a line each (`fairshelf pack --factor-ids`). Ids hold no line ends: packs are checked for that. */
export function idLines(items: readonly { readonly id: string }[]): string {
  return items.map(({ id }) => `${id}\n`).join('');
}

/** False where the shop trained the model and the visitor's row never met it. */
export function isPersonal({ device }: Pick<ModelSnapshot, 'device'>): boolean {
  return device !== 'shop';
}
