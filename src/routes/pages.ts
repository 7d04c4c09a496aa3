import type { RouteDefinition } from 'svelte-spa-router';
import type { I18n } from './i18n/i18n.svelte.ts';
import { lazyPage } from './lazy-page.ts';
import NotFound from './shell/NotFound.svelte';
import Shop from './shop/Shop.svelte';

/** The Shop is in the first load; every other page is lazy (`lazyPage`). */
export function createPages(i18n: I18n): RouteDefinition {
  return {
    '/': Shop,
    '/product/:id': lazyPage(i18n, () => import('./product/Product.svelte')),
    '/basket': lazyPage(i18n, () => import('./basket/Basket.svelte')),
    '/you': lazyPage(i18n, () => import('./you/You.svelte')),
    '/train': lazyPage(i18n, () => import('./train/Train.svelte')),
    '/models': lazyPage(i18n, () => import('./models/Models.svelte')),
    '/import': lazyPage(i18n, () => import('./import/Import.svelte')),
    // In no menu: for whoever was told of it.
    '/bench': lazyPage(i18n, () => import('./bench/Bench.svelte')),
    '*': NotFound,
  };
}
