import type { RouteDefinition } from 'svelte-spa-router';
import { lazyPage } from './lazy-page.ts';
import NotFound from './shell/NotFound.svelte';
import Shop from './shop/Shop.svelte';

/** The Shop is in the first load; every other page is lazy (`lazyPage`). */
export const PAGES: RouteDefinition = {
  '/': Shop,
  '/product/:id': lazyPage(() => import('./product/Product.svelte')),
  '/basket': lazyPage(() => import('./basket/Basket.svelte')),
  '/you': lazyPage(() => import('./you/You.svelte')),
  '/train': lazyPage(() => import('./train/Train.svelte')),
  '*': NotFound,
};
