import { AppError } from '../../lib/errors.ts';
import { MAX_FACTORS } from '../../lib/pack/limits.ts';
import type { PackFactors } from '../../lib/pack/types.ts';
import type { Hyperparameters, Item } from '../../lib/types.ts';
import { factorError, type FactorTable } from './factor-files/factor-table.ts';

/** Factors brought to the order of a catalogue. */
export interface PlacedFactors {
  readonly model: PackFactors;
  /** Items of the catalogue without a row: they get factors from their words on the device. */
  readonly missing: number;
  /** Rows of the table that are no item of the catalogue. */
  readonly unknown: number;
}

/**
 * What a fold-in needs to know of factors trained elsewhere, as `implicit` and Spark define the objective: weight 1 for
 * every pair, α on top of it for observed ones, λ ‖x‖² a user (Spark: times the user's number of events, ν = 1).
 */
export interface ForeignObjective {
  readonly alpha: number;
  readonly regularization: number;
  /** ν: 0 for `implicit`, 1 for Spark MLlib. */
  readonly frequencyScaling: number;
}

/**
 * Puts rows in the order of the items: by `ids` where the table or the caller has them, else by place, which needs as
 * many rows as items. Throws `import-invalid` where ids and rows, or rows and items, are not equally many, where an id
 * comes twice, or where nothing fits.
 */
export function placed(
  file: string,
  table: FactorTable,
  rowIds: readonly string[] | null,
  items: readonly Item[],
  objective: ForeignObjective,
): PlacedFactors {
  const { rows, factors, values } = table;
  if (factors < 1 || factors > MAX_FACTORS)
    throw factorError(file, `has ${factors} factors, not 1 to ${MAX_FACTORS}`);
  const ids = rowIds ?? table.ids;
  if (ids !== null && ids.length !== rows)
    throw factorError(file, `has ${rows} rows, but there are ${ids.length} ids`);
  if (ids === null && rows !== items.length) {
    throw new AppError('import-invalid', `${file} has ${rows} rows for ${items.length} items.`, {
      values: { file, rows, items: items.length },
      remedy: 'Say which row is which item: --factor-ids FILE, an id a line.',
    });
  }
  const rowOf = ids === null ? null : positions(file, ids);
  const itemFactors = new Float32Array(items.length * factors);
  let found = 0;
  items.forEach((item, index) => {
    const row = rowOf === null ? index : rowOf.get(item.id);
    if (row === undefined) return;
    found++;
    itemFactors.set(values.subarray(row * factors, (row + 1) * factors), index * factors);
  });
  if (found === 0) throw factorError(file, 'has no row for any item of the catalogue');
  const wrong = itemFactors.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) {
    throw factorError(
      file,
      `has a factor that is not finite, of item ${items[Math.floor(wrong / factors)]?.id ?? ''}`,
    );
  }
  return {
    model: {
      model: 'ials',
      factors,
      itemFactors,
      hyperparameters: hyperparametersOf(factors, objective),
      iterations: 0,
      interactions: 0,
      quality: { users: 0, ndcgAt10: 0, recallAt10: 0, popularityNdcgAt10: 0 },
      trainer: file.split('/').at(-1) ?? file,
    },
    missing: items.length - found,
    unknown: rows - found,
  };
}

function hyperparametersOf(factors: number, objective: ForeignObjective): Hyperparameters {
  return { factors, ...objective, unobservedWeight: 1, initialScale: 1, iterations: 1, cgSteps: 0 };
}

function positions(file: string, ids: readonly string[]): ReadonlyMap<string, number> {
  const rows = new Map<string, number>();
  ids.forEach((id, row) => {
    if (rows.has(id)) throw factorError(file, `has two rows for ${id.slice(0, 80)}`);
    rows.set(id, row);
  });
  return rows;
}
