import type { SourceTable } from '../tables/table.ts';
import type { ImportMapping, RatingScale, TableKind, TableMapping } from '../types.ts';
import { guessMapping } from './guess.ts';
import { IGNORED } from './mapping.ts';
import { SIGNATURES, type Dataset } from './signatures.ts';

/** What is known of a data set beyond its columns. */
const SCALES: Readonly<Partial<Record<Dataset, RatingScale>>> = {
  'movielens-100k': { min: 1, max: 5 },
  'movielens-1m': { min: 1, max: 5 },
  'movielens-10m': { min: 0.5, max: 5 },
  movielens: { min: 0.5, max: 5 },
  movietweetings: { min: 0, max: 10 },
  goodbooks: { min: 1, max: 5 },
  'amazon-reviews': { min: 1, max: 5 },
  yelp: { min: 1, max: 5 },
  restaurants: { min: 0, max: 2 },
  'womens-clothing': { min: 1, max: 5 },
  'labelled-texts': { min: 0, max: 1 },
};
const CURRENCIES: Readonly<Partial<Record<Dataset, string>>> = { 'online-retail': 'GBP' };

/** Cuts of a data set that lie beside it (u1.base, ua.test; r1.train of MovieLens 10M): the same rows again. */
const CUT = /(?:^|\/)[a-z]*\d*\.(?:base|test|train)$/u;

export interface Recognised {
  readonly mapping: ImportMapping;
  readonly recognised: boolean;
}

/**
 * Finds out what the tables are: each by the signatures of the known data sets, else by a guess. Beside a recognised data
 * set, tables that are not its own are left out. `kinds` says what a table is where somebody said so.
 */
export function recognise(
  tables: readonly SourceTable[],
  kinds: Readonly<Record<string, TableKind>> = {},
): Recognised {
  const found = tables.map((table) => ({ table, ...signed(table) }));
  const wanted = (name: string): TableKind | null =>
    Object.hasOwn(kinds, name) ? (kinds[name] ?? null) : null;
  const own =
    found.find(({ mapping }) => mapping?.table === 'events') ??
    found.find(({ mapping }) => mapping?.table === 'items');
  const isKnown = own !== undefined && found.some(({ mapping }) => mapping?.table === 'events');
  const entries = found.map(({ table, mapping }): [string, TableMapping] => {
    const kind = wanted(table.name);
    if (mapping !== null && (kind === null || kind === mapping.table)) return [table.name, mapping];
    return [table.name, isKnown && kind === null ? IGNORED : guessMapping(table, kind)];
  });
  const dataset = own?.dataset ?? null;
  const mapping: ImportMapping = {
    version: 1,
    dataset: dataset ?? 'mapped',
    tables: Object.fromEntries(withoutCuts(entries)),
    scale: dataset === null ? null : (SCALES[dataset] ?? null),
    dayOrder: null,
    decimal: null,
    currency: dataset === null ? null : (CURRENCIES[dataset] ?? null),
  };
  return { mapping, recognised: isKnown && Object.keys(kinds).length === 0 };
}

function signed(table: SourceTable): {
  readonly dataset: Dataset | null;
  readonly mapping: TableMapping | null;
} {
  for (const { dataset, match } of SIGNATURES) {
    const mapping = match(table);
    if (mapping !== null) return { dataset, mapping };
  }
  return { dataset: null, mapping: null };
}

/** Leaves cuts out where the whole is there. */
function withoutCuts(entries: readonly [string, TableMapping][]): readonly [string, TableMapping][] {
  const isWhole = entries.some(([name, { table }]) => table === 'events' && !CUT.test(name));
  return isWhole ? entries.map(([name, mapping]) => [name, CUT.test(name) ? IGNORED : mapping]) : entries;
}
