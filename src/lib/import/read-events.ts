import { AppError } from '../errors.ts';
import { EVENT_KINDS } from '../types.ts';
import { UnpackBudget } from './bytes/caps.ts';
import { unpackFiles } from './bytes/unpack.ts';
import { openTables } from './open-tables.ts';
import { Reader } from './reader.ts';
import { guessMapping } from './recognise/guess.ts';
import { tableMapping } from './recognise/mapping.ts';
import { recognise } from './recognise/recognise.ts';
import { rowsTable } from './tables/rows.ts';
import type { SourceTable } from './tables/table.ts';
import type { ByteSource, ImportMapping, RatingScale, TableMapping } from './types.ts';

/** What the tables are taken for: whatever they are, one table of user, item, rating and time, or LightGCN's rows. */
export type EventFormat = 'any' | 'table' | 'rows';

/** Events as they stand in the files, in the files' order; nothing is cleaned and nobody renamed. */
export interface ReadEvents {
  /** Ids in the order of their first appearance. */
  readonly users: readonly string[];
  readonly items: readonly string[];
  /** Positions in the lists above, an entry an event. */
  readonly user: Uint32Array<ArrayBuffer>;
  readonly item: Uint32Array<ArrayBuffer>;
  /** Ratings on the data's own scale, or 1. */
  readonly value: Float32Array<ArrayBuffer>;
  /** Seconds since 1970; null where the files have no times. */
  readonly seconds: Float64Array<ArrayBuffer> | null;
  /** True where the values are ratings. */
  readonly rated: boolean;
}

/**
 * Reads events for a benchmark: every row counts, and the first that cannot be read ends it. Without a header, a table's
 * columns are user, item, rating and time in this order. Throws `import-invalid` naming file, line and value.
 */
export async function readEvents(
  sources: readonly ByteSource[],
  format: EventFormat,
  scale: RatingScale | null,
): Promise<ReadEvents> {
  const tables = format === 'rows' ? await rowTables(sources) : (await openTables(sources, {})).tables;
  const mapping = mappingFor(tables, format, scale);
  const reader = new Reader(mapping, { onProblem: 'stop', reviews: false }, tables);
  await reader.readAll();
  const { sink } = reader;
  const { events } = sink;
  const [where = sink.examples('missingItem')[0]] = sink.examples('missingUser');
  if (where !== undefined) {
    throw new AppError('import-invalid', `${where}: nobody, or nothing, is named.`, {
      values: { file: where },
      remedy: 'Give every line a user and an item.',
    });
  }
  const { length } = events;
  const user = new Uint32Array(length);
  const item = new Uint32Array(length);
  const value = new Float32Array(length);
  const seconds = new Float64Array(length);
  let rated = false;
  for (let row = 0; row < length; row++) {
    const kind = EVENT_KINDS[events.kind.get(row)];
    const isRated = kind === 'rate' || kind === 'review';
    rated ||= isRated;
    user[row] = events.user.get(row);
    item[row] = events.item.get(row);
    value[row] = isRated ? events.value.get(row) : 1;
    seconds[row] = events.seconds.get(row);
  }
  const timed = Object.values(mapping.tables).some(
    ({ table, roles }) => table === 'events' && roles.time !== undefined,
  );
  return {
    users: Array.from({ length: events.users.size }, (_, number) => events.users.text(number)),
    items: Array.from({ length: events.items.size }, (_, number) => events.items.text(number)),
    user,
    item,
    value,
    seconds: timed ? seconds : null,
    rated,
  };
}

async function rowTables(sources: readonly ByteSource[]): Promise<readonly SourceTable[]> {
  const { files } = await unpackFiles(sources, new UnpackBudget());
  return files.map((file) => rowsTable(file));
}

function mappingFor(
  tables: readonly SourceTable[],
  format: EventFormat,
  scale: RatingScale | null,
): ImportMapping {
  const { mapping: found, recognised } = recognise(tables);
  const given = { ...found, scale: scale ?? (format === 'any' ? found.scale : null) };
  if (format === 'any' && recognised) return given;
  const named = tables.map((table): [string, TableMapping] => [
    table.name,
    table.header ? guessMapping(table, 'events') : byPosition(table),
  ]);
  return { ...given, dataset: 'mapped', tables: Object.fromEntries(named) };
}

function byPosition({ columns }: SourceTable): TableMapping {
  const [user, item, rating, time] = columns;
  if (user === undefined || item === undefined) return tableMapping('ignored', {});
  return tableMapping('events', {
    user,
    item,
    ...(rating === undefined ? {} : { rating }),
    ...(time === undefined ? {} : { time }),
  });
}
