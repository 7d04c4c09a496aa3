import type { RouteDefinition } from 'svelte-spa-router';
import NotFound from './shell/NotFound.svelte';
import Shop from './shop/Shop.svelte';

/** The Shop is in the first load; every other page is lazy (`lazyPage`). */
export const PAGES: RouteDefinition = {
  '/': Shop,
  '*': NotFound,
};
