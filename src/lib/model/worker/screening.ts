import { QuantisedItems } from '../backends/cpu/quantised-items.ts';
import type { Recommender } from '../recommend/recommender.ts';

/** Makes the screen of a recommender with many items, in the gaps between calls. */
export class Screening {
  #underWay = new AbortController();

  /**
   * Begins for the model now in use, and gives up on an earlier one. Where there can be no screen (no WebAssembly, or
   * a header policy that forbids it, or no memory) the recommender goes on scoring all items: its answers are the same.
   */
  begin(recommender: Recommender): void {
    this.#underWay.abort();
    this.#underWay = new AbortController();
    const factors = recommender.toScreen;
    if (factors === null) return;
    QuantisedItems.load(factors, this.#underWay.signal)
      .then((screen) => recommender.useScreen(factors, screen))
      .catch(() => undefined);
  }
}
