import { AppError } from '../errors.ts';
import { clean } from './clean/clean.ts';
import { toPackContent } from './content/content.ts';
import { throwIfStopped } from './errors.ts';
import { DayOrderFound, eventReader, orderHeadReader, type EventReading } from './events/read-events.ts';
import { EventSink } from './events/sink.ts';
import { stylesOf, type CellStyles } from './events/styles.ts';
import { Catalogue, itemReader } from './items/catalogue.ts';
import { ProblemLog } from './problems.ts';
import { IGNORED } from './recognise/mapping.ts';
import type { OnRow, SourceTable } from './tables/table.ts';
import type {
  DayOrder,
  Decision,
  FileReport,
  ImportMapping,
  ImportOptions,
  ImportProgress,
  ImportResult,
  SkippedFile,
  TableMapping,
} from './types.ts';

/** Reads the tables of one import one after another. */
export class Reader {
  readonly #mapping: ImportMapping;
  readonly #options: ImportOptions;
  readonly #problems: ProblemLog;
  readonly sink = new EventSink();
  readonly #catalogue = new Catalogue();
  readonly #files = new Map<string, { rows: number; used: number }>();
  readonly #decisions: Decision[] = [];
  readonly #tables: readonly SourceTable[];
  readonly #totalBytes: number;
  #doneBytes = 0;

  constructor(mapping: ImportMapping, options: ImportOptions, tables: readonly SourceTable[]) {
    this.#mapping = mapping;
    this.#options = options;
    this.#tables = tables;
    this.#problems = new ProblemLog(options.onProblem ?? 'skip');
    this.#totalBytes = tables
      .filter((table) => mappingOf(mapping, table).table !== 'ignored')
      .reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Throws `import-invalid` for what cannot be read, and where nothing came of all the tables. */
  async readAll(): Promise<void> {
    for (const table of inReadingOrder(this.#tables, this.#mapping)) await this.#read(table);
    this.#requireRows();
  }

  async #read(table: SourceTable): Promise<void> {
    const tableMapping = mappingOf(this.#mapping, table);
    requireColumns(table, tableMapping);
    const styles = stylesOf(table, tableMapping, this.#mapping);
    const certain = await this.#readAs(table, tableMapping, styles);
    this.#decisions.push(...styles.decisions);
    if (styles.time.format === 'local' && tableMapping.roles.time !== undefined) {
      const value = certain ?? styles.time.dayOrder;
      this.#decisions.push({ name: 'day-order', file: table.name, value, certain: certain !== null });
    }
  }

  /** Returns the order of day and month where the data told it; the table is read again where it told another one. */
  async #readAs(
    table: SourceTable,
    tableMapping: TableMapping,
    styles: CellStyles,
  ): Promise<DayOrder | null> {
    const canTurn = !styles.dayOrderIsCertain;
    const back = canTurn ? [this.sink.mark(), this.#problems.mark()] : [];
    const doneBytes = this.#doneBytes;
    try {
      return await this.#readRows(table, tableMapping, styles);
    } catch (error) {
      if (!(error instanceof DayOrderFound)) throw error;
      for (const undo of back) undo();
      this.#doneBytes = doneBytes;
      const time = { ...styles.time, dayOrder: error.order };
      await this.#readRows(table, tableMapping, { ...styles, time, dayOrderIsCertain: true });
      return error.order;
    }
  }

  async #readRows(
    table: SourceTable,
    tableMapping: TableMapping,
    styles: CellStyles,
  ): Promise<DayOrder | null> {
    const reading: EventReading = {
      table,
      tableMapping,
      mapping: this.#mapping,
      styles,
      sink: this.sink,
      keepReviews: this.#options.reviews ?? true,
      onProblem: (problem) => this.#problems.add({ file: table.name, ...problem }),
    };
    const { onRow, used, dayOrder } = readerOf(reading, this.#catalogue);
    let rows = 0;
    await table.read(
      (cells, line) => {
        rows += 1;
        onRow(cells, line);
      },
      {
        signal: this.#options.signal,
        wanted: wantedColumns(tableMapping),
        onPacked: (bytes) => {
          this.#doneBytes += bytes;
          this.#tell('read', table.name);
        },
        onProblem: (problem) => {
          // of the reader's own problems only those that cost a row are rows
          if (problem.line > 0) rows += 1;
          reading.onProblem(problem);
        },
      },
    );
    this.#files.set(table.name, { rows, used: used() });
    return dayOrder();
  }

  #requireRows(): void {
    if (this.sink.events.length + this.sink.anonymousItem.length + this.#catalogue.items.size > 0) return;
    const [name = ''] = this.#files.keys();
    throw new AppError(
      'import-invalid',
      `${name === '' ? 'The files hold' : `${name} holds`} no interactions.`,
      {
        values: { file: name, problems: this.#problems.total },
        remedy: 'Say which column holds users, which products; the preview shows what was found.',
      },
    );
  }

  /** Cleans and packs what was read; takes the columns of the sink apart. */
  async finish(skipped: readonly SkippedFile[]): Promise<ImportResult> {
    this.#tell('clean', '');
    const [sink, catalogue] = [this.sink, this.#catalogue];
    catalogue.settle();
    sink.resolveItems((key) => catalogue.find(key));
    const cleaned = clean(sink, {
      isKnown: catalogue.items.size === 0 ? null : (item) => catalogue.items.has(sink.items.text(item)),
      scale: this.#mapping.scale,
      minEvents: this.#options.minEvents ?? 0,
    });
    throwIfStopped(this.#options.signal);
    this.#tell('pack', '');
    if (cleaned.scale !== null) {
      const value = `${cleaned.scale.min}–${cleaned.scale.max}`;
      this.#decisions.push({ name: 'scale', file: '', value, certain: this.#mapping.scale !== null });
    }
    const content = await toPackContent({
      dataset: this.#mapping.dataset,
      currency: this.#mapping.currency,
      sink,
      catalogue,
      cleaned,
      packId: this.#options.packId,
      packName: this.#options.packName,
    });
    throwIfStopped(this.#options.signal);
    const { read, steps, counts } = cleaned;
    return {
      content,
      report: {
        version: 1,
        dataset: this.#mapping.dataset,
        files: this.#tables.map((table) => this.#fileReport(table)),
        skipped,
        problems: this.#problems.report(),
        decisions: this.#decisions,
        read,
        steps,
        counts: {
          ...counts,
          products: content.items.length,
          reviews: content.reviews.length,
          reviewsBeyondCap: sink.reviewsBeyondCap,
        },
      },
    };
  }

  #fileReport(table: SourceTable): FileReport {
    const { name, format, delimiter } = table;
    const { rows, used } = this.#files.get(name) ?? { rows: 0, used: 0 };
    const kind = mappingOf(this.#mapping, table).table;
    return { name, table: kind, format, encoding: table.encoding(), delimiter, rows, used };
  }

  #tell(stage: ImportProgress['stage'], file: string): void {
    const doneBytes = Math.min(this.#doneBytes, this.#totalBytes);
    this.#options.onProgress?.({ stage, file, doneBytes, totalBytes: this.#totalBytes });
  }
}

function readerOf(
  reading: EventReading,
  catalogue: Catalogue,
): { readonly onRow: OnRow; readonly used: () => number; readonly dayOrder: () => DayOrder | null } {
  const unknown = { dayOrder: () => null };
  switch (reading.tableMapping.table) {
    case 'events':
      return eventReader(reading);
    case 'orders':
      return { ...orderHeadReader(reading), ...unknown };
    case 'items':
      return { ...itemReader(reading, catalogue), ...unknown };
    case 'ignored':
      return { onRow: () => undefined, used: () => 0, ...unknown };
    default:
      return reading.tableMapping.table satisfies never;
  }
}

/** Heads of orders before their lines, products before events, products with titles before what is added to them. */
function inReadingOrder(tables: readonly SourceTable[], mapping: ImportMapping): readonly SourceTable[] {
  const place = (table: SourceTable): number => {
    const { table: kind, roles } = mappingOf(mapping, table);
    return (
      ['orders', 'items', 'events', 'ignored'].indexOf(kind) +
      (kind === 'items' && roles.title === undefined ? 0.5 : 0)
    );
  };
  return tables.filter((table) => place(table) < 3).sort((a, b) => place(a) - place(b));
}

function mappingOf({ tables }: ImportMapping, { name }: SourceTable): TableMapping {
  return Object.hasOwn(tables, name) ? (tables[name] ?? IGNORED) : IGNORED;
}

function wantedColumns({ roles, flags }: TableMapping): ReadonlySet<string> {
  return new Set([...Object.values(roles), ...Object.keys(flags)]);
}

/** Throws `import-invalid` for a mapping that names columns which the table does not have, or lacks a role. */
function requireColumns(table: SourceTable, mapping: TableMapping): void {
  const missing = [...wantedColumns(mapping)].find((column) => !table.columns.includes(column));
  if (missing !== undefined) {
    throw new AppError('import-invalid', `${table.name} has no column ${JSON.stringify(missing)}.`, {
      values: { file: table.name, column: missing },
      remedy: `Its columns are: ${table.columns.slice(0, 30).join(', ')}.`,
    });
  }
}
