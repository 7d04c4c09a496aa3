import type { ModelSnapshot } from '../../types.ts';
import type { TextVectors } from '../../text/index.ts';
import { dotAt, rowOf } from '../linear/dense.ts';
import { fitTextMap } from '../text-map/ridge-map.ts';
import type { RecommenderItem } from './types.ts';

/** Trained item factors; what a fold-in needs of them. */
export interface FactorMatrix {
  readonly items: number;
  /** Latent dimensions. */
  readonly factors: number;
  /** Row-major, items × factors. */
  readonly data: Float32Array;
}

/** The item side that a visitor is folded in against. */
export interface ItemFactors extends FactorMatrix {
  /** 1 where the factors come from the item's words, because nobody has touched it; `items` entries. */
  readonly fromText: Uint8Array;
  /** Euclidean length of each item's factors; `items` entries. */
  readonly norms: Float64Array;
}

/**
 * The snapshot's factors, with those of cold items (no positive interaction and no rating in the community, and nothing
 * learnt of them elsewhere) predicted from their words. `texts` is asked for only where there is a cold item.
 */
export function itemFactors(
  items: readonly RecommenderItem[],
  { model, itemFactors: trained, factors }: Pick<ModelSnapshot, 'model' | 'itemFactors' | 'factors'>,
  texts: () => TextVectors,
): ItemFactors {
  const data = Float32Array.from(trained);
  // an exact solve leaves items without interactions at 0, gradient steps leave them where they began
  const isLearnt = (index: number): boolean =>
    model === 'ials' && rowOf(trained, index, factors).some((value) => value !== 0);
  const fromText = Uint8Array.from(items, (item, index) => Number(isUntouched(item) && !isLearnt(index)));
  const warm = [...fromText.keys()].filter((index) => fromText[index] === 0);
  if (warm.length < items.length && warm.length > 0) {
    const map = fitTextMap(texts(), warm, trained, factors);
    fromText.forEach((cold, item) => {
      if (cold === 1) data.set(map.predict(item), item * factors);
    });
  }
  const norms = Float64Array.from(items, (_, item) => {
    const row = rowOf(data, item, factors);
    return Math.sqrt(dotAt(row, row, 0));
  });
  return { items: items.length, factors, data, fromText, norms };
}

function isUntouched({ popularity, ratingCounts }: RecommenderItem): boolean {
  return popularity === 0 && ratingCounts.every((count) => count === 0);
}
