import type { Item } from '../../lib/types.ts';

/** Which product the "why this?" panel explains. */
export class Why {
  #item = $state.raw<Item | null>(null);

  get item(): Item | null {
    return this.#item;
  }

  open(item: Item): void {
    this.#item = item;
  }

  close(): void {
    this.#item = null;
  }
}
