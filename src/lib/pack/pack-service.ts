import { Transferred, type Handlers } from '../rpc/index.ts';
import { fetchPack } from './fetch-pack.ts';
import { openCatalogue, openFactors, openInteractions, openReviews, openSentiment } from './open-stored.ts';
import type { PackService } from './protocol.ts';

/** Products sent in one message: about a millisecond's work for a phone that receives them. */
const PART = 60;

/** The pack worker's methods. `origin` is the only origin that packs are fetched from. */
export function createPackService(origin: string): Handlers<PackService> {
  return {
    async fetch({ baseUrl, files }, { signal, progress }) {
      const pack = await fetchPack({ baseUrl, files, origin, signal, onProgress: progress });
      return new Transferred(
        pack,
        pack.files.map((file) => file.bytes.buffer),
      );
    },
    async catalogue(stored, { progress }) {
      const { items, ...rest } = await openCatalogue(stored);
      for (let start = 0; start < items.length; start += PART) progress(items.slice(start, start + PART));
      return rest;
    },
    async interactions(stored) {
      const columns = await openInteractions(stored);
      const { user, item, kind, stars, day } = columns;
      return new Transferred(columns, [user.buffer, item.buffer, kind.buffer, stars.buffer, day.buffer]);
    },
    reviews: openReviews,
    async factors(stored) {
      const model = await openFactors(stored);
      return new Transferred(model, model === null ? [] : [model.itemFactors.buffer]);
    },
    sentiment: openSentiment,
  };
}
