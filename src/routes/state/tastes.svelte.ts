import type { OutsideTaste } from '../../lib/model/index.ts';
import type { Storage } from '../../lib/storage/types.ts';
import type { Item, LocalizedText, PackId, Saying, VisitorEvent } from '../../lib/types.ts';
import type { PackReader } from './pack-source.ts';
import type { Visitor } from './visitor.svelte.ts';

/** A product of another shop that speaks for products of the open one. */
export interface CarriedItem {
  readonly type: 'item';
  readonly id: string;
  /** The other shop's name. */
  readonly shop: LocalizedText;
  readonly item: Item;
  /** What the visitor did with it there, oldest first, and its signed strength. */
  readonly events: readonly VisitorEvent[];
  readonly strength: number;
}

export interface TastesDependencies {
  readonly storage: Pick<Storage, 'events' | 'packs'>;
  readonly visitor: Visitor;
  /** Starts the pack worker at the first call. */
  readonly reader: () => PackReader;
}

/** What is known of the visitor's taste from outside the open shop's events: what they said, and what other shops tell. */
export class Tastes {
  readonly #use: TastesDependencies;
  #carried = $state.raw<readonly CarriedItem[]>([]);
  #choice = 0;
  #open: PackId | null = null;
  readonly #outside: readonly OutsideTaste[];

  constructor(dependencies: TastesDependencies) {
    this.#use = dependencies;
    this.#outside = $derived([...dependencies.visitor.sayings, ...this.#carried]);
  }

  /** As the recommender takes it. */
  get outside(): readonly OutsideTaste[] {
    return this.#outside;
  }
  get carried(): readonly CarriedItem[] {
    return this.#carried;
  }

  /** What an id of `outside` stands for; null where it is gone. */
  about(id: string): Saying | CarriedItem | null {
    return (
      this.#use.visitor.sayings.find((saying) => saying.id === id) ??
      this.#carried.find((item) => item.id === id) ??
      null
    );
  }

  /** Takes over what the visitor did in all shops but the open one; null forgets it at once. */
  async carry(open: PackId | null): Promise<void> {
    const choice = ++this.#choice;
    this.#open = open;
    if (this.#carried.length > 0) this.#carried = [];
    if (open === null) return;
    const { carriedItems } = await import('./carried-items.ts');
    const carried = await carriedItems(open, this.#use.storage, this.#use.reader());
    if (choice === this.#choice) this.#carried = carried;
  }

  /** Deletes what the visitor did with a product of another shop; returns the events, for `restore`. */
  async forget({ id, events }: CarriedItem): Promise<readonly VisitorEvent[]> {
    const removed = await this.#use.storage.events.remove(events.map((event) => event.id));
    this.#carried = this.#carried.filter((item) => item.id !== id);
    return removed;
  }

  /** Puts back what `forget` deleted. */
  async restore(events: readonly VisitorEvent[]): Promise<void> {
    await this.#use.storage.events.add(events);
    await this.carry(this.#open);
  }
}
