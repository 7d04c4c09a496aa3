import { rowCosine } from '../../text/index.ts';
import type { ItemIndex } from '../../types.ts';
import type { Catalogue } from './catalogue.ts';

/** How much of a choice is relevance; the rest is difference from what is chosen already. */
const RELEVANCE = 0.6;
/** Candidates looked at per category and free place. */
const POOL = 3;

/**
 * Popular items that differ: maximal marginal relevance (Carbonell & Goldstein 1998),
 * 0.6 · log(1 + popularity)/log(1 + greatest) − 0.4 · greatest word similarity to a chosen one, with no category
 * getting more than its even part of `length` while others have candidates left. Ties by position.
 */
export function diversePopular(
  catalogue: Catalogue,
  excluded: Uint8Array,
  length: number,
): readonly ItemIndex[] {
  const { items, popularity } = catalogue;
  const texts = catalogue.texts();
  const byCategory = new Map<string, number[]>();
  items.forEach(({ category }, item) => {
    if (excluded[item] === 1) return;
    const members = byCategory.get(category);
    if (members === undefined) byCategory.set(category, [item]);
    else members.push(item);
  });
  const part = Math.ceil(length / Math.max(1, byCategory.size));
  const popular = (a: number, b: number): number => (popularity[b] ?? 0) - (popularity[a] ?? 0) || a - b;
  const ordered = [...byCategory.values()].map((members) => members.toSorted(popular));
  const pool = ordered.flatMap((members) => members.slice(0, POOL * part)).toSorted(popular);
  const rest = ordered.flatMap((members) => members.slice(POOL * part)).toSorted(popular);

  const greatest = Math.log1p(popularity[pool[0] ?? 0] ?? 0);
  const relevance = (item: number): number =>
    greatest > 0 ? Math.log1p(popularity[item] ?? 0) / greatest : 0;
  const categoryOf = (item: number): string => items[item]?.category ?? '';
  const nearest = new Map<number, number>(pool.map((item) => [item, 0]));
  const taken = new Map<string, number>();
  const chosen: number[] = [];
  while (chosen.length < length && nearest.size > 0) {
    const open = [...nearest.keys()].filter((item) => (taken.get(categoryOf(item)) ?? 0) < part);
    const candidates = open.length > 0 ? open : [...nearest.keys()];
    const value = (item: number): number =>
      RELEVANCE * relevance(item) - (1 - RELEVANCE) * (nearest.get(item) ?? 0);
    const next = candidates.reduce((best, item) => (value(item) > value(best) ? item : best));
    nearest.delete(next);
    chosen.push(next);
    const category = categoryOf(next);
    taken.set(category, (taken.get(category) ?? 0) + 1);
    for (const [item, similarity] of nearest) {
      nearest.set(item, Math.max(similarity, rowCosine(texts, item, next)));
    }
  }
  // Fewer categories' worth of candidates than places: the most popular of what is left.
  return [...chosen, ...rest].slice(0, length).map((item) => item as ItemIndex);
}
