/** Orders of the catalogue. `relevance` exists only with a query. */
export const SORTS = ['popular', 'price-up', 'price-down', 'rating', 'name'] as const;
export type Sort = (typeof SORTS)[number] | 'relevance';

/** More of a query finds nothing better (`text/search`) and would only fill the page. */
export const MAX_QUERY_CHARACTERS = 200;

/** What the catalogue shows; kept in the query of the address, so that it can be linked and gone back to. */
export interface Filters {
  readonly query: string;
  /** Null for every category. */
  readonly category: string | null;
  readonly sort: Sort;
}

/** Reads filters from an address's query; what is not understood counts as absent. */
export function readFilters(querystring: string | undefined): Filters {
  const params = new URLSearchParams(querystring ?? '');
  const query = (params.get('q') ?? '').slice(0, MAX_QUERY_CHARACTERS);
  const sort = SORTS.find((known) => known === params.get('sort'));
  return {
    query,
    category: params.get('category'),
    sort: sort ?? (query === '' ? 'popular' : 'relevance'),
  };
}

/** The query of an address with these filters, with `?`; empty for the defaults. */
export function writeFilters({ query, category, sort }: Filters): string {
  const params = new URLSearchParams();
  if (query !== '') params.set('q', query);
  if (category !== null) params.set('category', category);
  if (sort !== 'relevance' && !(sort === 'popular' && query === '')) params.set('sort', sort);
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

/** True where the visitor looks for something, so that welcome and shelves stand back. */
export function isBrowsing({ query, category }: Filters): boolean {
  return query !== '' || category !== null;
}
