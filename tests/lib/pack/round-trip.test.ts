import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseManifest } from '../../../src/lib/pack/manifest.ts';
import {
  openCatalogue,
  openFactors,
  openInteractions,
  openReviews,
} from '../../../src/lib/pack/open-stored.ts';
import { PACK_FILE_KINDS } from '../../../src/lib/pack/types.ts';
import { verifyFile } from '../../../src/lib/pack/verify.ts';
import { InteractionBuilder } from '../../../src/lib/pack/interaction-builder.ts';
import { EVENT_KINDS } from '../../../src/lib/types.ts';
import { sampleContent, samplePack } from './sample-pack.ts';

describe('writing and reading a pack', () => {
  it('gives back items, art, events, reviews and the shop’s model', async () => {
    const content = sampleContent();
    const stored = await samplePack(content);
    const { manifest, items, art, fingerprint } = await openCatalogue(stored);
    expect(items).toEqual(content.items);
    expect(art).toEqual(content.art);
    expect(fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(manifest.counts).toEqual({ items: 3, users: 2, interactions: 3, reviews: 2 });
    expect(manifest).toMatchObject(content.about);
    expect(await openInteractions(stored)).toEqual(content.interactions);
    const reviews = await openReviews(stored);
    expect([...reviews.keys()]).toEqual([0]);
    expect(reviews.get(0)).toEqual(content.reviews);
    expect(await openFactors(stored)).toEqual(content.factors?.model);
  });

  it('writes the same bytes for the same content', async () => {
    const [first, second] = [await samplePack(), await samplePack()];
    expect(second.manifestText).toBe(first.manifestText);
    expect(second.files).toEqual(first.files);
  });

  it('passes its own verification', async () => {
    const { manifestText, files } = await samplePack();
    const manifest = parseManifest(manifestText);
    expect(files.map((file) => file.kind)).toEqual(PACK_FILE_KINDS.filter((kind) => kind !== 'sentiment'));
    for (const file of files) await verifyFile(manifest, file);
  });

  it('leaves out the files that a pack without community, reviews, art or model does not need', async () => {
    const { factors, ...content } = sampleContent();
    expect(factors).toBeDefined();
    const stored = await samplePack({
      ...content,
      interactions: null,
      reviews: [],
      art: new Map(),
    });
    expect(stored.files.map((file) => file.kind)).toEqual(['items']);
    expect((await openCatalogue(stored)).art.size).toBe(0);
    expect(await openInteractions(stored)).toMatchObject({ users: 0, items: 3, length: 0 });
    expect((await openReviews(stored)).size).toBe(0);
    expect(await openFactors(stored)).toBeNull();
  });

  it('keeps any event through bytes, whatever their order', async () => {
    const event = fc.record({
      user: fc.nat(40),
      item: fc.nat(2),
      kind: fc.constantFrom(...EVENT_KINDS),
      stars: fc.integer({ min: 1, max: 5 }),
      day: fc.nat(30_000),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 300 }), async (events) => {
        const builder = new InteractionBuilder();
        for (const { kind, stars, ...rest } of events) {
          builder.add({ ...rest, kind, stars: kind === 'rate' || kind === 'review' ? stars : 0 });
        }
        const interactions = builder.build(41, 3);
        const read = await openInteractions(await samplePack({ ...sampleContent(), interactions }));
        expect(read).toEqual(interactions);
      }),
      { numRuns: 40, seed: 7 },
    );
  });
});
