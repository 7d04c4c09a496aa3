import { sha256Hex } from '../../checksum.ts';
import type { EventKind, ItemId, PackId, Stars, VisitorEvent } from '../../types.ts';
import type { PastDeed, PastDeedType, PastSource, PastWork } from './types.ts';

/** What the visitor takes of a past. */
export interface PastChoice {
  readonly ratings: boolean;
  /** Read, watched, bought, played. */
  readonly had: boolean;
  readonly liked: boolean;
  /** To read, to watch. */
  readonly wanted: boolean;
  /** Words of reviews. */
  readonly reviews: boolean;
}

/** True for an order that says only that the visitor had the product elsewhere: read a book, watched a film. */
export function isHadElsewhere(orderId: string): boolean {
  return orderId === 'goodreads' || orderId === 'letterboxd';
}

/** A thing, and the product that it is. */
export interface ChosenMatch {
  readonly work: PastWork;
  readonly itemId: ItemId;
}

export interface PastEvents {
  /** Those that are not there yet, oldest first. */
  readonly added: readonly VisitorEvent[];
  /** Products that the added events are about. */
  readonly products: number;
  /** How many are there already, from an earlier import or since the visitor said so in this shop. */
  readonly known: number;
  /** Reviews without stars, which the shop cannot keep. */
  readonly withoutStars: number;
  /** Events without a date, which take that of the oldest one. */
  readonly undated: number;
}

/** What of a deed is told by one event, and by what its event differs from others of its kind on the same product. */
interface Wanted {
  readonly key: string;
  readonly at: number | null;
  readonly event:
    | { readonly kind: 'like' }
    | { readonly kind: 'rate'; readonly stars: Stars }
    | { readonly kind: 'dwell'; readonly seconds: number }
    | { readonly kind: 'order'; readonly quantity: number; readonly orderId: string }
    | { readonly kind: 'review'; readonly stars: Stars; readonly text: string };
}

const CHOSEN_BY = {
  rated: 'ratings',
  had: 'had',
  bought: 'had',
  played: 'had',
  liked: 'liked',
  wanted: 'wanted',
  reviewed: 'reviews',
} as const satisfies Record<PastDeedType, keyof PastChoice>;

/** Of these an item has one, whoever said it where. */
const ONCE: ReadonlySet<EventKind> = new Set(['rate', 'review', 'like']);

/**
 * The events that a past comes to in a shop, in an order and under ids that depend on nothing but what they say: the same
 * past twice gives the same events. What the visitor has said in the shop stays: a product that is rated, reviewed or
 * liked there is not rated, reviewed or liked again. `now` dates events where no event has a date; milliseconds since 1970.
 */
export async function pastEvents(
  matches: readonly ChosenMatch[],
  choice: PastChoice,
  packId: PackId,
  existing: readonly VisitorEvent[],
  now: number,
): Promise<PastEvents> {
  const ids = new Set(existing.map(({ id }) => id));
  const said = new Set(existing.filter(({ kind }) => ONCE.has(kind)).map(onceKey));
  const dates = matches.flatMap(({ work }) => work.deeds.flatMap(({ at }) => at ?? []));
  const oldest = dates.reduce((least, at) => Math.min(least, at), now);
  let [known, withoutStars, undated] = [0, 0, 0];
  const added: VisitorEvent[] = [];
  for (const { itemId, source, deeds } of gathered(matches)) {
    const { wanted, isUnstarred } = eventsOf(deeds, source, choice);
    if (isUnstarred) withoutStars += 1;
    for (const { key, at, event } of wanted) {
      const id = await eventId([packId, source, itemId, event.kind, key]);
      if (ids.has(id) || said.has(onceKey({ itemId, kind: event.kind }))) {
        known += 1;
        continue;
      }
      ids.add(id);
      if (ONCE.has(event.kind)) said.add(onceKey({ itemId, kind: event.kind }));
      if (at === null) undated += 1;
      added.push({ id, packId, itemId, at: at ?? oldest, ...event });
    }
  }
  return {
    added: added.toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)),
    products: new Set(added.map(({ itemId }) => itemId)).size,
    known,
    withoutStars,
    undated,
  };
}

/** What a source tells of one product comes to. */
function eventsOf(
  deeds: readonly PastDeed[],
  source: PastSource,
  choice: PastChoice,
): { readonly wanted: readonly Wanted[]; readonly isUnstarred: boolean } {
  const wanted: Wanted[] = [];
  const chosen = deeds.filter(({ type }) => choice[CHOSEN_BY[type]]);
  const rated = latest(deeds, 'rated');
  if (rated !== null && choice.ratings) {
    wanted.push({ key: '', at: rated.at, event: { kind: 'rate', stars: rated.stars } });
  }
  const reviewed = latest(chosen, 'reviewed');
  if (reviewed !== null && rated !== null) {
    const event = { kind: 'review', stars: rated.stars, text: reviewed.text } as const;
    wanted.push({ key: '', at: reviewed.at, event });
  }
  // what was liked, or is wanted and not had yet
  const liked = latest(chosen, 'liked') ?? (deeds.some(isHaving) ? null : latest(chosen, 'wanted'));
  if (liked !== null) wanted.push({ key: '', at: liked.at, event: { kind: 'like' } });
  // a rating says what having it would: whoever gave one star had it too
  const had = rated !== null && choice.ratings ? null : latest(chosen, 'had');
  if (had !== null) {
    wanted.push({ key: 'had', at: had.at, event: { kind: 'order', quantity: 1, orderId: source } });
  }
  for (const [order, { at, quantity }] of orders(chosen)) {
    const orderId = order === '' ? source : `${source} ${order}`;
    wanted.push({ key: order, at, event: { kind: 'order', quantity, orderId } });
  }
  const played = latest(chosen, 'played');
  if (played !== null) {
    wanted.push({ key: '', at: played.at, event: { kind: 'dwell', seconds: played.seconds } });
  }
  return { wanted, isUnstarred: reviewed !== null && rated === null };
}

/** Purchases by order: an order that came in several parcels has a row each. */
function orders(
  deeds: readonly PastDeed[],
): ReadonlyMap<string, { readonly at: number | null; readonly quantity: number }> {
  const byOrder = new Map<string, { readonly at: number | null; readonly quantity: number }>();
  for (const deed of deeds) {
    if (deed.type !== 'bought') continue;
    const before = byOrder.get(deed.order);
    byOrder.set(deed.order, {
      at: before?.at ?? deed.at,
      quantity: deed.quantity + (before?.quantity ?? 0),
    });
  }
  return byOrder;
}

function isHaving({ type }: PastDeed): boolean {
  return type !== 'wanted' && type !== 'liked';
}

/** The newest deed of a type; of several without a date, or of one date, the last. */
function latest<Type extends PastDeedType>(
  deeds: readonly PastDeed[],
  type: Type,
): Extract<PastDeed, { readonly type: Type }> | null {
  let newest: Extract<PastDeed, { readonly type: Type }> | null = null;
  for (const deed of deeds) {
    if (isOf(deed, type) && (deed.at ?? 0) >= (newest?.at ?? 0)) newest = deed;
  }
  return newest;
}

function isOf<Type extends PastDeedType>(
  deed: PastDeed,
  type: Type,
): deed is Extract<PastDeed, { readonly type: Type }> {
  return deed.type === type;
}

interface Gathered {
  readonly itemId: ItemId;
  readonly source: PastSource;
  readonly deeds: PastDeed[];
}

/** Deeds by product and source: several editions of a book may be one product. */
function gathered(matches: readonly ChosenMatch[]): Iterable<Gathered> {
  const groups = new Map<string, Gathered>();
  for (const { work, itemId } of matches) {
    const key = `${work.source} ${itemId}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { itemId, source: work.source, deeds: [...work.deeds] });
    else group.deeds.push(...work.deeds);
  }
  return groups.values();
}

const onceKey = ({ itemId, kind }: Pick<VisitorEvent, 'itemId' | 'kind'>): string => `${kind} ${itemId}`;

/** A UUID by name (version 8 of RFC 9562): the first 122 bits of a SHA-256 that are free in it. */
async function eventId(name: readonly string[]): Promise<string> {
  const hex = await sha256Hex(new TextEncoder().encode(JSON.stringify(['past', ...name])));
  const variant = (8 + (parseInt(hex.charAt(16), 16) & 3)).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
