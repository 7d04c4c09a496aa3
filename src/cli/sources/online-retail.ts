import { InteractionBuilder } from '../../lib/pack/interaction-builder.ts';
import type { PackContent } from '../../lib/pack/write.ts';
import type { Item, ItemId, ItemIndex, PackId } from '../../lib/types.ts';
import { ART_LICENCE, fluentEmoji } from '../art.ts';
import { itemStatistics } from '../community-statistics.ts';
import { csvError, readCsv } from '../csv.ts';
import { shuffledNumbers } from '../shuffle.ts';
import { SHELF_RULES, shelfOf } from './online-retail-categories.ts';

const MILLISECONDS_PER_DAY = 86_400_000;
const USER_SEED = 20_101_201;

/** Stock codes of fees and postage: they pass the usual cleaning but are no products. */
const SERVICE_CODES: ReadonlySet<string> = new Set(['POST', 'DOT', 'C2', 'M', 'D', 'S', 'BANK CHARGES']);

/** Sizes of the data at one step of cleaning. */
export interface RetailCounts {
  readonly lines: number;
  readonly customers: number;
  readonly items: number;
  /** Distinct customer–item pairs. */
  readonly pairs: number;
}

export interface RetailPack {
  readonly content: PackContent;
  /** Lines of the file. */
  readonly read: number;
  /** After the usual cleaning (a customer, no return, a positive quantity and price): compare with papers. */
  readonly cleaned: RetailCounts;
  /** Without fees and postage too: what the pack holds. */
  readonly kept: RetailCounts;
}

interface OrderLine {
  readonly code: string;
  readonly name: string;
  readonly price: number;
  readonly customer: string;
  readonly day: number;
}

/**
 * A pack out of UCI's Online Retail order lines. An item's name is its most frequent description in sentence
 * case, its price the median; its category comes from words of its name. Each line is one `order`. Customers
 * become row numbers in shuffled order. Throws `import-invalid` naming file, row and column.
 */
export function onlineRetailPack(path: string): RetailPack {
  const { lines: cleanedLines, read } = readOrderLines(path);
  const lines = cleanedLines.filter((line) => !SERVICE_CODES.has(line.code));
  const codes = [...new Set(lines.map((line) => line.code))].sort();
  const indices = new Map(codes.map((code, index) => [code, index]));
  const customers = shuffledNumbers(
    lines.map((line) => line.customer),
    USER_SEED,
  );
  const events = new InteractionBuilder();
  for (const { customer, code, day } of lines) {
    const user = customers.get(customer) ?? 0;
    events.add({ user, item: indices.get(code) ?? 0, kind: 'order', stars: 0, day });
  }
  const interactions = events.build(customers.size, codes.length);
  const statistics = itemStatistics(interactions);
  const byCode = new Map<string, OrderLine[]>(codes.map((code) => [code, []]));
  for (const line of lines) byCode.get(line.code)?.push(line);
  const items = codes.map((code, index): Item => {
    const { popularity, ratingCounts } = statistics[index] ?? {
      popularity: 0,
      ratingCounts: [0, 0, 0, 0, 0],
    };
    return { ...toItem(code, byCode.get(code) ?? [], index), popularity, ratingCounts };
  });
  const used = new Set(items.map((item) => item.category));
  const categories = SHELF_RULES.filter((shelf) => used.has(shelf.key)).map(({ key, name, art }) => ({
    key,
    name,
    art,
  }));
  return {
    content: {
      about: {
        id: 'online-retail' as PackId,
        name: { en: 'Online Retail', zh: 'Online Retail 礼品店' },
        description: {
          en: 'A year of orders of a British gift shop, December 2010 to December 2011.',
          zh: '一家英国礼品店 2010 年 12 月至 2011 年 12 月的订单。',
        },
        simulated: false,
        languages: ['en'],
        licence: `Data: CC BY 4.0, Daqing Chen, UCI Machine Learning Repository. ${ART_LICENCE}`,
        source: { en: 'Online Retail, UCI Machine Learning Repository, doi.org/10.24432/C5BW33' },
        currency: 'GBP',
        categories,
      },
      items,
      art: fluentEmoji(categories.map((category) => category.art)),
      interactions,
      reviews: [],
    },
    read,
    cleaned: countsOf(cleanedLines),
    kept: countsOf(lines),
  };
}

function readOrderLines(path: string): { lines: readonly OrderLine[]; read: number } {
  const lines: OrderLine[] = [];
  let read = 0;
  readCsv(
    path,
    ['InvoiceNo', 'StockCode', 'Description', 'Quantity', 'InvoiceDate', 'UnitPrice', 'CustomerID'],
    ({ cells, row }) => {
      read = row;
      const quantity = Number(cells.Quantity);
      const price = Number(cells.UnitPrice);
      if (!Number.isInteger(quantity) || cells.Quantity === '') {
        throw csvError(path, row, 'Quantity', cells.Quantity, 'Give a whole number.');
      }
      if (!Number.isFinite(price) || cells.UnitPrice === '') {
        throw csvError(path, row, 'UnitPrice', cells.UnitPrice, 'Give a price as a plain number.');
      }
      if (cells.CustomerID === '' || cells.InvoiceNo.startsWith('C') || quantity <= 0 || price <= 0) return;
      const at = Date.parse(`${cells.InvoiceDate.slice(0, 10)}T00:00:00Z`);
      if (Number.isNaN(at)) {
        throw csvError(path, row, 'InvoiceDate', cells.InvoiceDate, 'Give a date as YYYY-MM-DD hh:mm:ss.');
      }
      if (cells.StockCode === '') throw csvError(path, row, 'StockCode', '', 'Give the product’s code.');
      lines.push({
        code: cells.StockCode,
        name: cells.Description.replace(/\s+/gu, ' ').trim(),
        price,
        customer: cells.CustomerID,
        day: Math.floor(at / MILLISECONDS_PER_DAY),
      });
    },
  );
  return { lines, read };
}

function countsOf(lines: readonly OrderLine[]): RetailCounts {
  return {
    lines: lines.length,
    customers: new Set(lines.map((line) => line.customer)).size,
    items: new Set(lines.map((line) => line.code)).size,
    pairs: new Set(lines.map((line) => `${line.customer}\n${line.code}`)).size,
  };
}

function toItem(
  code: string,
  lines: readonly OrderLine[],
  index: number,
): Omit<Item, 'popularity' | 'ratingCounts'> {
  const name = mostFrequent(lines.map((line) => line.name));
  const shelf = shelfOf(name);
  return {
    index: index as ItemIndex,
    id: code as ItemId,
    name: { en: name === '' ? code : sentenceCase(name) },
    brand: '',
    category: shelf.key,
    price: median(lines.map((line) => line.price)),
    description: {},
    attributes: [{ name: { en: 'Stock code', zh: '货号' }, value: { en: code, zh: code } }],
    art: shelf.art,
  };
}

/** The most frequent text; of equally frequent ones the first in alphabetical order. */
export function mostFrequent(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  const ranked = [...counts].sort(([a, inA], [b, inB]) => inB - inA || (a < b ? -1 : 1));
  return ranked[0]?.[0] ?? '';
}

/** Middle value; the mean of the two middle ones of an even number, to the penny. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? 0;
  const lower = sorted.length % 2 === 0 ? (sorted[half - 1] ?? 0) : upper;
  return Math.round(50 * (lower + upper)) / 100;
}

/** The file shouts ("WHITE METAL LANTERN"); the shop does not. A name that is not all capitals stays. */
export function sentenceCase(name: string): string {
  if (name !== name.toUpperCase()) return name;
  return name.toLowerCase().replace(/^[a-z]/u, (letter) => letter.toUpperCase());
}
