import { BASKET_PATH, SHOP_PATH, TRAIN_PATH, YOU_PATH } from '../paths.ts';
import type { GlyphName } from '../ui/glyphs.ts';

/** The pages that every page leads to. */
export const NAV: readonly {
  readonly key: 'nav.shop' | 'nav.basket' | 'nav.you' | 'nav.train';
  readonly href: string;
  readonly icon: GlyphName;
}[] = [
  { key: 'nav.shop', href: SHOP_PATH, icon: 'store' },
  { key: 'nav.train', href: TRAIN_PATH, icon: 'chartSpline' },
  { key: 'nav.you', href: YOU_PATH, icon: 'userRound' },
  { key: 'nav.basket', href: BASKET_PATH, icon: 'shoppingBasket' },
];
