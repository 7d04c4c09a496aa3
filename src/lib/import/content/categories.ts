import { MAX_TEXT } from '../../pack/limits.ts';
import { cleanText } from '../../pack/text.ts';
import type { PackManifest } from '../../pack/types.ts';
import type { LocalizedText } from '../../types.ts';
import { GENRES } from '../items/genres.ts';
import { SHELF_RULES, shelfOf } from '../items/gift-shelves.ts';
import { localized } from './language.ts';

/** A shelf of the pack. */
export type Category = PackManifest['categories'][number];

/** More would be a list, not shelves: the rest goes to "Other". */
const MAX_SHELVES = 40;
/** A shelf of less than this share of the products is no help. */
const LEAST_SHARE = 0.001;
/** So many different texts are names of categories; more are lists or paths of them. */
const MAX_WHOLE_NAMES = 100;
const OTHER: Category = { key: 'other', name: { en: 'Other', zh: '其他' }, art: 'package' };
/** What shops call the root of their tree. */
const ROOTS = /^(?:default category|root|root catalog|home|all)$/iu;

export interface Shelves {
  readonly categories: readonly Category[];
  /** Keys by item position. */
  readonly of: readonly Category[];
}

/**
 * Puts products on shelves: films by MovieLens' genres, gifts by words of their names, others by the categories
 * that their data names.
 */
export function shelvesOf(
  dataset: string,
  items: readonly { readonly title: string; readonly category: string }[],
): Shelves {
  const of = items.map(shelfFinder(dataset, items));
  const used = new Set(of);
  return { categories: knownShelves(dataset, used) ?? byCount(of), of };
}

function shelfFinder(
  dataset: string,
  items: readonly { readonly category: string }[],
): (item: { readonly title: string; readonly category: string }) => Category {
  if (dataset === 'online-retail') return ({ title }) => GIFT_SHELVES.get(shelfOf(title).key) ?? OTHER;
  if (isFilms(dataset)) {
    return ({ category }) => {
      const known = category.split('|').find((name) => FILM_SHELVES.has(name));
      return FILM_SHELVES.get(known ?? '(no genres listed)') ?? OTHER;
    };
  }
  const cells = new Set(items.map(({ category }) => category));
  const isList = cells.size > MAX_WHOLE_NAMES || [...cells].some((cell) => /[>/].*[,|].*[>/]/u.test(cell));
  const namesOf = ({ category }: { readonly category: string }): readonly string[] =>
    (isList ? listOf(category) : [category]).map(topOfPath).filter((name) => name !== '');
  const counts = new Map<string, number>();
  for (const item of items)
    for (const name of new Set(namesOf(item))) counts.set(name, (counts.get(name) ?? 0) + 1);
  const shelves = new Map<string, Category>();
  const ranked = [...counts].sort(([a, inA], [b, inB]) => inB - inA || (a < b ? -1 : 1));
  for (const [name, count] of ranked.slice(0, MAX_SHELVES)) {
    if (count >= LEAST_SHARE * items.length)
      shelves.set(name, { key: keyOf(name, shelves), name: localized(name), art: null });
  }
  // of several the rarest: it says the most about the product
  return (item) => {
    const named = namesOf(item).filter((name) => shelves.has(name));
    const [rarest] = named.sort((a, b) => (counts.get(a) ?? 0) - (counts.get(b) ?? 0));
    return shelves.get(rarest ?? '') ?? OTHER;
  };
}

const FILM_SHELVES = new Map(
  GENRES.map(({ genre, key, name, art }) => [genre, { key, name, art } satisfies Category]),
);
const GIFT_SHELVES = new Map(
  SHELF_RULES.map(({ key, name, art }) => [key, { key, name, art } satisfies Category]),
);

export function isFilms(dataset: string): boolean {
  return dataset.startsWith('movielens') || dataset === 'movietweetings';
}

/** Shelves with an order of their own. */
function knownShelves(dataset: string, used: ReadonlySet<Category>): readonly Category[] | null {
  if (dataset === 'online-retail') return [...GIFT_SHELVES.values()].filter((shelf) => used.has(shelf));
  if (isFilms(dataset)) return [...FILM_SHELVES.values()].filter((shelf) => used.has(shelf));
  return null;
}

/** The fullest first, "Other" last. */
function byCount(of: readonly Category[]): readonly Category[] {
  const counts = new Map<Category, number>();
  for (const shelf of of) counts.set(shelf, (counts.get(shelf) ?? 0) + 1);
  return [...counts.keys()].sort(
    (a, b) =>
      Number(a === OTHER) - Number(b === OTHER) ||
      (counts.get(b) ?? 0) - (counts.get(a) ?? 0) ||
      (a.key < b.key ? -1 : 1),
  );
}

function listOf(category: string): readonly string[] {
  return category.includes('|') ? category.split('|') : category.split(/[,;]/u);
}

/** `Default Category/Gear/Bags` and `Gear > Bags` → `Gear`. */
function topOfPath(category: string): string {
  const path = category.split(/\s*(?:>|\/)\s*/u).map((part) => part.trim());
  return cleanText(path.find((part) => part !== '' && !ROOTS.test(part)) ?? '', MAX_TEXT.name);
}

/** A key of lower-case letters and digits (`pack/manifest`), each once; a name without any gets its position. */
function keyOf(name: string, taken: ReadonlyMap<string, Category>): string {
  const keys = new Set([...taken.values()].map(({ key }) => key).concat(OTHER.key));
  const plain = name
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/[^a-z0-9]+/gu, '-')
    .replaceAll(/^-+|-+$/gu, '')
    .slice(0, 40)
    .replace(/-+$/u, '');
  const base = plain === '' ? `c${taken.size + 1}` : plain;
  return keys.has(base) ? `${base}-${taken.size + 1}` : base;
}

/** Genres as a fact about a film. */
export function genreNames(category: string): LocalizedText | null {
  const known = category.split('|').flatMap((name) => FILM_SHELVES.get(name) ?? []);
  const named = known.filter(({ key }) => key !== 'other');
  if (named.length === 0) return null;
  return {
    en: named.map(({ name }) => name.en ?? '').join(', '),
    zh: named.map(({ name }) => name.zh ?? '').join('、'),
  };
}
