import { AppError } from '../../errors.ts';
import { rowMajorOrder } from '../matrix/csr.ts';

/** Ratings as parallel columns, one entry a rating, in any order. */
export interface RatingColumns {
  readonly users: number;
  readonly items: number;
  /** In [0, users). */
  readonly user: Int32Array<ArrayBuffer>;
  /** In [0, items). */
  readonly item: Int32Array<ArrayBuffer>;
  readonly rating: Float32Array<ArrayBuffer>;
  /** Seconds since the Unix epoch. Models with time bins use it, and of duplicates the latest is kept. */
  readonly time?: Float64Array<ArrayBuffer>;
}

/** What ratings may be, both ends included. */
export interface RatingScale {
  readonly min: number;
  readonly max: number;
}

/**
 * Ratings in the order that training reads: by user, then item; one rating a pair.
 */
export interface RatingTable {
  readonly users: number;
  readonly items: number;
  readonly scale: RatingScale;
  readonly mean: number;
  /** Entries of user u: positions userStarts[u] to userStarts[u + 1]. */
  readonly userStarts: Int32Array<ArrayBuffer>;
  readonly user: Int32Array<ArrayBuffer>;
  readonly item: Int32Array<ArrayBuffer>;
  readonly rating: Float32Array<ArrayBuffer>;
  /** Null where the ratings came without times. */
  readonly time: Float64Array<ArrayBuffer> | null;
  /** Entries of item i in the order of `itemOrder`: itemStarts[i] to itemStarts[i + 1]. */
  readonly itemStarts: Int32Array<ArrayBuffer>;
  /** Ratings left out because the same user rated the same item again. */
  readonly duplicates: number;
}

/**
 * Checks ratings and sorts them. Of several ratings of one pair the latest by time stays, the last given where times
 * are equal or missing; `duplicates` counts the others. Without `scale` the least and the greatest rating are the
 * ends. Throws `not-enough-data` where there is no rating, `input-invalid` naming the first entry that is out of
 * range, out of scale or no finite number.
 */
export function ratingTable(columns: RatingColumns, scale?: RatingScale): RatingTable {
  const { users, items } = columns;
  const given = columns.rating.length;
  const { min, max } = checkRatings(columns, scale);
  const { user, item, rating, time } = isSorted(columns) ? copyOf(columns) : sorted(columns);
  const entries = rating.length;
  let sum = 0;
  for (let at = 0; at < entries; at++) sum += rating[at] ?? 0;
  return {
    users,
    items,
    scale: { min, max },
    mean: sum / entries,
    userStarts: startsOf(user, users),
    user,
    item,
    rating,
    time,
    itemStarts: startsOf(item, items),
    duplicates: given - entries,
  };
}

/** Where the entries in the order of item, then user, stand in the table. */
export function itemOrder({ item, itemStarts }: RatingTable): Int32Array<ArrayBuffer> {
  const next = itemStarts.slice();
  const order = new Int32Array(item.length);
  for (let at = 0; at < item.length; at++) {
    const row = item[at] ?? 0;
    const target = next[row] ?? 0;
    next[row] = target + 1;
    order[target] = at;
  }
  return order;
}

/** A rating within the scale. */
export function clip(value: number, { min, max }: RatingScale): number {
  return Math.min(max, Math.max(min, value));
}

/** Ends of the scale. Throws as `ratingTable`. */
function checkRatings(columns: RatingColumns, scale: RatingScale | undefined): RatingScale {
  const { users, items, user, item, rating, time } = columns;
  const entries = rating.length;
  if (user.length !== entries || item.length !== entries || (time !== undefined && time.length !== entries)) {
    throw new AppError('input-invalid', 'The columns of the ratings differ in length.', {
      values: { user: user.length, item: item.length, rating: entries, time: time?.length ?? entries },
    });
  }
  if (
    scale !== undefined &&
    !(Number.isFinite(scale.min) && Number.isFinite(scale.max) && scale.min < scale.max)
  ) {
    throw new AppError('input-invalid', 'A scale of ratings needs two finite ends, the lower one first.', {
      values: { min: String(scale.min), max: String(scale.max) },
    });
  }
  if (entries === 0) {
    throw new AppError('not-enough-data', 'There is no rating to learn from.', {
      remedy: 'Give a file with at least one rating.',
    });
  }
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const [low, high] = [scale?.min ?? Number.NEGATIVE_INFINITY, scale?.max ?? Number.POSITIVE_INFINITY];
  for (let entry = 0; entry < entries; entry++) {
    const value = rating[entry] ?? Number.NaN;
    if (!Number.isFinite(value)) throw badRating(entry, value, 'is no finite number');
    if (value < low || value > high) throw badRating(entry, value, `is not from ${low} to ${high}`);
    if (time !== undefined && !Number.isFinite(time[entry])) {
      throw badRating(entry, time[entry] ?? Number.NaN, 'was given at no finite time');
    }
    const [row, column] = [user[entry] ?? -1, item[entry] ?? -1];
    if (row < 0 || row >= users) throw badRating(entry, row, `has a user that is not from 0 to ${users - 1}`);
    if (column < 0 || column >= items) {
      throw badRating(entry, column, `has an item that is not from 0 to ${items - 1}`);
    }
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return scale ?? { min: least, max: greatest };
}

function badRating(entry: number, value: number, reason: string): AppError {
  return new AppError('input-invalid', `Rating ${entry} (${String(value)}) ${reason}.`, {
    values: { entry, value: String(value), reason },
    remedy: 'Correct or leave out this line.',
  });
}

type SortedColumns = Pick<RatingTable, 'user' | 'item' | 'rating' | 'time'>;

/** Whether the ratings stand by user, then item, and none twice, as files of them often do: nothing to sort then. */
function isSorted({ user, item }: RatingColumns): boolean {
  for (let entry = 1; entry < user.length; entry++) {
    const [earlier, later] = [user[entry - 1] ?? 0, user[entry] ?? 0];
    if (later < earlier || (later === earlier && (item[entry] ?? 0) <= (item[entry - 1] ?? 0))) return false;
  }
  return true;
}

function copyOf({ user, item, rating, time }: RatingColumns): SortedColumns {
  return { user: user.slice(), item: item.slice(), rating: rating.slice(), time: time?.slice() ?? null };
}

function sorted(columns: RatingColumns): SortedColumns {
  const { users, items } = columns;
  const order = rowMajorOrder({ rows: users, columns: items, row: columns.user, column: columns.item });
  const kept = withoutDuplicates(columns, order);
  const entries = kept.length;
  const user = new Int32Array(entries);
  const item = new Int32Array(entries);
  const rating = new Float32Array(entries);
  const time = columns.time === undefined ? null : new Float64Array(entries);
  for (let at = 0; at < entries; at++) {
    const from = kept[at] ?? 0;
    user[at] = columns.user[from] ?? 0;
    item[at] = columns.item[from] ?? 0;
    rating[at] = columns.rating[from] ?? 0;
    if (time !== null) time[at] = columns.time?.[from] ?? 0;
  }
  return { user, item, rating, time };
}

/** The entries of a row-major order to keep. */
function withoutDuplicates(columns: RatingColumns, order: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const { user, item, time } = columns;
  const kept = new Int32Array(order.length);
  let count = 0;
  for (const entry of order) {
    const last = kept[count - 1] ?? -1;
    if (count > 0 && user[last] === user[entry] && item[last] === item[entry]) {
      if (time === undefined || (time[entry] ?? 0) >= (time[last] ?? 0)) kept[count - 1] = entry;
    } else {
      kept[count++] = entry;
    }
  }
  return kept.subarray(0, count);
}

/** Where each key's entries start, `size` + 1 positions. */
function startsOf(keys: Int32Array<ArrayBuffer>, size: number): Int32Array<ArrayBuffer> {
  const starts = new Int32Array(size + 1);
  for (let at = 0; at < keys.length; at++) {
    const key = keys[at] ?? 0;
    starts[key + 1] = (starts[key + 1] ?? 0) + 1;
  }
  for (let key = 0; key < size; key++) starts[key + 1] = (starts[key + 1] ?? 0) + (starts[key] ?? 0);
  return starts;
}
