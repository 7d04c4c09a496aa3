import { starsOf } from '../../lib/import/index.ts';
import type { InteractionColumns } from '../../lib/types.ts';
import { toColumns } from './interaction-columns.ts';
import { MOVIELENS_SCALE, readInteractions } from './read-interactions.ts';

const SECONDS_PER_DAY = 86_400;

/**
 * The ratings of a MovieLens data set, without its films: what `readInteractions` reads as `movielens`. Each becomes a
 * `rate` (stars as in a pack made of the data). Positions follow the order of the ids. Throws what it throws.
 */
export function readMovielensRatings(path: string): InteractionColumns {
  const { file, user, item, value, time } = readInteractions(path, 'movielens', null);
  const [users, items] = [positions(user), positions(item)];
  return toColumns(
    file,
    user.map((id, row) => ({
      user: users.get(id) ?? 0,
      item: items.get(item[row] ?? '') ?? 0,
      kind: 'rate',
      stars: starsOf(value[row] ?? 0, MOVIELENS_SCALE),
      day: Math.floor((time?.[row] ?? 0) / SECONDS_PER_DAY),
    })),
  );
}

/** Dense positions of ids in ascending order. */
function positions(ids: readonly string[]): ReadonlyMap<string, number> {
  const distinct = [...new Set(ids)].sort((first, second) => Number(first) - Number(second));
  return new Map(distinct.map((id, position) => [id, position]));
}
