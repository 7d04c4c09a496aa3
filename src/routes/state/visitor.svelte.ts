import type { ProfileEvent } from '../../lib/model/index.ts';
import { byTime } from '../../lib/storage/index.ts';
import type { BasketLine, Order, OrderLine, Storage } from '../../lib/storage/types.ts';
import type { ItemId, PackId, Stars, VisitorEvent } from '../../lib/types.ts';
import type { Catalogue } from './catalogue.svelte.ts';
import { resolveProfile } from './profile.ts';
import { NO_STANDING, partition, type Standing, standings } from './standing.ts';

/** A second look within this time is the same visit. */
const SAME_VISIT_MS = 30 * 60_000;

/** An event as a page gives it: id, pack and time are added here. */
export type NewEvent = VisitorEvent extends infer Event
  ? Event extends VisitorEvent
    ? Omit<Event, 'id' | 'packId' | 'at'>
    : never
  : never;

/** What changed last, for naming the reason that moved a shelf. */
export type Change =
  | { readonly type: 'added'; readonly event: VisitorEvent }
  | { readonly type: 'removed'; readonly events: readonly VisitorEvent[] };

export type VisitorDependencies = Pick<Storage, 'events' | 'orders' | 'basket'>;

/**
 * The visitor's own events, orders and basket in the open shop. The page shows a change at once; it counts as
 * saved when the promise resolves, and is taken back (rejecting with the storage's error) where it could not be.
 */
export class Visitor {
  readonly #storage: VisitorDependencies;
  readonly #catalogue: Catalogue;
  #packId: PackId | null = null;
  #events = $state.raw<readonly VisitorEvent[]>([]);
  #orders = $state.raw<readonly Order[]>([]);
  #basket = $state.raw<readonly BasketLine[]>([]);
  #lastChange = $state.raw<Change | null>(null);
  #opened = $state(false);
  readonly #standings = $derived(standings(this.#events));
  readonly #profile: readonly ProfileEvent[] = $derived(
    resolveProfile(this.#events, (id) => this.#catalogue.item(id)),
  );

  constructor(storage: VisitorDependencies, catalogue: Catalogue) {
    this.#storage = storage;
    this.#catalogue = catalogue;
  }

  /** Oldest first; also those on products that are no longer in the shop. */
  get events(): readonly VisitorEvent[] {
    return this.#events;
  }
  /** Oldest first. */
  get orders(): readonly Order[] {
    return this.#orders;
  }
  get basket(): readonly BasketLine[] {
    return this.#basket;
  }
  /** Things in the basket that the open shop has. */
  get basketCount(): number {
    return this.#basket.reduce(
      (sum, line) => sum + (this.#catalogue.item(line.itemId) === null ? 0 : line.quantity),
      0,
    );
  }
  /** The events on products of the open shop, as the recommender and the trainer take them. */
  get profile(): readonly ProfileEvent[] {
    return this.#profile;
  }
  get lastChange(): Change | null {
    return this.#lastChange;
  }
  /** True once the kept events of the open shop are read. */
  get opened(): boolean {
    return this.#opened;
  }

  standing(id: ItemId): Standing {
    return this.#standings.get(id) ?? NO_STANDING;
  }

  quantityInBasket(id: ItemId): number {
    return this.#basket.find((line) => line.itemId === id)?.quantity ?? 0;
  }

  /** Reads what is kept for a shop; also after everything was erased. */
  async open(packId: PackId): Promise<void> {
    const [events, orders, basket] = await Promise.all([
      this.#storage.events.list(packId),
      this.#storage.orders.list(packId),
      this.#storage.basket.list(packId),
    ]);
    this.#packId = packId;
    this.#events = events;
    this.#orders = orders;
    this.#basket = basket;
    this.#lastChange = null;
    this.#opened = true;
  }

  /** Adds an event; returns it as kept, for undo. */
  async add(event: NewEvent): Promise<VisitorEvent> {
    const complete = this.#complete(event);
    await this.#commit(
      () => {
        this.#events = [...this.#events, complete].toSorted(byTime);
        this.#lastChange = { type: 'added', event: complete };
      },
      () => this.#storage.events.add([complete]),
    );
    return complete;
  }

  /** Puts removed events back where they were in time. */
  async restore(events: readonly VisitorEvent[]): Promise<void> {
    const newest = events.at(-1);
    if (newest === undefined) return;
    await this.#commit(
      () => {
        this.#events = [...this.#events, ...events].toSorted(byTime);
        this.#lastChange = { type: 'added', event: newest };
      },
      () => this.#storage.events.add(events),
    );
  }

  /** Removes events and returns them, for undo. */
  async remove(ids: readonly string[]): Promise<readonly VisitorEvent[]> {
    const [removed, left] = partition(this.#events, ids);
    if (removed.length === 0) return [];
    await this.#commit(
      () => {
        this.#events = left;
        this.#lastChange = { type: 'removed', events: removed };
      },
      () => this.#storage.events.remove(ids),
    );
    return removed;
  }

  /** Replaces the event of the same id. */
  async replace(event: VisitorEvent): Promise<void> {
    await this.#commit(
      () => {
        this.#events = this.#events.map((kept) => (kept.id === event.id ? event : kept)).toSorted(byTime);
        this.#lastChange = { type: 'added', event };
      },
      () => this.#storage.events.replace(event),
    );
  }

  /** Removes every event of some kinds on an item; returns them, for undo. */
  async take(itemId: ItemId, kinds: readonly VisitorEvent['kind'][]): Promise<readonly VisitorEvent[]> {
    return await this.remove(
      this.#events
        .filter((event) => event.itemId === itemId && kinds.includes(event.kind))
        .map((event) => event.id),
    );
  }

  /** Rates an item, or changes the rating there is; an own review gets the same stars. */
  async rate(itemId: ItemId, stars: Stars): Promise<void> {
    const rated = this.#events.findLast((event) => event.itemId === itemId && event.kind === 'rate');
    if (rated?.kind === 'rate') await this.replace({ ...rated, stars, at: this.#now() });
    else await this.add({ kind: 'rate', itemId, stars });
    const review = this.standing(itemId).review;
    if (review !== null && review.stars !== stars) await this.replace({ ...review, stars });
  }

  /** Keeps an own review, in place of an earlier one. */
  async review(itemId: ItemId, stars: Stars, text: string): Promise<void> {
    const earlier = this.standing(itemId).review;
    if (earlier === null) await this.add({ kind: 'review', itemId, stars, text });
    else await this.replace({ ...earlier, stars, text, at: this.#now() });
  }

  /** Records a look at a product's page, once a visit. */
  async view(itemId: ItemId): Promise<void> {
    const since = Date.now() - SAME_VISIT_MS;
    const seen = this.#events.some(
      (event) => event.kind === 'view' && event.itemId === itemId && event.at > since,
    );
    if (!seen) await this.add({ kind: 'view', itemId });
  }

  /** Sets how many of an item are in the basket; 0 takes it out. More than before is an event of its own. */
  async setQuantity(itemId: ItemId, quantity: number): Promise<VisitorEvent | null> {
    const packId = this.#requirePack();
    const before = this.#basket.find((line) => line.itemId === itemId);
    if (quantity <= 0) {
      await this.#commit(
        () => (this.#basket = this.#basket.filter((line) => line.itemId !== itemId)),
        () => this.#storage.basket.remove(packId, itemId),
      );
      return null;
    }
    const line: BasketLine = { packId, itemId, quantity, addedAt: before?.addedAt ?? Date.now() };
    await this.#commit(
      () =>
        (this.#basket =
          before === undefined
            ? [...this.#basket, line]
            : this.#basket.map((other) => (other.itemId === itemId ? line : other))),
      () => this.#storage.basket.set(line),
    );
    const added = quantity - (before?.quantity ?? 0);
    return added > 0 ? await this.add({ kind: 'basket', itemId, quantity: added }) : null;
  }

  /** Stores a simulated order of everything in the basket that the shop has, and empties the basket. */
  async order(lines: readonly OrderLine[], currency: string | null): Promise<void> {
    const packId = this.#requirePack();
    const order: Order = { id: crypto.randomUUID(), packId, at: Date.now(), currency, lines };
    const events = lines.map(({ itemId, quantity }) =>
      this.#complete({ kind: 'order', itemId, quantity, orderId: order.id }),
    );
    const last = events.at(-1);
    await this.#commit(
      () => {
        this.#orders = [...this.#orders, order];
        this.#events = [...this.#events, ...events].toSorted(byTime);
        this.#basket = [];
        if (last !== undefined) this.#lastChange = { type: 'added', event: last };
      },
      () => this.#storage.orders.place(order, events),
    );
  }

  /** Shows a change at once, and takes it back where it could not be kept. */
  async #commit(show: () => void, keep: () => Promise<unknown>): Promise<void> {
    const before = {
      events: this.#events,
      orders: this.#orders,
      basket: this.#basket,
      change: this.#lastChange,
    };
    show();
    try {
      await keep();
    } catch (error) {
      this.#events = before.events;
      this.#orders = before.orders;
      this.#basket = before.basket;
      this.#lastChange = before.change;
      throw error;
    }
  }

  #complete(event: NewEvent): VisitorEvent {
    return { ...event, id: crypto.randomUUID(), packId: this.#requirePack(), at: this.#now() };
  }

  /** Later than every event so far: two events of one millisecond, or a clock set back, would lose their order. */
  #now(): number {
    return Math.max(Date.now(), (this.#events.at(-1)?.at ?? 0) + 1);
  }

  #requirePack(): PackId {
    if (this.#packId === null) throw new Error('No shop is open.');
    return this.#packId;
  }
}
