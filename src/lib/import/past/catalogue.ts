import type { Item } from '../../types.ts';
import { plainName } from '../recognise/column-names.ts';
import { isbn13 } from './isbn.ts';
import type { IdScheme, PastId } from './types.ts';

/**
 * What the matching needs of a shop's products, an entry a product in their order. Texts in one string a column, ended by
 * line ends: a worker is handed some strings at once, where a hundred thousand objects would hold the page up.
 */
export interface PastCatalogue {
  readonly ids: string;
  readonly en: string;
  readonly zh: string;
  /** Makers; of books, authors. */
  readonly brands: string;
  /** `scheme=value`, several with tabs between. */
  readonly numbers: string;
  /** Years, empty where there is none. */
  readonly years: string;
}

/** A product as it is matched. */
export interface CatalogueEntry {
  readonly id: string;
  readonly en: string;
  readonly zh: string;
  readonly brand: string;
  readonly numbers: readonly PastId[];
  readonly year: number | null;
}

/** How attributes of products call the numbers, in the form of `plainName`. */
const SCHEMES: ReadonlyMap<string, IdScheme> = new Map<string, IdScheme>([
  ['isbn', 'isbn'],
  ['isbn10', 'isbn'],
  ['isbn13', 'isbn'],
  ['ean', 'isbn'],
  ['asin', 'asin'],
  ['appid', 'steam'],
  ['steamappid', 'steam'],
  ['steamid', 'steam'],
  ['goodreadsid', 'goodreads'],
  ['goodreadsbookid', 'goodreads'],
  ['imdb', 'imdb'],
  ['imdbid', 'imdb'],
  ['tmdb', 'tmdb'],
  ['tmdbid', 'tmdb'],
]);
const YEARS: ReadonlySet<string> = new Set(['year', 'releaseyear', 'released', '年份', '出版年', '上映年份']);

/** The columns of some products, in their order. */
export function catalogueOf(items: readonly Item[]): PastCatalogue {
  const facts = items.map(factsOf);
  const column = (texts: readonly string[]): string => texts.map((text) => `${text}\n`).join('');
  return {
    ids: column(items.map(({ id }) => oneLine(id))),
    en: column(items.map(({ name }) => oneLine(name.en ?? ''))),
    zh: column(items.map(({ name }) => oneLine(name.zh ?? ''))),
    brands: column(items.map(({ brand }) => oneLine(brand))),
    numbers: column(
      facts.map(({ numbers }) => numbers.map(({ scheme, value }) => `${scheme}=${value}`).join('\t')),
    ),
    years: column(facts.map(({ year }) => (year === null ? '' : String(year)))),
  };
}

/** Columns of products one after the other. */
export function joinCatalogues(parts: readonly PastCatalogue[]): PastCatalogue {
  const join = (pick: (part: PastCatalogue) => string): string => parts.map(pick).join('');
  return {
    ids: join(({ ids }) => ids),
    en: join(({ en }) => en),
    zh: join(({ zh }) => zh),
    brands: join(({ brands }) => brands),
    numbers: join(({ numbers }) => numbers),
    years: join(({ years }) => years),
  };
}

/** The products of the columns, in their order. */
export function entriesOf(catalogue: PastCatalogue): readonly CatalogueEntry[] {
  const cut = (text: string): string[] => text.split('\n').slice(0, -1);
  const [en, zh, brands] = [cut(catalogue.en), cut(catalogue.zh), cut(catalogue.brands)];
  const [numbers, years] = [cut(catalogue.numbers), cut(catalogue.years)];
  return cut(catalogue.ids).map((id, index) => ({
    id,
    en: en[index] ?? '',
    zh: zh[index] ?? '',
    brand: brands[index] ?? '',
    numbers: numbersOf(numbers[index] ?? ''),
    year: (years[index] ?? '') === '' ? null : Number(years[index]),
  }));
}

function factsOf({ id, attributes }: Item): {
  readonly numbers: readonly PastId[];
  readonly year: number | null;
} {
  const numbers: PastId[] = [];
  let year: number | null = null;
  for (const { name, value } of attributes) {
    const text = (value.en ?? value.zh ?? '').trim();
    const names = [name.en, name.zh].map((one) => plainName(one ?? ''));
    const scheme = names.map((one) => SCHEMES.get(one)).find((one) => one !== undefined);
    if (scheme !== undefined && text !== '') numbers.push(...asId(scheme, oneLine(text)));
    if (names.some((one) => YEARS.has(one)) && /^\d{4}$/u.test(text)) year = Number(text);
  }
  // a key that can be nothing else
  const isbn = isbn13(id);
  if (isbn !== null) numbers.push({ scheme: 'isbn', value: isbn });
  if (/^B0[A-Z0-9]{8}$/u.test(id)) numbers.push({ scheme: 'asin', value: id });
  return { numbers, year };
}

function asId(scheme: IdScheme, text: string): readonly PastId[] {
  if (scheme !== 'isbn') return [{ scheme, value: text }];
  const value = isbn13(text);
  return value === null ? [] : [{ scheme, value }];
}

function numbersOf(cell: string): readonly PastId[] {
  if (cell === '') return [];
  return cell.split('\t').map((number) => {
    const at = number.indexOf('=');
    return { scheme: number.slice(0, at) as IdScheme, value: number.slice(at + 1) };
  });
}

const oneLine = (text: string): string => (/[\t\n]/u.test(text) ? text.replaceAll(/[\t\n]+/gu, ' ') : text);
