import * as v from 'valibot';
import { AppError } from '../../errors.ts';
import { EVENT_KINDS } from '../../types.ts';
import { ROLES, TABLE_KINDS, type ImportMapping } from '../types.ts';
import { tableMapping } from './mapping.ts';

const finite = v.pipe(v.number(), v.finite());

const MAP_FILE = v.strictObject({
  version: v.literal(1),
  dataset: v.optional(v.string()),
  tables: v.record(
    v.string(),
    v.strictObject({
      table: v.picklist(TABLE_KINDS),
      roles: v.optional(v.record(v.picklist(ROLES), v.string()), {}),
      kind: v.optional(v.nullable(v.picklist(EVENT_KINDS)), null),
      flags: v.optional(v.record(v.string(), v.string()), {}),
      fillDown: v.optional(v.boolean(), false),
    }),
  ),
  scale: v.optional(
    v.nullable(
      v.pipe(
        v.strictObject({ min: finite, max: finite }),
        v.check(({ min, max }) => min < max, 'The scale needs a min below its max.'),
      ),
    ),
  ),
  dayOrder: v.optional(v.nullable(v.picklist(['dmy', 'mdy']))),
  decimal: v.optional(v.nullable(v.picklist(['.', ',']))),
  currency: v.optional(
    v.nullable(v.pipe(v.string(), v.regex(/^[A-Z]{3}$/u, 'An ISO 4217 code such as EUR.'))),
  ),
});

/**
 * Lays a map file (JSON) over the mapping that was found: the tables it names are read as it says, the others as found.
 * Throws `import-invalid` naming the field that is wrong, and for a table that is not there.
 */
export function applyMapFile(text: string, found: ImportMapping, file: string): ImportMapping {
  const result = v.safeParse(MAP_FILE, parseJson(text, file), { abortEarly: true });
  if (!result.success) {
    const [issue] = result.issues;
    const field = v.getDotPath(issue) ?? '';
    throw mapError(file, field, issue.message);
  }
  const { tables, ...given } = result.output;
  const unknown = Object.keys(tables).find((name) => !Object.hasOwn(found.tables, name));
  if (unknown !== undefined) {
    throw mapError(
      file,
      `tables.${unknown}`,
      `There is no such table; there are ${Object.keys(found.tables).join(', ')}.`,
    );
  }
  const named = Object.entries(tables).map(([name, { table, roles, ...more }]) => [
    name,
    tableMapping(table, Object.fromEntries(Object.entries(roles)), more),
  ]);
  return {
    ...found,
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    tables: { ...found.tables, ...(Object.fromEntries(named) as ImportMapping['tables']) },
  };
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw mapError(file, '', cause instanceof Error ? cause.message : 'Not JSON.');
  }
}

function mapError(file: string, field: string, reason: string): AppError {
  return new AppError('import-invalid', `${file}${field === '' ? '' : `, ${field}`}: ${reason}`, {
    values: { file, field, reason },
    remedy: 'See docs/imports.md, or begin with what `fairshelf pack FILES --print-map` prints.',
  });
}
