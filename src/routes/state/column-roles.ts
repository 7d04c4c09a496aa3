import type { Role, TableMapping } from '../../lib/import/types.ts';

type Roles = TableMapping['roles'];

/** What a column is; null where it is not read. */
export function roleOf(roles: Roles, column: string): Role | null {
  const entry = Object.entries(roles).find(([, of]) => of === column);
  return entry === undefined ? null : (entry[0] as Role);
}

/** The roles with a column given one, or none: a column has one role and a role one column. */
export function columnRoles(roles: Roles, column: string, role: Role | null): Roles {
  const others = Object.entries(roles).filter(([name, of]) => of !== column && name !== role);
  return Object.fromEntries(role === null ? others : [...others, [role, column]]);
}
