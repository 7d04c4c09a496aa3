import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writePack } from '../../../src/lib/pack/write.ts';
import type { Item, ItemId, ItemIndex, PackId, Review } from '../../../src/lib/types.ts';

/** Says so on the page if it ever runs. */
const RUN = 'document.documentElement.dataset.hacked=1';
export const MARKUP = `<img src="http://leak.example/name.png" onerror="${RUN}">`;
const LINK = 'javascript:document.documentElement.dataset.hacked=1';

/** An SVG that would fetch, run and link if it stood in the document. */
const ART = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8" onload="${RUN}">
  <script>${RUN}</script>
  <image href="http://leak.example/art.png" width="8" height="8"/>
  <foreignObject><img src="http://leak.example/foreign.png"/></foreignObject>
  <style>@import url("http://leak.example/art.css");</style>
  <rect width="8" height="8" fill="red"/>
</svg>`;

function item(index: number, change: Partial<Item>): Item {
  return {
    index: index as ItemIndex,
    id: `thing-${index}` as ItemId,
    name: { en: `Thing ${index}` },
    brand: '',
    category: 'things',
    price: 1 + index,
    description: { en: 'A thing.' },
    attributes: [],
    art: 'art',
    popularity: 0,
    ratingCounts: [0, 0, 0, 0, 0],
    ...change,
  };
}

const review = (text: string): Review => ({
  item: 0 as ItemIndex,
  stars: 5,
  language: 'en',
  text,
  day: 20_000,
});

/** A pack that follows the format and means harm in every text it has. */
export async function writeHostilePack(): Promise<{ readonly folder: string; remove(): Promise<void> }> {
  const { manifestText, files } = await writePack({
    about: {
      id: 'hostile' as PackId,
      name: { en: MARKUP },
      description: { en: MARKUP },
      simulated: false,
      languages: ['en'],
      licence: `${LINK} http://leak.example/licence`,
      source: { en: `<a href="${LINK}">source</a> http://leak.example/source` },
      currency: null,
      categories: [{ key: 'things', name: { en: MARKUP }, art: 'art' }],
    },
    items: [
      item(0, {
        name: { en: MARKUP },
        brand: MARKUP,
        description: { en: `http://leak.example/text ${LINK} <script>${RUN}</script>` },
        attributes: [
          { name: { en: 'Site' }, value: { en: LINK } },
          { name: { en: MARKUP }, value: { en: 'data:text/html,<b>x</b>' } },
          { name: { en: 'Picture' }, value: { en: 'http://leak.example/attribute.png' } },
        ],
      }),
      // The art is a key; an address is only a key that nothing answers to.
      item(1, { art: 'http://leak.example/art-key.png' }),
      item(2, { id: '__proto__' as ItemId, name: { en: '\u202Egnihton\u0000' }, art: null }),
      item(3, { id: 'constructor' as ItemId, name: { en: 'x'.repeat(10_000) } }),
      item(4, { id: '../../a?b#c' as ItemId, name: { en: 'A path for an id' } }),
    ],
    art: new Map([['art', ART]]),
    interactions: null,
    reviews: [review(MARKUP), review(`${LINK} http://leak.example/review`)],
  });
  const folder = await mkdtemp(join(tmpdir(), 'fairshelf-hostile-'));
  await writeFile(join(folder, 'pack.json'), manifestText);
  for (const { path, bytes } of files) await writeFile(join(folder, path), bytes);
  return { folder, remove: () => rm(folder, { recursive: true }) };
}
