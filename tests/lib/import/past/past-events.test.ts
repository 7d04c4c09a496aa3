import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isHadElsewhere, pastEvents, type PastChoice } from '../../../../src/lib/import/past/past-events.ts';
import type { PastDeed, PastSource, PastWork } from '../../../../src/lib/import/past/types.ts';
import type { ItemId, PackId, Stars, VisitorEvent } from '../../../../src/lib/types.ts';

const PACK = 'shop' as PackId;
const ALL: PastChoice = { ratings: true, had: true, liked: true, wanted: true, reviews: true };
const NOW = 2_000_000;

const chosen = (itemId: string, deeds: readonly PastDeed[], source: PastSource = 'goodreads') => ({
  itemId: itemId as ItemId,
  work: { source, title: itemId, author: '', year: null, ids: [], deeds } satisfies PastWork,
});

const events = (
  matches: readonly ReturnType<typeof chosen>[],
  choice: Partial<PastChoice> = {},
  existing: readonly VisitorEvent[] = [],
) => pastEvents(matches, { ...ALL, ...choice }, PACK, existing, NOW);

const kinds = (added: readonly VisitorEvent[]): readonly string[] => added.map(({ kind }) => kind).sort();

describe('pastEvents', () => {
  it('makes one rating of a book that was read, rated and reviewed, and a review where that was chosen', async () => {
    const book = chosen('a', [
      { type: 'had', at: 10 },
      { type: 'rated', stars: 2, at: 10 },
      { type: 'reviewed', text: 'Long.', at: 10 },
    ]);
    expect((await events([book])).added).toMatchObject([
      { kind: expect.stringMatching(/rate|review/u) as string, itemId: 'a', packId: 'shop', at: 10 },
      { kind: expect.stringMatching(/rate|review/u) as string },
    ]);
    expect(kinds((await events([book], { reviews: false })).added)).toEqual(['rate']);
    // without its rating, what is left is that it was read
    const [had] = (await events([book], { reviews: false, ratings: false })).added;
    expect(had?.kind === 'order' && isHadElsewhere(had.orderId)).toBe(true);
  });

  it('takes the newest rating, once, and orders by order', async () => {
    const { added } = await events([
      chosen('a', [
        { type: 'rated', stars: 3, at: 20 },
        { type: 'rated', stars: 5, at: 30 },
        { type: 'rated', stars: 1, at: 10 },
      ]),
      chosen('a', [{ type: 'rated', stars: 4, at: 5 }]),
      chosen(
        'b',
        [
          { type: 'bought', quantity: 2, order: '1', at: 40 },
          { type: 'bought', quantity: 1, order: '1', at: 40 },
          { type: 'bought', quantity: 1, order: '2', at: 50 },
        ],
        'amazon',
      ),
    ]);
    expect(added).toMatchObject([
      { kind: 'rate', stars: 5, at: 30 },
      { kind: 'order', quantity: 3, orderId: 'amazon 1', at: 40 },
      { kind: 'order', quantity: 1, orderId: 'amazon 2', at: 50 },
    ]);
    expect(isHadElsewhere('amazon 2')).toBe(false);
  });

  it('keeps the time played, and what is wanted only until it is had', async () => {
    const { added } = await events([
      chosen(
        'a',
        [
          { type: 'bought', quantity: 1, order: '', at: 1 },
          { type: 'played', seconds: 90, at: 1 },
        ],
        'steam',
      ),
      chosen('b', [{ type: 'wanted', at: 2 }]),
      chosen('c', [
        { type: 'wanted', at: 3 },
        { type: 'had', at: 4 },
      ]),
    ]);
    expect(added.map(({ itemId, kind }) => `${itemId} ${kind}`).sort()).toEqual([
      'a dwell',
      'a order',
      'b like',
      'c order',
    ]);
  });

  it('dates what has no date as the oldest, and counts it; reviews without stars cannot be kept', async () => {
    const report = await events([
      chosen('a', [{ type: 'had', at: null }]),
      chosen('b', [{ type: 'had', at: 700 }]),
      chosen('c', [{ type: 'reviewed', text: 'Well.', at: 800 }]),
    ]);
    expect(report.added.map(({ at }) => at)).toEqual([700, 700]);
    expect(report).toMatchObject({ undated: 1, withoutStars: 1, known: 0 });
    expect((await events([chosen('a', [{ type: 'had', at: null }])])).added[0]?.at).toBe(NOW);
  });

  it('leaves what the visitor said in the shop', async () => {
    const own: VisitorEvent = {
      id: 'own',
      packId: PACK,
      itemId: 'a' as ItemId,
      at: 5,
      kind: 'rate',
      stars: 1,
    };
    const report = await events([chosen('a', [{ type: 'rated', stars: 5, at: 9 }])], {}, [own]);
    expect(report).toMatchObject({ added: [], known: 1 });
  });

  it('adds nothing the second time, whatever came and in whatever order', async () => {
    const at = fc.option(fc.integer({ min: 0, max: 1_000_000 }), { nil: null });
    const deed: fc.Arbitrary<PastDeed> = fc.oneof(
      fc.record({ type: fc.constantFrom('had', 'liked', 'wanted'), at }),
      fc.record({ type: fc.constant('rated' as const), stars: fc.constantFrom<Stars>(1, 2, 3, 4, 5), at }),
      fc.record({ type: fc.constant('reviewed' as const), text: fc.string({ minLength: 1 }), at }),
      fc.record({
        type: fc.constant('bought' as const),
        quantity: fc.integer({ min: 1, max: 9 }),
        order: fc.constantFrom('', '1', '2'),
        at,
      }),
      fc.record({ type: fc.constant('played' as const), seconds: fc.integer({ min: 1, max: 1e6 }), at }),
    );
    const match = fc
      .tuple(
        fc.constantFrom('a', 'b', 'c'),
        fc.array(deed, { maxLength: 5 }),
        fc.constantFrom<PastSource>('goodreads', 'steam'),
      )
      .map(([itemId, deeds, source]) => chosen(itemId, deeds, source));
    await fc.assert(
      fc.asyncProperty(fc.array(match, { maxLength: 8 }), async (matches) => {
        const first = await events(matches);
        const ids = first.added.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        for (const id of ids)
          expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/u);
        for (const again of [matches, matches.toReversed()]) {
          const second = await events(again, {}, first.added);
          expect(second.added).toEqual([]);
        }
        for (const kind of ['rate', 'review', 'like']) {
          const items = first.added.filter((event) => event.kind === kind).map(({ itemId }) => itemId);
          expect(new Set(items).size).toBe(items.length);
        }
      }),
    );
  });
});
