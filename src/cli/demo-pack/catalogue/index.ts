import { ART } from './art.ts';
import { BEAUTY } from './beauty.ts';
import { BOOKS } from './books.ts';
import { COFFEE_TEA } from './coffee-tea.ts';
import { DESK } from './desk.ts';
import { FASHION } from './fashion.ts';
import { GARDEN } from './garden.ts';
import { HOME } from './home.ts';
import { KIDS } from './kids.ts';
import { KITCHEN } from './kitchen.ts';
import { MUSIC } from './music.ts';
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
  MUSIC,
  ART,
  DESK,
  FASHION,
  BEAUTY,
  KIDS,
  PETS,
];
