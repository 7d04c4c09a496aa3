import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../../src/cli/demo-pack/catalogue/index.ts';
import { TASTES, type Taste } from '../../../../src/cli/demo-pack/catalogue/types.ts';
import { trainInProcess } from '../../../../src/lib/model/index.ts';
import { Recommender } from '../../../../src/lib/model/recommend/recommender.ts';
import { openCatalogue, openInteractions } from '../../../../src/lib/pack/open-stored.ts';
import type { PackFileKind } from '../../../../src/lib/pack/types.ts';
import { event } from './planted.ts';

const FOLDER = new URL('../../../../public/packs/demo/', import.meta.url);
/** Likes of this many products of one taste, and products of it wanted among the first ten of the shelf. */
const EVENTS = 10;
const WANTED = 7;

const file = async (kind: PackFileKind): Promise<{ kind: PackFileKind; bytes: Uint8Array<ArrayBuffer> }> => ({
  kind,
  bytes: new Uint8Array(await readFile(new URL(`${kind}.parquet`, FOLDER))),
});

describe('the demo pack', async () => {
  const stored = {
    manifestText: await readFile(new URL('pack.json', FOLDER), 'utf8'),
    files: [await file('items'), await file('interactions')],
  };
  const { items, manifest, fingerprint } = await openCatalogue(stored);
  const interactions = await openInteractions(stored);
  const tasteById = new Map(
    CATALOGUE.flatMap(({ products }) => products.map(({ id, taste }): [string, Taste] => [id, taste])),
  );
  const tasteOf = (item: number): Taste | undefined => tasteById.get(items[item]?.id ?? '');
  /** Products by taste, without those nobody has touched. */
  const known = (taste: Taste): number[] =>
    items.flatMap(({ index, popularity }) => (popularity > 0 && tasteOf(index) === taste ? [index] : []));

  const isLarge = (taste: Taste): boolean => known(taste).length >= EVENTS + WANTED;
  let recommender: Recommender;

  beforeAll(async () => {
    const { snapshot } = await trainInProcess({
      packId: manifest.id,
      packFingerprint: fingerprint,
      model: 'ials',
      hyperparameters: {},
      interactions,
      visitor: { item: new Int32Array(0), strength: new Float32Array(0) },
      device: 'cpu',
      seed: 1,
      checkpoint: null,
    });
    recommender = new Recommender(items, snapshot);
  }, 300_000);

  it('has enough products of most tastes to tell', () => {
    expect(TASTES.filter(isLarge).length).toBeGreaterThan(TASTES.length / 3);
  });

  it.for(TASTES)('shows %s to a visitor with ten such likes: at least 7 of 10', (taste, { skip }) => {
    skip(!isLarge(taste), `fewer than ${EVENTS + WANTED} products`);
    const events = known(taste)
      .slice(0, EVENTS)
      .map((item) => event(item));
    const shelf = recommender.shelves(events, 10)[0];
    expect(shelf?.kind).toBe('for-you');
    const hits = shelf?.entries.filter(({ item }) => tasteOf(item) === taste) ?? [];
    expect(hits.length).toBeGreaterThanOrEqual(WANTED);
    for (const { reason } of hits) expect(tasteOf(reason?.item ?? -1)).toBe(taste);
  });

  it('gives new products a better place with the visitors they were written for, by their words', () => {
    const ranks: number[] = [];
    for (const taste of TASTES.filter(isLarge)) {
      const events = known(taste)
        .slice(0, EVENTS)
        .map((item) => event(item));
      for (const { index, popularity } of items) {
        if (popularity > 0 || tasteOf(index) !== taste) continue;
        const explanation = recommender.explain(index, events);
        expect(explanation.basis).toBe('text');
        ranks.push((explanation.rank ?? Infinity) / explanation.candidates);
      }
    }
    expect(ranks.length).toBeGreaterThan(0);
    const median = ranks.toSorted((a, b) => a - b)[ranks.length >> 1] ?? 1;
    expect(median).toBeLessThan(0.25);
  });
});
