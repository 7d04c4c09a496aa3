import MiniSearch, { type Query, type SearchOptions } from 'minisearch';
import { LANGUAGES, type Language, type LocalizedText } from '../types.ts';
import { stem } from './terms.ts';
import { bigrams, runs } from './words.ts';

/** What the search knows of an entry; its position in the list is what a search returns. */
export interface SearchDocument {
  readonly name: LocalizedText;
  readonly brand: string;
  readonly category: string;
  readonly description: LocalizedText;
  readonly attributes: LocalizedText;
  /** Orders entries that match equally well; any scale, not negative. */
  readonly popularity: number;
}

/** More of a query than this finds nothing better, and only costs time. */
export const MAX_QUERY_CHARACTERS = 200;
const MAX_QUERY_TOKENS = 12;

/** Documents indexed between two turns of the event loop: about 5 ms of work. */
const CHUNK = 100;

/** How much a match in a field counts. A field of the page's own language counts OWN_LANGUAGE times as much. */
const FIELD_WEIGHT = { name: 4, brand: 3, category: 2, attributes: 1, description: 1 } as const;
const OWN_LANGUAGE = 1.5;
/** A whole word matches better than the beginning of a longer one, and that better than a typing error. */
const MATCH_WEIGHTS = { prefix: 0.6, fuzzy: 0.3 } as const;
/** One typing error for every four letters, rounded, two at most. */
const FUZZY = 0.25;
const MAX_FUZZY = 2;

type Field = 'brand' | 'category' | `${'name' | 'description' | 'attributes'}:${Language}`;
const FIELDS: readonly Field[] = [
  'brand',
  'category',
  ...LANGUAGES.flatMap((language): Field[] => [
    `name:${language}`,
    `description:${language}`,
    `attributes:${language}`,
  ]),
];

interface Indexed {
  readonly id: number;
  readonly document: SearchDocument;
}

/** Full-text search over a catalogue: BM25 (minisearch) over our own tokens, in every language at once. */
export interface SearchIndex {
  /**
   * Positions of the entries that match best, at most `limit`, ties in catalogue order. All words of the query
   * must match, as beginnings at least; where nothing does, with typing errors; where nothing has all of them,
   * entries with some. The query is plain text. An
   * empty query, or one of punctuation only, finds nothing.
   */
  search(query: string, language: Language, limit: number): number[];
}

/** Indexes a catalogue, giving way to other work of the thread every few milliseconds. */
export async function buildSearchIndex(documents: readonly SearchDocument[]): Promise<SearchIndex> {
  const index = new MiniSearch<Indexed>({
    fields: [...FIELDS],
    extractField: (entry, field) =>
      field === 'id' ? String(entry.id) : fieldText(entry.document, field as Field),
    stringifyField: (value: unknown) => String(value),
    tokenize: indexTokens,
    processTerm: (term) => term,
  });
  const entries = documents.map((document, id) => ({ id, document }));
  await index.addAllAsync(entries, { chunkSize: CHUNK });

  const popularity = documents.map((document) => 1 + 0.1 * Math.log1p(document.popularity));
  return {
    search(query, language, limit) {
      const tokens = queryTokens(query);
      if (tokens.length === 0) return [];
      const options: SearchOptions = {
        tokenize: (text) => [text],
        processTerm: (term) => term,
        boost: boosts(language),
        boostDocument: (id: unknown) => popularity[Number(id)] ?? 1,
        weights: MATCH_WEIGHTS,
        maxFuzzy: MAX_FUZZY,
      };
      const of = (combineWith: 'AND' | 'OR', forgiving: boolean): Query => ({
        combineWith,
        queries: tokens.map((token) => tokenQuery(token, forgiving)),
      });
      // Forgiving only where nothing was meant literally: who searches for a cat wants no mat.
      let found = index.search(of('AND', false), options);
      if (found.length === 0) found = index.search(of('AND', true), options);
      if (found.length === 0) found = index.search(of('OR', true), options);
      return found
        .map(({ id, score }) => ({ id: Number(id), score }))
        .sort((a, b) => b.score - a.score || a.id - b.id)
        .slice(0, limit)
        .map(({ id }) => id);
    },
  };
}

interface QueryToken {
  readonly text: string;
  readonly unspaced: boolean;
}

function queryTokens(query: string): QueryToken[] {
  const tokens = runs(query.slice(0, MAX_QUERY_CHARACTERS)).flatMap(({ text, unspaced }): QueryToken[] =>
    unspaced ? bigrams(text).map((pair) => ({ text: pair, unspaced })) : [{ text, unspaced }],
  );
  return tokens.slice(0, MAX_QUERY_TOKENS);
}

function tokenQuery({ text, unspaced }: QueryToken, forgiving: boolean): Query {
  if (unspaced) return text;
  const whole: Query = {
    queries: [text],
    // One letter is the beginning of too much.
    prefix: text.length > 1,
    fuzzy: forgiving && text.length > 2 && /^\p{L}+$/u.test(text) ? FUZZY : false,
  };
  const base = stem(text);
  return base === text ? whole : { combineWith: 'OR', queries: [whole, base] };
}

/** Words with their stems; of unspaced scripts pairs and single characters. */
function indexTokens(text: string): string[] {
  return runs(text).flatMap((run) => {
    if (run.unspaced) return [...new Set([...bigrams(run.text), ...Array.from(run.text)])];
    const base = stem(run.text);
    return base === run.text ? [run.text] : [run.text, base];
  });
}

function fieldText(document: SearchDocument, field: Field): string {
  if (field === 'brand' || field === 'category') return document[field];
  const [part, language] = field.split(':') as ['name' | 'description' | 'attributes', Language];
  return document[part][language] ?? '';
}

function boosts(language: Language): Record<string, number> {
  return Object.fromEntries(
    FIELDS.map((field) => {
      const part = field.split(':')[0] as keyof typeof FIELD_WEIGHT;
      return [field, FIELD_WEIGHT[part] * (field.endsWith(`:${language}`) ? OWN_LANGUAGE : 1)];
    }),
  );
}
