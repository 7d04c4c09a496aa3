import {
  dayOrderOf,
  likelyDayOrder,
  MAX_SECONDS,
  parseTime,
  timeFormatOf,
  type TimeStyle,
} from '../cells/time.ts';
import { plainName } from '../recognise/column-names.ts';
import type { SourceTable } from '../tables/table.ts';
import type { DayOrder } from '../types.ts';

/** Cells of a row by the names of its columns, in whatever case and with whatever signs they are written. */
export class Columns {
  readonly #table: SourceTable;
  readonly #positions: ReadonlyMap<string, number>;
  readonly #wanted = new Set<string>();

  constructor(table: SourceTable) {
    this.#table = table;
    this.#positions = new Map(table.columns.map((column, position) => [plainName(column), position]));
  }

  /** Names of the columns asked for so far, as the table writes them. */
  get wanted(): ReadonlySet<string> {
    return this.#wanted;
  }

  /** True where each of the names is a column. */
  has(...names: readonly string[]): boolean {
    return names.every((name) => this.#positions.has(name));
  }

  /** Reads the first of the columns that is there; an empty text where none is. `names` in the form of `plainName`. */
  reader(...names: readonly string[]): (cells: readonly string[]) => string {
    const position = this.#find(names);
    return position === -1 ? () => '' : (cells) => cells[position]?.trim() ?? '';
  }

  /** The column's name as the table writes it; empty where none of the names is there. */
  nameOf(...names: readonly string[]): string {
    return this.#table.columns[this.#find(names)] ?? '';
  }

  /**
   * Reads times in milliseconds since 1970: null for an empty cell, NaN for what is no time. How they are written is taken
   * from the sample; `otherwise` is the order of day and month where no cell tells it.
   */
  timeReader(
    otherwise: DayOrder | null,
    ...names: readonly string[]
  ): (cells: readonly string[]) => number | null {
    const read = this.reader(...names);
    const style = styleOf(this.#table.sample.map(read), otherwise);
    return (cells) => {
      const cell = read(cells);
      if (cell === '') return null;
      const seconds = parseTime(cell, style);
      return seconds >= 0 && seconds <= MAX_SECONDS ? 1000 * seconds : NaN;
    };
  }

  #find(names: readonly string[]): number {
    const name = names.find((wanted) => this.#positions.has(wanted));
    const position = name === undefined ? -1 : (this.#positions.get(name) ?? -1);
    const column = this.#table.columns[position];
    if (column !== undefined) this.#wanted.add(column);
    return position;
  }
}

function styleOf(cells: readonly string[], otherwise: DayOrder | null): TimeStyle {
  const evidence = dayOrderOf(cells);
  const isTold = evidence === 'dmy' || evidence === 'mdy';
  return {
    format: timeFormatOf(cells) ?? 'iso',
    dayOrder: isTold ? evidence : (otherwise ?? likelyDayOrder(cells)),
  };
}
