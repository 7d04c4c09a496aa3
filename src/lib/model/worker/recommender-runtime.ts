import { AppError } from '../../errors.ts';
import { serve, Transferred, type Endpoint } from '../../rpc/index.ts';
import { buildSearchIndex, type SearchIndex } from '../../text/index.ts';
import type { ItemIndex } from '../../types.ts';
import { searchDocument } from '../recommend/item-texts.ts';
import { principalComponents } from '../recommend/principal-components.ts';
import { Recommender } from '../recommend/recommender.ts';
import { checkLength } from '../recommend/validate.ts';
import type { RecommenderService } from './recommender-protocol.ts';
import { ReviewReader } from './review-reader.ts';
import { Screening } from './screening.ts';

/** The index of a shop would compete with its first shelves for a phone's processors. */
const SEARCH_AFTER_MS = 2_000;

interface OpenCatalogue {
  readonly recommender: Recommender;
  /** Built at the first call. */
  readonly search: () => Promise<SearchIndex>;
}

/** Serves recommendations on an endpoint until the returned function is called. */
export function serveRecommender(endpoint: Endpoint): () => void {
  let open: OpenCatalogue | null = null;
  const screening = new Screening();
  const reviews = new ReviewReader();
  const current = (): OpenCatalogue => {
    if (open !== null) return open;
    throw new AppError('input-invalid', 'No catalogue is open.', { remedy: 'Open one first.' });
  };

  return serve<RecommenderService>(endpoint, {
    open({ items, snapshot }) {
      const recommender = new Recommender(items, snapshot);
      let index: Promise<SearchIndex> | null = null;
      const search = (): Promise<SearchIndex> => (index ??= buildSearchIndex(items.map(searchDocument)));
      // Built in the gaps between calls, when the shelves are long drawn; an earlier search builds it at once.
      setTimeout(() => {
        search().catch(() => undefined); // whoever searches hears of it
      }, SEARCH_AFTER_MS);
      open = { recommender, search };
      screening.begin(recommender);
      return recommender.status;
    },
    useSnapshot({ snapshot }) {
      const { recommender } = current();
      recommender.useSnapshot(snapshot);
      screening.begin(recommender);
      return recommender.status;
    },
    shelves({ events, length }) {
      const start = performance.now();
      const { recommender } = current();
      const { screened } = recommender;
      const shelves = recommender.shelves(events, length);
      return { shelves, milliseconds: performance.now() - start, screened };
    },
    similar: ({ item, length, events }) => current().recommender.similar(item, length, events),
    explain: ({ item, events }) => current().recommender.explain(item, events),
    monitor: ({ events }, { signal }) => current().recommender.monitor(events, signal),
    async search({ query, language, limit }) {
      checkLength(limit);
      const index = await current().search();
      const start = performance.now();
      const items = index.search(query, language, limit) as ItemIndex[];
      return { items, milliseconds: performance.now() - start };
    },
    opinions: (params) => reviews.opinions(params),
    map(given) {
      const map = given === null ? current().recommender.map() : mapOf(given);
      return map === null ? null : new Transferred(map, [map.x.buffer, map.y.buffer]);
    },
  });
}

function mapOf({
  itemFactors,
  items,
  factors,
}: NonNullable<RecommenderService['map']['params']>): ReturnType<typeof principalComponents> {
  if (itemFactors.length !== items * factors) {
    throw new AppError('input-invalid', 'The factors do not have the shape they are said to have.', {
      values: { length: itemFactors.length, items, factors },
    });
  }
  return principalComponents(itemFactors, items, factors);
}
