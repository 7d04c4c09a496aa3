import type { EventKind } from '../../types.ts';
import type { Role, TableKind, TableMapping } from '../types.ts';

/** A mapping of one table; what is not given is left at its usual value. */
export function tableMapping(
  table: TableKind,
  roles: Readonly<Partial<Record<Role, string>>>,
  more: Partial<Omit<TableMapping, 'table' | 'roles'>> = {},
): TableMapping {
  return { table, roles, kind: null, flags: {}, fillDown: false, ...more };
}

export const IGNORED: TableMapping = tableMapping('ignored', {});

/** What a row is where neither a column nor the mapping says: what its columns suggest. */
export function defaultKind({ kind, roles }: TableMapping): EventKind {
  if (kind !== null) return kind;
  if (roles.rating !== undefined) return 'rate';
  const isOrder = roles.order !== undefined || roles.quantity !== undefined || roles.price !== undefined;
  return isOrder ? 'order' : 'like';
}
