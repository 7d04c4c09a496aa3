import type { ItemIndex, Language, Stars } from '../../lib/types.ts';
import type { CatalogueProduct } from './catalogue/types.ts';

/** A product of the catalogue with the category it stands in. */
export interface CommunityItem {
  readonly product: CatalogueProduct;
  readonly category: string;
}

/** A rating that comes with words, before they are written. */
export interface ReviewOccasion {
  readonly item: ItemIndex;
  readonly stars: Stars;
  readonly language: Language;
  readonly day: number;
}
