import { MAX_KEY_LENGTH, MAX_ROWS, MAX_TEXT } from '../../pack/limits.ts';
import { cleanText, isCleanKey } from '../../pack/text.ts';
import { AppError } from '../../errors.ts';
import { decimalOf, parseNumber } from '../cells/number.ts';
import { shorten } from '../errors.ts';
import { detached } from '../events/ids.ts';
import type { EventReading } from '../events/read-events.ts';
import { valuesOf } from '../recognise/content.ts';
import type { OnRow } from '../tables/table.ts';
import type { Role } from '../types.ts';

/** A product as the tables tell of it; empty where they do not. */
export interface CatalogueItem {
  readonly id: string;
  title: string;
  category: string;
  brand: string;
  description: string;
  year: string;
  price: number | null;
}

/** Products by id, from one or several tables: a later one fills what earlier ones left empty. */
export class Catalogue {
  readonly items = new Map<string, CatalogueItem>();
  readonly #aliases = new Map<string, string>();
  readonly #parents: [string, string][] = [];

  /** The id of the product that a key of an event names; null for none. */
  find(key: string): string | null {
    if (this.items.has(key)) return key;
    return this.#aliases.get(key) ?? null;
  }

  addAlias(key: string, id: string): void {
    if (key !== '' && !this.#aliases.has(key)) this.#aliases.set(detached(key), id);
  }

  /** A variant: what names it, names its product. The product may come later in the file. */
  addVariant(key: string, parent: string): void {
    this.#parents.push([detached(key), detached(parent)]);
  }

  /** To be called when all tables are read. */
  settle(): void {
    for (const { id, title } of this.items.values()) this.addAlias(title, id);
    for (const [key, parent] of this.#parents) {
      const id = this.find(parent);
      if (id !== null) this.addAlias(key, id);
    }
  }
}

/**
 * Makes the function that takes a table's rows into the catalogue. A table without titles, as one of genres, adds to the
 * products that are there; it makes products only where the catalogue is empty, so tables with titles come first.
 */
export function itemReader(
  { table, tableMapping, mapping, onProblem }: Omit<EventReading, 'sink' | 'styles' | 'keepReviews'>,
  catalogue: Catalogue,
): { readonly onRow: OnRow; readonly used: () => number } {
  const { roles } = tableMapping;
  const at = (role: Role): number => (roles[role] === undefined ? -1 : table.columns.indexOf(roles[role]));
  const position = {
    item: at('item'),
    title: at('title'),
    category: at('category'),
    brand: at('brand'),
    description: at('description'),
    year: at('year'),
    price: at('price'),
    alias: at('alias'),
    parent: at('parent'),
  };
  const flags = Object.entries(tableMapping.flags).map(
    ([column, name]) => [table.columns.indexOf(column), name] as const,
  );
  const decimal =
    mapping.decimal ?? decimalOf(roles.price === undefined ? [] : valuesOf(table, roles.price)) ?? '.';
  const makesProducts = position.title !== -1 || catalogue.items.size === 0;
  let used = 0;
  return {
    onRow(cells, line) {
      const cell = (where: number, cap: number): string =>
        where === -1 ? '' : cleanText(cells[where] ?? '', cap);
      const title = cell(position.title, MAX_TEXT.name);
      const id = (cells[position.item] ?? '').trim() || cleanText(title, MAX_KEY_LENGTH);
      if (!isCleanKey(id, MAX_KEY_LENGTH)) {
        const remedy = `Give every product an id of 1 to ${MAX_KEY_LENGTH} characters without control characters.`;
        onProblem({ line, column: roles.item ?? 'item', value: shorten(id), reason: 'id', remedy });
        return;
      }
      const parent = cell(position.parent, MAX_KEY_LENGTH).replace(/^id:/u, '');
      const alias = cell(position.alias, MAX_KEY_LENGTH);
      if (parent !== '') {
        catalogue.addVariant(id, parent);
        if (alias !== '') catalogue.addVariant(alias, parent);
        return;
      }
      const listed = flags.flatMap(([where, name]) => (cells[where] === '1' ? [name] : [])).join('|');
      const found: CatalogueItem = {
        id: detached(id),
        title: detached(title),
        category: detached(listed === '' ? cell(position.category, MAX_TEXT.name) : listed),
        brand: detached(cell(position.brand, MAX_TEXT.brand)),
        description: detached(plainText(cell(position.description, 4 * MAX_TEXT.description))),
        year: cell(position.year, 20),
        price: priceOf(cells[position.price] ?? ''),
      };
      if (!makesProducts && !catalogue.items.has(found.id)) return;
      add(found);
      catalogue.addAlias(alias, found.id);
      used += 1;
    },
    used: () => used,
  };

  function priceOf(cell: string): number | null {
    const price = parseNumber(cell, decimal);
    return price >= 0 ? price : null;
  }

  function add(found: CatalogueItem): void {
    const known = catalogue.items.get(found.id);
    if (known !== undefined) {
      for (const key of ['title', 'category', 'brand', 'description', 'year'] as const)
        known[key] ||= found[key];
      known.price ??= found.price;
      return;
    }
    if (catalogue.items.size === MAX_ROWS.items) {
      throw new AppError('import-invalid', `${table.name}: more than ${MAX_ROWS.items} products.`, {
        values: { file: table.name, limit: MAX_ROWS.items },
        remedy: 'Import a part of them.',
      });
    }
    catalogue.items.set(found.id, found);
  }
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  '#39': "'",
  nbsp: ' ',
};

/** Descriptions come as HTML from every shop; the text in it is what is shown. */
function plainText(html: string): string {
  if (!/[<&]/u.test(html)) return cleanText(html, MAX_TEXT.description);
  const text = html
    .replaceAll(/<(?:script|style)\b.*?<\/(?:script|style)>/gisu, ' ')
    .replaceAll(/<\/?[a-z!][^>]*>/giu, ' ')
    .replaceAll(/&([a-z#0-9]{2,6});/giu, (entity: string, name: string) =>
      Object.hasOwn(ENTITIES, name) ? (ENTITIES[name] ?? entity) : entity,
    );
  return cleanText(text, MAX_TEXT.description);
}
