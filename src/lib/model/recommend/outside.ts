import { nearestRows, type TextDocument } from '../../text/index.ts';
import type { VisitorRow } from '../matrix/visitor-row.ts';
import { EVENT_STRENGTH } from '../matrix/strength.ts';
import type { Catalogue } from './catalogue.ts';
import { foreignDocument } from './item-texts.ts';
import type { OutsideTaste } from './types.ts';

/** Products that a saying stands for. */
export const SAID_NEAREST = 8;
/** Products that one of another shop stands for: the best of 5 and 20 on validation readers (docs/text.md). */
export const SHOP_NEAREST = 5;
/** A product less like the text than this is like it by accident. */
export const MIN_COSINE = 0.05;
/** What the visitor did here, by the size of its strength, that halves what comes from outside: two orders. */
export const TAKE_OVER = 10;
/** Products at most that outside taste speaks for or against. */
export const MAX_OUTSIDE_ITEMS = 200;

/** What outside taste says of one item: signed strengths by position of the source. */
export interface OutsideItem {
  readonly item: number;
  readonly strength: number;
  readonly parts: readonly { readonly source: number; readonly strength: number }[];
}

/**
 * Outside taste as a history that might have been here: each source's strength s goes to the products nearest to it by
 * text, in proportion to the cosine c and no stronger than that,
 *
 *   s_j = s · c_j² / Σ c,
 *
 * times T / (T + Σ|own strengths|), T = TAKE_OVER, so that what the visitor does here takes over. An item that own
 * events speak against is not spoken for, and the other way round. Sources that nothing here is like say nothing.
 */
export function outsideItems(
  sources: readonly OutsideTaste[],
  catalogue: Catalogue,
  own: VisitorRow,
): readonly OutsideItem[] {
  if (sources.length === 0) return [];
  const ownTotal = own.strength.reduce((sum, strength) => sum + Math.abs(strength), 0);
  const scale = TAKE_OVER / (TAKE_OVER + ownTotal);
  const ownOf = new Map(Array.from(own.item, (item, at) => [item, own.strength[at] ?? 0]));
  const byItem = new Map<number, { source: number; strength: number }[]>();
  sources.forEach((source, position) => {
    const near = nearestItems(source, catalogue);
    const total = near.reduce((sum, { cosine }) => sum + cosine, 0);
    for (const { row, cosine } of near) {
      const strength = (scale * strengthOf(source) * cosine ** 2) / total;
      if (strength * (ownOf.get(row) ?? 0) < 0) continue;
      const part = { source: position, strength };
      const parts = byItem.get(row);
      if (parts === undefined) byItem.set(row, [part]);
      else parts.push(part);
    }
  });
  return [...byItem]
    .map(([item, parts]) => ({ item, ...agreeing(parts) }))
    .filter(({ strength }) => Math.fround(strength) !== 0)
    .sort((a, b) => Math.abs(b.strength) - Math.abs(a.strength) || a.item - b.item)
    .slice(0, MAX_OUTSIDE_ITEMS);
}

/** Of an item that some sources speak for and others against, what the stronger side says beyond the other. */
function agreeing(
  parts: readonly { readonly source: number; readonly strength: number }[],
): Pick<OutsideItem, 'strength' | 'parts'> {
  const strength = parts.reduce((sum, part) => sum + part.strength, 0);
  const winners = parts.filter((part) => part.strength * strength > 0);
  const total = winners.reduce((sum, part) => sum + part.strength, 0);
  return {
    strength,
    parts: winners.map((part) => ({ ...part, strength: (part.strength * strength) / total })),
  };
}

function strengthOf(source: OutsideTaste): number {
  return source.type === 'item' ? source.strength : EVENT_STRENGTH.like;
}

/** The items that a source stands for, none where nothing here is like it. */
export function nearestItems(
  source: OutsideTaste,
  catalogue: Catalogue,
): readonly { readonly row: number; readonly cosine: number }[] {
  switch (source.type) {
    case 'category':
      return catalogue.mostPopularOf(source.category, SAID_NEAREST).map((row) => ({ row, cosine: 1 }));
    case 'words':
      return nearTo(wordsDocument(source.text), SAID_NEAREST, catalogue);
    case 'item':
      return nearTo(foreignDocument(source.item), SHOP_NEAREST, catalogue);
    default:
      return source satisfies never;
  }
}

function nearTo(
  document: TextDocument,
  count: number,
  catalogue: Catalogue,
): readonly { readonly row: number; readonly cosine: number }[] {
  return nearestRows(catalogue.postings(), document, count).filter(({ cosine }) => cosine >= MIN_COSINE);
}

function wordsDocument(text: string): TextDocument {
  return { fields: [{ text, weight: 1 }], labels: [] };
}
