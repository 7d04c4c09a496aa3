import { BOOKS } from './books.ts';
import { COFFEE_TEA } from './coffee-tea.ts';
import { GARDEN } from './garden.ts';
import { HOME } from './home.ts';
import { KITCHEN } from './kitchen.ts';
import { OUTDOOR } from './outdoor.ts';
import { PETS } from './pets.ts';
import { SPORTS } from './sports.ts';
import type { CatalogueCategory } from './types.ts';

/** The demo shop's departments in display order. */
export const CATALOGUE: readonly CatalogueCategory[] = [
  KITCHEN,
  COFFEE_TEA,
  HOME,
  GARDEN,
  OUTDOOR,
  SPORTS,
  BOOKS,
  PETS,
];
