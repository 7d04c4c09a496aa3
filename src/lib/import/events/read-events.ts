import { isCleanKey, cleanText } from '../../pack/text.ts';
import { MAX_KEY_LENGTH, MAX_TEXT } from '../../pack/limits.ts';
import { parseKind } from '../cells/kind.ts';
import { parseNumber } from '../cells/number.ts';
import { MAX_SECONDS, orderEvidence, parseTime } from '../cells/time.ts';
import { shorten } from '../errors.ts';
import { defaultKind } from '../recognise/mapping.ts';
import type { OnRow, SourceTable } from '../tables/table.ts';
import type { DayOrder, ImportMapping, ProblemReason, Role, TableMapping } from '../types.ts';
import { FLAGS, LAST_COUNTS, NEVER_DUPLICATE, SAME_MOMENT } from './event-table.ts';
import { detached } from './ids.ts';
import { headFlags, orderFlags, orderMark } from './order-rules.ts';
import type { EventSink } from './sink.ts';
import type { CellStyles } from './styles.ts';

/** Titles of which the cleaned form is kept at hand. */
const MAX_REMEMBERED_TITLES = 50_000;

/** A date that shows that day and month stand the other way round than was assumed: the table is read again. */
export class DayOrderFound extends Error {
  readonly order: DayOrder;

  constructor(order: DayOrder) {
    super(`Local dates are written ${order}.`);
    this.order = order;
  }
}

/** What a table's rows are read with. */
export interface EventReading {
  readonly table: SourceTable;
  readonly tableMapping: TableMapping;
  readonly mapping: ImportMapping;
  readonly styles: CellStyles;
  readonly sink: EventSink;
  readonly keepReviews: boolean;
  readonly onProblem: (problem: {
    readonly line: number;
    readonly column: string;
    readonly value: string;
    readonly reason: ProblemReason;
    readonly remedy: string;
  }) => void;
}

/** Makes the function that takes a table's rows into the sink; its result counts what was used. */
export function eventReader(reading: EventReading): {
  readonly onRow: OnRow;
  readonly used: () => number;
  /** The order of day and month; null as long as no date told it. */
  readonly dayOrder: () => DayOrder | null;
} {
  const { table, tableMapping, mapping, styles, sink, keepReviews, onProblem } = reading;
  const { roles } = tableMapping;
  const at = (role: Role): number => (roles[role] === undefined ? -1 : table.columns.indexOf(roles[role]));
  const position = {
    user: at('user'),
    item: at('item'),
    rating: at('rating'),
    time: at('time'),
    kind: at('kind'),
    quantity: at('quantity'),
    price: at('price'),
    order: at('order'),
    status: at('status'),
    email: at('email'),
    review: at('review'),
    summary: at('summary'),
    title: at('title'),
    category: at('category'),
  };
  const usual = defaultKind(tableMapping);
  const isJoined = position.user === -1 && sink.orders.size > 0 && position.order !== -1;
  const isAnonymous = position.user === -1 && !isJoined;
  const isOnlineRetail = mapping.dataset === 'online-retail';
  // labelled texts without products: the file is what they are about
  const wholeFile = position.item === -1 && position.title === -1 ? baseName(table.name) : null;
  const { scale } = mapping;
  const decimal = styles.decimal;
  const time = { ...styles.time };
  let orderIsCertain = styles.dayOrderIsCertain;
  let used = 0;
  let filled = { order: '', user: '', time: '', status: '', email: '' };

  const problem = (line: number, role: Role, value: string, reason: ProblemReason, remedy: string): false => {
    onProblem({ line, column: roles[role] ?? role, value: shorten(value), reason, remedy });
    return false;
  };

  // lines of an order follow one another and share its time and, of a gift shop, few titles
  let lastTime = { cell: '', seconds: 0 };
  const titles = new Map<string, string>();
  const titleOf = (cell: string): string => {
    const known = titles.get(cell);
    if (known !== undefined) return known;
    if (titles.size === MAX_REMEMBERED_TITLES) titles.clear();
    const title = detached(cleanText(cell, MAX_TEXT.name));
    titles.set(detached(cell), title);
    return title;
  };

  const secondsOf = (cell: string): number => {
    if (cell === lastTime.cell) return lastTime.seconds;
    if (!orderIsCertain) {
      const evidence = orderEvidence(cell);
      if (evidence === time.dayOrder) orderIsCertain = true;
      else if (evidence === 'dmy' || evidence === 'mdy') throw new DayOrderFound(evidence);
    }
    const parsed = parseTime(cell, time);
    const seconds = parsed >= 0 && parsed <= MAX_SECONDS ? parsed : NaN;
    lastTime = { cell, seconds };
    return seconds;
  };

  const readRow = (cells: readonly string[], line: number): boolean => {
    let user = trimmed(cells, position.user);
    let timeCell = trimmed(cells, position.time);
    let status = trimmed(cells, position.status);
    let email = trimmed(cells, position.email);
    const order = trimmed(cells, position.order);
    if (tableMapping.fillDown) {
      if (order !== '' && order === filled.order) {
        if (user === '') user = filled.user;
        if (timeCell === '') timeCell = filled.time;
        if (status === '') status = filled.status;
        if (email === '') email = filled.email;
      }
      filled = { order, user, time: timeCell, status, email };
    }
    const title = position.title === -1 ? '' : titleOf(cellAt(cells, position.title));
    const item = wholeFile ?? (trimmed(cells, position.item) || cleanText(title, MAX_KEY_LENGTH));
    if (user.length > MAX_KEY_LENGTH) {
      return problem(line, 'user', user, 'id', `Give ids of at most ${MAX_KEY_LENGTH} characters.`);
    }
    let itemNumber = sink.items.find(item);
    if (itemNumber === undefined && item !== '' && !isCleanKey(item, MAX_KEY_LENGTH)) {
      return problem(
        line,
        'item',
        item,
        'id',
        `Give ids of 1 to ${MAX_KEY_LENGTH} characters without control characters.`,
      );
    }
    let seconds = timeCell === '' ? 0 : secondsOf(timeCell);
    if (Number.isNaN(seconds)) {
      return problem(
        line,
        'time',
        timeCell,
        'time',
        `Give times as the first rows do (${time.format}), from 1970 to 2106.`,
      );
    }
    let kind = usual;
    if (position.kind !== -1) {
      const found = parseKind(cellAt(cells, position.kind));
      if (found === undefined) {
        return problem(
          line,
          'kind',
          cellAt(cells, position.kind),
          'kind',
          'Name a kind: view, like, rate, basket, order …',
        );
      }
      kind = found;
    }
    let value = NaN;
    const isRated = kind === 'rate' || kind === 'review';
    if (isRated) {
      const cell = cellAt(cells, position.rating);
      value = parseNumber(cell, decimal);
      if (Number.isNaN(value)) return problem(line, 'rating', cell, 'rating', 'Give ratings as numbers.');
      if (scale !== null && (value < scale.min || value > scale.max)) {
        return problem(line, 'rating', cell, 'rating', `Give a rating from ${scale.min} to ${scale.max}.`);
      }
    }
    let flags = 0;
    let mark = LAST_COUNTS;
    if (kind === 'order' || kind === 'basket') {
      const quantity = position.quantity === -1 ? 1 : parseNumber(cellAt(cells, position.quantity), decimal);
      if (Number.isNaN(quantity)) {
        return problem(
          line,
          'quantity',
          cellAt(cells, position.quantity),
          'number',
          'Give quantities as numbers.',
        );
      }
      const priceCell = trimmed(cells, position.price);
      value = priceCell === '' ? NaN : parseNumber(priceCell, decimal);
      if (position.price !== -1 && Number.isNaN(value) && (priceCell !== '' || isOnlineRetail)) {
        return problem(line, 'price', priceCell, 'number', 'Give prices as numbers.');
      }
      flags = orderFlags({ item, title, order, status, email, quantity, price: value }, isOnlineRetail);
      mark = order === '' && seconds === 0 ? NEVER_DUPLICATE : orderMark(order, quantity);
    } else if (kind === 'view' || kind === 'click' || kind === 'dwell') {
      mark = seconds === 0 ? NEVER_DUPLICATE : SAME_MOMENT;
    }
    if (isJoined) {
      const head = sink.orders.get(order);
      user = head?.user ?? '';
      flags |= head?.flags ?? 0;
      if (seconds === 0) seconds = head?.seconds ?? 0;
    }
    const text = position.review === -1 && position.summary === -1 ? '' : reviewText(cells);
    if (isRated && keepReviews && text !== '') kind = 'review';
    if (item === '') flags |= FLAGS.missingItem;
    if (isAnonymous) {
      if (item === '' || !isRated) return false;
      const number = (itemNumber ??= sink.items.add(item));
      sink.addRating(value);
      sink.anonymousItem.push(number);
      sink.anonymousRating.push(value);
      describe(number, title, cells);
      if (kind === 'review') sink.addReview({ row: -1, item: number, rating: value, seconds, text });
      return true;
    }
    if (user === '') flags |= FLAGS.missingUser;
    const where = (): string => `${table.name}, line ${line}: ${shorten(`${order} ${item} ${title}`)}`;
    itemNumber ??= sink.items.add(item);
    const event = { user: sink.events.users.add(user), item: itemNumber, kind, value, seconds, flags, mark };
    const row = sink.addEvent(event, where);
    if (isRated) sink.addRating(value);
    if (flags === 0) {
      describe(itemNumber, title, cells);
      if (kind === 'review') sink.addReview({ row, item: itemNumber, rating: value, seconds, text });
    }
    return true;
  };

  const reviewText = (cells: readonly string[]): string => {
    const review = trimmed(cells, position.review);
    return review === '' ? trimmed(cells, position.summary) : review;
  };

  const describe = (item: number, title: string, cells: readonly string[]): void => {
    if (title !== '') sink.addTitle(item, title);
    if (position.category !== -1)
      sink.categories[item] ??= cleanText(cellAt(cells, position.category), MAX_TEXT.name);
  };

  return {
    onRow(cells, line) {
      if (readRow(cells, line)) used += 1;
    },
    used: () => used,
    dayOrder: () => (orderIsCertain ? time.dayOrder : null),
  };
}

/** Makes the function that takes the heads of orders, to which the lines of another table belong. */
export function orderHeadReader(reading: EventReading): {
  readonly onRow: OnRow;
  readonly used: () => number;
} {
  const { table, tableMapping, styles, sink, onProblem } = reading;
  const { roles } = tableMapping;
  const cellOf = (cells: readonly string[], role: Role): string =>
    roles[role] === undefined ? '' : trimmed(cells, table.columns.indexOf(roles[role]));
  let used = 0;
  return {
    onRow(cells, line) {
      const [order, timeCell] = [cellOf(cells, 'order'), cellOf(cells, 'time')];
      if (order === '') return;
      const seconds = timeCell === '' ? 0 : parseTime(timeCell, styles.time);
      if (!(seconds >= 0 && seconds <= MAX_SECONDS)) {
        const remedy = 'Give times as the first rows do, from 1970 to 2106.';
        onProblem({ line, column: roles.time ?? '', value: shorten(timeCell), reason: 'time', remedy });
        return;
      }
      const flags = headFlags(cellOf(cells, 'status'), cellOf(cells, 'email'));
      sink.orders.set(detached(order), { user: detached(cellOf(cells, 'user')), seconds, flags });
      used += 1;
    },
    used: () => used,
  };
}

/** A cell; empty for a column that there is not (-1: reading an array there is slow). */
function cellAt(cells: readonly string[], position: number): string {
  return position === -1 ? '' : (cells[position] ?? '');
}

/** Without outer blanks; most cells have none, and looking is cheaper than trimming. */
function trimmed(cells: readonly string[], position: number): string {
  const cell = cellAt(cells, position);
  if (cell === '') return cell;
  const [first, last] = [cell.charCodeAt(0), cell.charCodeAt(cell.length - 1)];
  return first <= 32 || last <= 32 || first >= 0x80 || last >= 0x80 ? cell.trim() : cell;
}

/** `folder/waimai_10k.csv` → `waimai_10k`. */
function baseName(path: string): string {
  return cleanText((path.split('/').at(-1) ?? path).replace(/\.\w+$/u, ''), MAX_KEY_LENGTH);
}
