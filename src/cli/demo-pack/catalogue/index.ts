import type { CatalogueCategory } from './types.ts';

/** The demo shop's departments in display order. */
export const CATALOGUE: readonly CatalogueCategory[] = [];
