import ChartSpline from '@lucide/svelte/icons/chart-spline';
import ShoppingBasket from '@lucide/svelte/icons/shopping-basket';
import Store from '@lucide/svelte/icons/store';
import UserRound from '@lucide/svelte/icons/user-round';
import { BASKET_PATH, SHOP_PATH, TRAIN_PATH, YOU_PATH } from '../paths.ts';

/** The pages that every page leads to. */
export const NAV: readonly {
  readonly key: 'nav.shop' | 'nav.basket' | 'nav.you' | 'nav.train';
  readonly href: string;
  readonly icon: typeof Store;
}[] = [
  { key: 'nav.shop', href: SHOP_PATH, icon: Store },
  { key: 'nav.train', href: TRAIN_PATH, icon: ChartSpline },
  { key: 'nav.you', href: YOU_PATH, icon: UserRound },
  { key: 'nav.basket', href: BASKET_PATH, icon: ShoppingBasket },
];
