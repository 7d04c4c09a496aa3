import { starsOf, type ReadEvents } from '../../lib/import/index.ts';
import { EVENT_KINDS, type InteractionColumns } from '../../lib/types.ts';
import { MOVIELENS_SCALE, readInteractions } from './read-interactions.ts';

const SECONDS_PER_DAY = 86_400;

/**
 * Interactions whose ids are positions already, in LightGCN's format; each becomes a `like`. Users and items number one more than
 * the highest position. Throws what `readInteractions` throws.
 */
export async function readLightGcn(path: string): Promise<InteractionColumns> {
  const events = await readInteractions(path, 'lightgcn', null);
  return toColumns(events, events.users.map(Number), events.items.map(Number), 'like');
}

/**
 * The ratings of a MovieLens data set, without its films. Each becomes a `rate` (stars as in a pack made of the data).
 * Positions follow the order of the ids. Throws what `readInteractions` throws.
 */
export async function readMovielensRatings(path: string): Promise<InteractionColumns> {
  const events = await readInteractions(path, 'movielens', null);
  return toColumns(events, ranks(events.users), ranks(events.items), 'rate');
}

/** Position of each id in ascending order. */
function ranks(ids: readonly string[]): readonly number[] {
  const rank = new Array<number>(ids.length).fill(0);
  const order = ids.map((_, at) => at).sort((a, b) => Number(ids[a]) - Number(ids[b]));
  order.forEach((at, position) => (rank[at] = position));
  return rank;
}

function toColumns(
  { user, item, value, seconds }: ReadEvents,
  users: readonly number[],
  items: readonly number[],
  kind: 'like' | 'rate',
): InteractionColumns {
  const { length } = user;
  return {
    users: users.reduce((most, position) => Math.max(most, position), 0) + 1,
    items: items.reduce((most, position) => Math.max(most, position), 0) + 1,
    length,
    user: Int32Array.from(user, (number) => users[number] ?? 0),
    item: Int32Array.from(item, (number) => items[number] ?? 0),
    kind: new Uint8Array(length).fill(EVENT_KINDS.indexOf(kind)),
    stars:
      kind === 'like'
        ? new Uint8Array(length)
        : Uint8Array.from(value, (rating) => starsOf(rating, MOVIELENS_SCALE)),
    day:
      seconds === null
        ? new Int32Array(length)
        : Int32Array.from(seconds, (at) => Math.floor(at / SECONDS_PER_DAY)),
  };
}
