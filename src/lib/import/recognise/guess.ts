import { parseKind } from '../cells/kind.ts';
import { decimalOf, parseNumber } from '../cells/number.ts';
import type { SourceTable } from '../tables/table.ts';
import { ROLES, type Role, type TableKind, type TableMapping } from '../types.ts';
import { COLUMN_NAMES, plainName } from './column-names.ts';
import { isTime, valuesOf } from './content.ts';
import { IGNORED, tableMapping } from './mapping.ts';

/** Roles that a table of products has; the others are of events, or of both. */
const ITEM_ROLES: readonly Role[] = ['item', 'title', 'category', 'brand', 'description', 'year', 'price'];
const EVENT_ROLES: readonly Role[] = [
  'user',
  'item',
  'rating',
  'time',
  'kind',
  'quantity',
  'price',
  'order',
  'status',
  'email',
  'review',
  'summary',
  'title',
  'category',
];
/** Ratings that people give have few values. */
const MAX_RATING = 100;
/** Names that mean one thing. */
const PLAINEST: ReadonlySet<string> = new Set(['user', 'item', 'rating', 'time', 'timestamp']);

/**
 * A guess at what a table is and what its columns are: by their names and by what stands in them. `wanted` says what the
 * table is where somebody said so.
 */
export function guessMapping(table: SourceTable, wanted: TableKind | null): TableMapping {
  if (wanted === 'ignored') return IGNORED;
  if (!table.header) return wanted === 'items' ? bareItems(table) : bareEvents(table);
  const events = rolesOf(table, EVENT_ROLES);
  const kind = wanted ?? kindOf(table, events);
  switch (kind) {
    case 'items':
      return tableMapping('items', rolesOf(table, ITEM_ROLES));
    case 'orders': {
      const { order, user, time, status, email } = events;
      return tableMapping('orders', given({ order, user, time, status, email }));
    }
    case 'events':
      return tableMapping('events', events);
    case 'ignored':
      return IGNORED;
    default:
      return kind satisfies never;
  }
}

function kindOf(table: SourceTable, roles: Partial<Record<Role, string>>): TableKind {
  const hasProduct = roles.item !== undefined || roles.title !== undefined;
  const tells = ['rating', 'time', 'kind', 'quantity', 'order', 'review'].some(
    (role) => roles[role as Role] !== undefined,
  );
  if (roles.user !== undefined && roles.item !== undefined) return 'events';
  if (roles.user !== undefined && hasProduct && tells) return 'events';
  if (roles.order !== undefined && hasProduct) return 'events';
  if (roles.order !== undefined && roles.user !== undefined) return 'orders';
  const items = rolesOf(table, ITEM_ROLES);
  if (items.item !== undefined && (items.title !== undefined || items.category !== undefined)) {
    return roles.review !== undefined && roles.rating !== undefined ? 'events' : 'items';
  }
  return hasProduct && roles.review !== undefined ? 'events' : 'ignored';
}

/** The best column of each role: by the order of the known names, and only where its cells fit. */
function rolesOf(table: SourceTable, roles: readonly Role[]): Partial<Record<Role, string>> {
  const found: Partial<Record<Role, string>> = {};
  const taken = new Set<string>();
  const names = new Map(table.columns.map((column) => [plainName(column), column]));
  // by roles in the order of ROLES: a name that two know is the first one's
  for (const role of ROLES) {
    if (!roles.includes(role)) continue;
    // where there are users, a bare "id" is the row's own
    const known = COLUMN_NAMES[role].filter(
      (name) => !(role === 'item' && name === 'id' && found.user !== undefined),
    );
    const column = known
      .map((name) => names.get(name))
      .find(
        (name) => name !== undefined && (!taken.has(name) || role === 'email') && fits(table, role, name),
      );
    if (column === undefined) continue;
    found[role] = column;
    taken.add(column);
  }
  return found;
}

function fits(table: SourceTable, role: Role, column: string): boolean {
  const cells = valuesOf(table, column).filter((cell) => cell.trim() !== '');
  // where nothing stands, and of the plainest names, the name decides: a cell that does not fit is then told as such
  if (cells.length === 0 || PLAINEST.has(plainName(column))) return true;
  const mostly = (test: (cell: string) => boolean): boolean =>
    cells.filter(test).length >= 0.8 * cells.length;
  switch (role) {
    case 'rating':
      return mostly((cell) => Math.abs(parseNumber(cell, decimalOf(cells) ?? '.')) <= MAX_RATING);
    case 'quantity':
    case 'price':
      return mostly((cell) => !Number.isNaN(parseNumber(cell, decimalOf(cells) ?? '.')));
    case 'time':
      return isTime(cells, null);
    case 'kind':
      // names of one's own among them are told row by row
      return cells.filter((cell) => parseKind(cell) !== undefined).length >= 0.5 * cells.length;
    case 'email':
      return mostly((cell) => cell.includes('@'));
    case 'review':
      return cells.some((cell) => /\s|\p{Script=Han}{4}/u.test(cell.trim()));
    case 'title':
    case 'category':
      return !mostly((cell) => /^[\d.,]+$/u.test(cell));
    case 'user':
    case 'item':
    case 'order':
    case 'status':
    case 'summary':
    case 'brand':
    case 'description':
    case 'year':
    case 'alias':
    case 'parent':
      return true;
    default:
      return role satisfies never;
  }
}

/** Without names: user and item first, as every log has them, then a small number, then a time. */
function bareEvents(table: SourceTable): TableMapping {
  const [user, item, ...rest] = table.columns;
  if (user === undefined || item === undefined) return IGNORED;
  const time = rest.find((column) => isTime(valuesOf(table, column), null));
  const rating = rest.find((column) => column !== time && fits(table, 'rating', column));
  return tableMapping('events', given({ user, item, rating, time }));
}

function bareItems(table: SourceTable): TableMapping {
  const [item, title, category] = table.columns;
  return tableMapping('items', given({ item, title, category }));
}

function given(roles: Readonly<Partial<Record<Role, string | undefined>>>): Partial<Record<Role, string>> {
  return Object.fromEntries(Object.entries(roles).filter(([, column]) => column !== undefined));
}
