import type { BasketLine } from '../../lib/storage/types.ts';
import type { Item, ItemId } from '../../lib/types.ts';

/** A line of the basket with its product. */
export interface ResolvedLine {
  readonly item: Item;
  readonly quantity: number;
}

export interface ResolvedBasket {
  readonly lines: readonly ResolvedLine[];
  /** Things in `lines`. */
  readonly count: number;
  /** Sum of the priced lines, in major units. */
  readonly total: number;
  /** Things without a price. */
  readonly unpriced: number;
  /** Things that the open shop does not have; kept, not shown. */
  readonly unknown: number;
}

/** Joins the basket with the open shop and adds it up. */
export function resolveBasket(
  basket: readonly BasketLine[],
  find: (id: ItemId) => Item | null,
): ResolvedBasket {
  const lines: ResolvedLine[] = [];
  let unknown = 0;
  for (const { itemId, quantity } of basket) {
    const item = find(itemId);
    if (item === null) unknown += quantity;
    else lines.push({ item, quantity });
  }
  const sum = (value: (line: ResolvedLine) => number): number =>
    lines.reduce((total, line) => total + value(line), 0);
  return {
    lines,
    count: sum(({ quantity }) => quantity),
    // In hundredths: a sum of floats would drift by fractions of a cent.
    total: sum(({ item, quantity }) => Math.round((item.price ?? 0) * 100) * quantity) / 100,
    unpriced: sum(({ item, quantity }) => (item.price === null ? quantity : 0)),
    unknown,
  };
}
