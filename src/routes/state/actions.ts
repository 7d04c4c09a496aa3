import type { OrderLine } from '../../lib/storage/types.ts';
import type { Item, Stars, VisitorEvent } from '../../lib/types.ts';
import type { I18n } from '../i18n/i18n.svelte.ts';
import type { Notices } from './notices.svelte.ts';
import type { Visitor } from './visitor.svelte.ts';

/**
 * What a visitor can do with a product from any page: the event, the message, the way back. Failures become
 * notices, so handlers need no catch.
 */
export class Actions {
  readonly #visitor: Visitor;
  readonly #notices: Notices;
  readonly #i18n: I18n;

  constructor(visitor: Visitor, notices: Notices, i18n: I18n) {
    this.#visitor = visitor;
    this.#notices = notices;
    this.#i18n = i18n;
  }

  /** Likes an item, or takes the like back. */
  async toggleLike(item: Item): Promise<void> {
    await this.#toggle(item, 'like', ['done.like', 'done.unlike']);
  }

  /** "Not interested", or interested again. */
  async toggleHide(item: Item): Promise<void> {
    await this.#toggle(item, 'hide', ['done.hide', 'done.unhide']);
  }

  /** Puts one more in the basket. */
  async addToBasket(item: Item): Promise<void> {
    await this.#attempt(async () => {
      const before = this.#visitor.quantityInBasket(item.id);
      const event = await this.#visitor.setQuantity(item.id, before + 1);
      this.#notices.undoable(this.#i18n.t('shop.done.basket', { name: this.#name(item) }), async () => {
        await this.#visitor.setQuantity(item.id, before);
        if (event !== null) await this.#visitor.remove([event.id]);
      });
    });
  }

  /** Takes an item out of the basket. What the basket event taught stays until it is deleted on You. */
  async removeFromBasket(item: Item): Promise<void> {
    await this.#attempt(async () => {
      const before = this.#visitor.quantityInBasket(item.id);
      await this.#visitor.setQuantity(item.id, 0);
      this.#notices.undoable(this.#i18n.t('basket.removed', { name: this.#name(item) }), async () => {
        await this.#visitor.setQuantity(item.id, before);
      });
    });
  }

  async setQuantity(item: Item, quantity: number): Promise<void> {
    await this.#attempt(async () => {
      await this.#visitor.setQuantity(item.id, quantity);
    });
  }

  /** Stores a simulated order of these lines and empties the basket. */
  async order(lines: readonly OrderLine[], currency: string | null): Promise<void> {
    await this.#attempt(async () => {
      await this.#visitor.order(lines, currency);
      this.#notices.show(this.#i18n.t('basket.ordered'));
    });
  }

  /** Rates an item; null clears the rating. */
  async rate(item: Item, stars: Stars | null): Promise<void> {
    await this.#attempt(async () => {
      if (stars !== null) {
        await this.#visitor.rate(item.id, stars);
        return;
      }
      const removed = await this.#visitor.take(item.id, ['rate']);
      this.#undoRemoval(this.#i18n.t('product.own.cleared', { name: this.#name(item) }), removed);
    });
  }

  /** Keeps an own review; true when it is kept. */
  async review(item: Item, stars: Stars, text: string): Promise<boolean> {
    return await this.#attempt(async () => {
      await this.#visitor.review(item.id, stars, text);
      this.#notices.show(this.#i18n.t('product.review.saved'));
    });
  }

  async removeReview(item: Item): Promise<void> {
    await this.#attempt(async () => {
      const removed = await this.#visitor.take(item.id, ['review']);
      this.#undoRemoval(this.#i18n.t('product.review.removed'), removed);
    });
  }

  /** Deletes events with a message and a way back: "remove this reason". */
  async removeEvents(ids: readonly string[], text: string): Promise<void> {
    await this.#attempt(async () => {
      this.#undoRemoval(text, await this.#visitor.remove(ids));
    });
  }

  /** Records what was looked at; silent but for a failure. */
  async record(work: (visitor: Visitor) => Promise<unknown>): Promise<void> {
    await this.#attempt(async () => {
      await work(this.#visitor);
    });
  }

  async #toggle(
    item: Item,
    kind: 'like' | 'hide',
    [added, removed]: readonly ['done.like', 'done.unlike'] | readonly ['done.hide', 'done.unhide'],
  ): Promise<void> {
    await this.#attempt(async () => {
      const standing = this.#visitor.standing(item.id);
      const name = this.#name(item);
      if (kind === 'like' ? standing.liked : standing.hidden) {
        const events = await this.#visitor.take(item.id, [kind]);
        this.#undoRemoval(this.#i18n.t(`shop.${removed}`, { name }), events);
        return;
      }
      const event = await this.#visitor.add({ kind, itemId: item.id });
      this.#notices.undoable(this.#i18n.t(`shop.${added}`, { name }), async () => {
        await this.#visitor.remove([event.id]);
      });
    });
  }

  #undoRemoval(text: string, removed: readonly VisitorEvent[]): void {
    if (removed.length === 0) return;
    this.#notices.undoable(text, () => this.#visitor.restore(removed));
  }

  async #attempt(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      this.#notices.notSaved(error);
      return false;
    }
  }

  #name(item: Item): string {
    return this.#i18n.text(item.name);
  }
}
