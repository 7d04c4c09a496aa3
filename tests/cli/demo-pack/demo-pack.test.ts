import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { demoPackContent } from '../../../src/cli/demo-pack/demo-pack.ts';
import { verifyPackFolder, type VerifiedPack } from '../../../src/cli/pack-folder.ts';
import { writePack, type PackContent, type WrittenPack } from '../../../src/lib/pack/write.ts';

const FOLDER = 'public/packs/demo';

let content: PackContent;
let written: WrittenPack;
let committed: VerifiedPack;

beforeAll(async () => {
  content = demoPackContent();
  written = await writePack(content);
  committed = await verifyPackFolder(FOLDER);
}, 60_000);

describe('the demo pack that ships with the app', () => {
  it('is what the generator writes, byte for byte', () => {
    // After a change of the catalogue or the model: npm run -s fairshelf -- demo-pack --out public/packs/demo
    expect(written.manifestText).toBe(readFileSync(`${FOLDER}/pack.json`, 'utf8'));
  });

  it('is sound, said to be simulated, and at most 2.5 MB', () => {
    expect(committed.manifest.simulated).toBe(true);
    expect(committed.manifest.description.en).toContain('simulated');
    expect(committed.manifest.description.zh).toContain('模拟');
    expect(committed.manifest.licence).toContain('Fluent Emoji');
    expect(committed.bytes).toBeLessThan(2_500_000);
  });

  it('holds what issue A asks of it', () => {
    const { counts, categories } = committed.manifest;
    expect(counts.items).toBeGreaterThanOrEqual(400);
    expect(categories.length).toBeGreaterThanOrEqual(12);
    expect(counts.users).toBeGreaterThanOrEqual(5000);
    expect(counts.interactions).toBeGreaterThanOrEqual(250_000);
    expect(counts.reviews).toBeGreaterThanOrEqual(10_000);
  });

  it('has art for every item and category, and no art beside', () => {
    const used = new Set([
      ...content.items.map((item) => item.art),
      ...content.about.categories.map((category) => category.art),
    ]);
    expect(new Set(content.art.keys())).toEqual(used);
  });

  it('counts popularity and ratings from its own events', () => {
    const { interactions, items, reviews } = content;
    const touched = new Set(interactions?.item);
    items.forEach((item, index) => expect(item.popularity > 0).toBe(touched.has(index)));
    const rated = items.flatMap((item) => item.ratingCounts).reduce((sum, count) => sum + count, 0);
    expect(rated).toBe(interactions?.stars.filter((stars) => stars > 0).length);
    expect(rated).toBeGreaterThan(reviews.length);
  });
});
