import { sha256Hex } from '../../checksum.ts';
import { AppError } from '../../errors.ts';
import { MAX_TEXT } from '../../pack/limits.ts';
import { cleanText } from '../../pack/text.ts';
import type { PackContent } from '../../pack/write.ts';
import {
  LANGUAGES,
  type InteractionColumns,
  type Item,
  type ItemId,
  type ItemIndex,
  type PackId,
  type Review,
} from '../../types.ts';
import { ALL_FLAGS, type Cleaned } from '../clean/clean.ts';
import { starsOf } from '../clean/scale.ts';
import { KIND_CODES } from '../events/event-table.ts';
import type { EventSink } from '../events/sink.ts';
import type { Catalogue, CatalogueItem } from '../items/catalogue.ts';
import type { RatingScale } from '../types.ts';
import { aboutOf } from './about.ts';
import { genreNames, isFilms, shelvesOf } from './categories.ts';
import { languageOf, localized } from './language.ts';
import { shuffledNumbers } from './shuffle.ts';

const SECONDS_PER_DAY = 86_400;
/** A digest takes a copy of what it is given: piece by piece, that is no second column. */
const DIGEST_BYTES = 8 * 1024 * 1024;
/** Any number does, as long as it stays: the same files must give the same pack. */
const USER_SEED = 20_101_201;

export interface ContentSource {
  readonly dataset: string;
  readonly currency: string | null;
  readonly sink: EventSink;
  readonly catalogue: Catalogue;
  readonly cleaned: Cleaned;
  readonly packId: string | undefined;
  readonly packName: string | undefined;
}

/**
 * What is left after cleaning, as a pack holds it: products by id in order, people as row numbers in shuffled order,
 * events by person and day. Takes the columns of the sink apart as it goes. Throws `import-invalid` where no product is left.
 */
export async function toPackContent(source: ContentSource): Promise<PackContent> {
  const { dataset, sink, cleaned } = source;
  const products = productsOf(source);
  if (products.length === 0) {
    throw new AppError('import-invalid', 'No product is left after cleaning.', {
      remedy: 'See the report: which step left the rows out, and which columns were read.',
    });
  }
  const position = new Map(products.map(({ id }, index) => [id, index]));
  const itemAt = Int32Array.from({ length: sink.items.size }, (_, item) => {
    return position.get(sink.items.text(item)) ?? -1;
  });
  const reviews = reviewsOf(sink, itemAt, cleaned.scale);
  const ratings = anonymousRatings(sink, itemAt, products.length, cleaned.scale);
  const interactions = cleaned.counts.events === 0 ? null : columnsOf(sink, cleaned, itemAt, products.length);
  const shelves = shelvesOf(dataset, products);
  const items = products.map((product, index): Item => {
    const { name, description } = textsOf(product);
    return {
      index: index as ItemIndex,
      id: product.id as ItemId,
      name,
      brand: product.brand,
      category: shelves.of[index]?.key ?? '',
      price: product.price,
      description,
      attributes: attributesOf(dataset, product),
      art: shelves.of[index]?.art ?? null,
      popularity: 0,
      ratingCounts: ratings[index] ?? [0, 0, 0, 0, 0],
    };
  });
  const about = aboutOf(dataset);
  const languages = LANGUAGES.filter((language) => items.some(({ name }) => name[language] !== undefined));
  const digest = await contentDigest(items, interactions, reviews);
  return {
    about: {
      id: (source.packId ?? `${about.key}-${digest}`) as PackId,
      name: source.packName === undefined ? about.name : localized(source.packName),
      description: about.description,
      simulated: false,
      languages,
      licence: about.licence,
      source: about.source,
      currency: source.currency,
      categories: shelves.categories,
    },
    items,
    art: new Map(),
    interactions,
    reviews,
  };
}

/** Products in the order of their ids: those of the catalogue, or those that an event is left of. */
function productsOf({ dataset, sink, catalogue }: ContentSource): readonly CatalogueItem[] {
  const products = catalogue.items.size > 0 ? [...catalogue.items.values()] : namedInEvents(dataset, sink);
  const isNumeric = products.every(({ id }) => /^\d{1,15}$/u.test(id));
  return products.sort((a, b) => (isNumeric && Number(a.id) - Number(b.id)) || (a.id < b.id ? -1 : 1));
}

function namedInEvents(dataset: string, sink: EventSink): CatalogueItem[] {
  const { events } = sink;
  const used = new Uint8Array(sink.items.size);
  const prices = new Map<number, number[]>();
  for (let row = 0; row < events.length; row++) {
    if (events.flags.get(row) !== 0) continue;
    const item = events.item.get(row);
    used[item] = 1;
    if (events.kind.get(row) !== KIND_CODES.order) continue;
    const price = events.value.get(row);
    const paid = prices.get(item) ?? [];
    prices.set(item, paid);
    if (!Number.isNaN(price)) paid.push(price);
  }
  for (let row = 0; row < sink.anonymousItem.length; row++) used[sink.anonymousItem.get(row)] = 1;
  const products: CatalogueItem[] = [];
  for (let item = 0; item < used.length; item++) {
    if (used[item] === 0) continue;
    const title = mostFrequent(sink.titles[item] ?? new Map());
    products.push({
      id: sink.items.text(item),
      title: dataset === 'online-retail' ? sentenceCase(title) : title,
      category: sink.categories[item] ?? '',
      brand: '',
      description: '',
      year: '',
      price: median(prices.get(item) ?? []),
    });
  }
  return products;
}

function textsOf({ id, title, description }: CatalogueItem): Pick<Item, 'name' | 'description'> {
  return {
    name: localized(title === '' ? cleanText(id, MAX_TEXT.name) : title),
    description: localized(description),
  };
}

function attributesOf(dataset: string, { id, title, year, category }: CatalogueItem): Item['attributes'] {
  const attributes: Item['attributes'][number][] = [];
  const released = year === '' ? (/\((\d{4})\)$/u.exec(title)?.[1] ?? '') : year.replace(/\.0$/u, '');
  if (released !== '') {
    attributes.push({ name: { en: 'Year', zh: '年份' }, value: { en: released, zh: released } });
  }
  const genres = isFilms(dataset) ? genreNames(category) : null;
  if (genres !== null) attributes.push({ name: { en: 'Genres', zh: '类型' }, value: genres });
  if (dataset === 'online-retail') {
    attributes.push({ name: { en: 'Stock code', zh: '货号' }, value: { en: id, zh: id } });
  }
  return attributes;
}

/**
 * Columns sorted by person, then time. A column of the sink is given back as soon as it is copied, so that an event takes no
 * more than 22 bytes at any moment.
 */
function columnsOf(sink: EventSink, cleaned: Cleaned, itemAt: Int32Array, items: number): InteractionColumns {
  const { events } = sink;
  const { row, start } = cleaned.order;
  const { events: length, users } = cleaned.counts;
  events.user.clear();
  const isKept = (event: number): boolean => (events.flags.get(event) & ALL_FLAGS) === 0;
  // events that each user of the sink keeps
  const kept = new Uint32Array(start.length);
  for (let user = 0; user + 1 < start.length; user++) {
    for (let at = start[user] ?? 0; at < (start[user + 1] ?? 0); at++) {
      if (isKept(row[at] ?? 0)) kept[user] = (kept[user] ?? 0) + 1;
    }
  }
  const { numberOf, offset } = renumbered(sink, kept, users);
  const eachKept = (onEvent: (event: number, slot: number) => void): void => {
    for (let user = 0; user + 1 < start.length; user++) {
      let slot = offset[user] ?? 0;
      for (let at = start[user] ?? 0; at < (start[user + 1] ?? 0); at++) {
        const event = row[at] ?? 0;
        if (isKept(event)) onEvent(event, slot++);
      }
    }
  };
  const item = new Int32Array(length);
  eachKept((event, slot) => (item[slot] = itemAt[events.item.get(event)] ?? 0));
  events.item.clear();
  const day = new Int32Array(length);
  eachKept((event, slot) => (day[slot] = Math.floor(events.seconds.get(event) / SECONDS_PER_DAY)));
  events.seconds.clear();
  const kind = new Uint8Array(length);
  const stars = new Uint8Array(length);
  const { scale } = cleaned;
  eachKept((event, slot) => {
    const code = events.kind.get(event);
    kind[slot] = code;
    if (scale === null || (code !== KIND_CODES.rate && code !== KIND_CODES.review)) return;
    stars[slot] = starsOf(events.value.get(event), scale);
  });
  events.kind.clear();
  events.value.clear();
  events.flags.clear();
  const user = new Int32Array(length);
  for (let from = 0; from < kept.length; from++) {
    const first = offset[from] ?? 0;
    user.fill(numberOf[from] ?? 0, first, first + (kept[from] ?? 0));
  }
  return { users, items, length, user, item, kind, stars, day };
}

/** Shuffled row numbers of the users who keep events, and where their events begin. */
function renumbered(
  { events }: EventSink,
  kept: Uint32Array,
  users: number,
): { readonly numberOf: Int32Array; readonly offset: Uint32Array } {
  const from = new Map<string, number>();
  kept.forEach((count, user) => {
    if (count > 0) from.set(events.users.text(user), user);
  });
  const numberOf = new Int32Array(kept.length);
  const userOf = new Uint32Array(users);
  for (const [key, number] of shuffledNumbers(from.keys(), USER_SEED)) {
    const user = from.get(key) ?? 0;
    numberOf[user] = number;
    userOf[number] = user;
  }
  const offset = new Uint32Array(kept.length);
  let next = 0;
  for (const user of userOf) {
    offset[user] = next;
    next += kept[user] ?? 0;
  }
  return { numberOf, offset };
}

function reviewsOf(sink: EventSink, itemAt: Int32Array, scale: RatingScale | null): readonly Review[] {
  if (scale === null) return [];
  return sink.reviews.flatMap(({ row, item, rating, seconds, text }): Review[] => {
    const index = itemAt[item] ?? -1;
    if (index === -1 || (row !== -1 && sink.events.flags.get(row) !== 0)) return [];
    return [
      {
        item: index as ItemIndex,
        stars: starsOf(rating, scale),
        language: languageOf(text),
        text,
        day: Math.floor(seconds / SECONDS_PER_DAY),
      },
    ];
  });
}

/** Ratings of nobody, by product and stars. */
function anonymousRatings(
  { anonymousItem, anonymousRating }: EventSink,
  itemAt: Int32Array,
  items: number,
  scale: RatingScale | null,
): readonly Item['ratingCounts'][] {
  const counts = Array.from({ length: items }, (): [number, number, number, number, number] => [
    0, 0, 0, 0, 0,
  ]);
  if (scale === null) return counts;
  for (let row = 0; row < anonymousItem.length; row++) {
    const own = counts[itemAt[anonymousItem.get(row)] ?? -1];
    const stars = starsOf(anonymousRating.get(row), scale);
    if (own !== undefined) own[stars - 1] = (own[stars - 1] ?? 0) + 1;
  }
  return counts;
}

/** First eight digits of a checksum of everything in the pack that came from the files. */
async function contentDigest(
  items: readonly Item[],
  interactions: InteractionColumns | null,
  reviews: readonly Review[],
): Promise<string> {
  const encoder = new TextEncoder();
  const parts = [await sha256Hex(encoder.encode(JSON.stringify(items)))];
  for (const review of reviews) parts.push(`${review.item} ${review.stars} ${review.day} ${review.text}`);
  if (interactions !== null) {
    for (const { buffer } of [
      interactions.user,
      interactions.item,
      interactions.kind,
      interactions.stars,
      interactions.day,
    ]) {
      for (let at = 0; at < buffer.byteLength; at += DIGEST_BYTES) {
        const length = Math.min(DIGEST_BYTES, buffer.byteLength - at);
        parts.push(await sha256Hex(new Uint8Array(buffer, at, length)));
      }
    }
  }
  return (await sha256Hex(encoder.encode(parts.join('\n')))).slice(0, 8);
}

/** The most frequent text; of equally frequent ones the first in alphabetical order. */
export function mostFrequent(counts: ReadonlyMap<string, number>): string {
  const ranked = [...counts].sort(([a, inA], [b, inB]) => inB - inA || (a < b ? -1 : 1));
  return ranked[0]?.[0] ?? '';
}

/** Middle value; the mean of the two middle ones of an even number, to the penny; null of none. */
export function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half];
  if (upper === undefined) return null;
  const lower = sorted.length % 2 === 0 ? (sorted[half - 1] ?? 0) : upper;
  return Math.round(50 * (lower + upper)) / 100;
}

/** Online Retail shouts ("WHITE METAL LANTERN"); the shop does not. A name that is not all capitals stays. */
export function sentenceCase(name: string): string {
  if (name !== name.toUpperCase()) return name;
  return name.toLowerCase().replace(/^[a-z]/u, (letter) => letter.toUpperCase());
}
