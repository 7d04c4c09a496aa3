import { decimalOf } from '../cells/number.ts';
import { dayOrderOf, likelyDayOrder, timeFormatOf, type TimeStyle } from '../cells/time.ts';
import { valuesOf } from '../recognise/content.ts';
import type { SourceTable } from '../tables/table.ts';
import type { Decimal, Decision, ImportMapping, Role, TableMapping } from '../types.ts';

/** How a table writes numbers and times, as its sample shows or the mapping says. */
export interface CellStyles {
  readonly decimal: Decimal;
  readonly time: TimeStyle;
  /** False where nothing so far tells the order of day and month. */
  readonly dayOrderIsCertain: boolean;
  readonly decisions: readonly Decision[];
}

const NUMBER_ROLES: readonly Role[] = ['rating', 'price', 'quantity'];

export function stylesOf(table: SourceTable, { roles }: TableMapping, mapping: ImportMapping): CellStyles {
  const decisions: Decision[] = [];
  const decide = (name: Decision['name'], value: string, certain: boolean): void => {
    decisions.push({ name, file: table.name, value, certain });
  };
  const numbers = NUMBER_ROLES.flatMap((role) => {
    const column = roles[role];
    return column === undefined ? [] : valuesOf(table, column);
  });
  const decimal = mapping.decimal ?? decimalOf(numbers) ?? '.';
  if (decimal === ',') decide('decimal', ',', true);
  if (roles.time === undefined) {
    if (roles.user !== undefined) decide('no-times', '', true);
    return { decimal, time: { format: 'iso', dayOrder: 'dmy' }, dayOrderIsCertain: true, decisions };
  }
  const cells = valuesOf(table, roles.time);
  const format = timeFormatOf(cells) ?? 'text';
  decide('time-format', format, true);
  const evidence = dayOrderOf(cells);
  const isOpen = evidence === 'either' || evidence === 'neither';
  const dayOrder = mapping.dayOrder ?? (isOpen ? likelyDayOrder(cells) : evidence);
  if (
    (format === 'iso' || format === 'local') &&
    !cells.some((cell) => /(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})$/u.test(cell.trim()))
  ) {
    decide('time-zone', 'UTC', false);
  }
  const dayOrderIsCertain = format !== 'local' || mapping.dayOrder !== null || evidence !== 'either';
  return { decimal, time: { format, dayOrder }, dayOrderIsCertain, decisions };
}
