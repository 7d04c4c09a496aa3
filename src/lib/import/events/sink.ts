import { MAX_EVENTS, MAX_EXAMPLES, MAX_REVIEW_TEXT, MAX_REVIEWS } from '../limits.ts';
import { AppError } from '../../errors.ts';
import { MAX_TEXT } from '../../pack/limits.ts';
import { cleanText } from '../../pack/text.ts';
import { EventTable, FLAGS, type Flag, type NewEvent } from './event-table.ts';
import type { Ids } from './ids.ts';
import { detached } from './ids.ts';
import { GrowingColumn } from './growing.ts';

/** A review as it was read. */
export interface ReadReview {
  /** Of the event; -1 where nobody is named. */
  readonly row: number;
  readonly item: number;
  readonly rating: number;
  readonly seconds: number;
  readonly text: string;
}

/** What a head of an order says of its lines. */
export interface OrderHead {
  readonly user: string;
  readonly seconds: number;
  readonly flags: number;
}

/** Everything that is read from the tables of events. */
export class EventSink {
  readonly events = new EventTable();
  readonly orders = new Map<string, OrderHead>();
  readonly reviews: ReadReview[] = [];
  /** Ratings of nobody: they count for the product alone. */
  readonly anonymousItem = new GrowingColumn((length) => new Uint32Array(length));
  readonly anonymousRating = new GrowingColumn((length) => new Float32Array(length));
  /** How often an item goes by a title, by item number. */
  readonly titles: (Map<string, number> | undefined)[] = [];
  readonly categories: (string | undefined)[] = [];
  /** Lowest and highest rating. */
  ratingRange: { min: number; max: number } | null = null;
  /** Reviews that were counted but not kept. */
  reviewsBeyondCap = 0;
  readonly #examples = new Map<Flag, string[]>();
  #reviewText = 0;

  /** Keys of products, those of rows without a person too. */
  get items(): Ids {
    return this.events.items;
  }

  /** Throws `import-invalid` beyond the cap of a pack. */
  addEvent(event: NewEvent, where: () => string): number {
    if (this.events.length === MAX_EVENTS) {
      throw new AppError('import-invalid', `More than ${MAX_EVENTS} events.`, {
        values: { limit: MAX_EVENTS },
        remedy: 'Import a part of them.',
      });
    }
    this.events.add(event);
    if (event.flags !== 0) this.#keepExample(event.flags, where);
    return this.events.length - 1;
  }

  addRating(rating: number): void {
    const range = (this.ratingRange ??= { min: rating, max: rating });
    if (rating < range.min) range.min = rating;
    if (rating > range.max) range.max = rating;
  }

  addReview(review: ReadReview): void {
    const text = cleanText(review.text, MAX_TEXT.review, 'keep');
    if (text === '') return;
    if (this.reviews.length >= MAX_REVIEWS || this.#reviewText + text.length > MAX_REVIEW_TEXT) {
      this.reviewsBeyondCap += 1;
      return;
    }
    this.#reviewText += text.length;
    this.reviews.push({ ...review, text: detached(text) });
  }

  /**
   * Puts products in the place of the keys that name them: `resolve` gives the product's id, null for a key that is one
   * itself. What follows then counts products, not keys.
   */
  resolveItems(resolve: (key: string) => string | null): void {
    const keys = this.items.size;
    const product = Uint32Array.from({ length: keys }, (_, item) => {
      const id = resolve(this.items.text(item));
      return id === null ? item : this.items.add(id);
    });
    if (product.every((own, item) => own === item)) return;
    const { item } = this.events;
    for (let row = 0; row < item.length; row++) item.set(row, product[item.get(row)] ?? 0);
    for (let row = 0; row < this.anonymousItem.length; row++) {
      this.anonymousItem.set(row, product[this.anonymousItem.get(row)] ?? 0);
    }
    this.reviews.forEach((review, at) => (this.reviews[at] = { ...review, item: product[review.item] ?? 0 }));
  }

  addTitle(item: number, title: string): void {
    const titles = (this.titles[item] ??= new Map<string, number>());
    const count = titles.get(title);
    titles.set(count === undefined ? detached(title) : title, (count ?? 0) + 1);
  }

  examples(flag: Flag): readonly string[] {
    return this.#examples.get(flag) ?? [];
  }

  /** Goes back to an earlier moment: a file that must be read again. */
  mark(): () => void {
    const events = this.events.length;
    const [reviews, text, beyond] = [this.reviews.length, this.#reviewText, this.reviewsBeyondCap];
    const [anonymous, range] = [
      this.anonymousItem.length,
      this.ratingRange === null ? null : { ...this.ratingRange },
    ];
    const titles = this.titles.map((counts) => (counts === undefined ? undefined : new Map(counts)));
    return () => {
      this.events.truncate(events);
      this.reviews.length = reviews;
      [this.#reviewText, this.reviewsBeyondCap] = [text, beyond];
      this.anonymousItem.truncate(anonymous);
      this.anonymousRating.truncate(anonymous);
      this.ratingRange = range;
      this.titles.splice(0, this.titles.length, ...titles);
    };
  }

  /** Of several flags the first counts: it names the step that leaves the event out. */
  #keepExample(flags: number, where: () => string): void {
    const flag = FLAG_NAMES.find((name) => (flags & FLAGS[name]) !== 0);
    if (flag === undefined) return;
    const examples = this.#examples.get(flag) ?? [];
    if (examples.length < MAX_EXAMPLES) this.#examples.set(flag, [...examples, where()]);
  }
}

const FLAG_NAMES = Object.keys(FLAGS) as Flag[];
