import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventsAsCsv, eventsAsParquet, type NameOf } from '../../../src/lib/export/events.ts';
import { Random } from '../../../src/lib/model/matrix/random.ts';
import { DEFAULT_SETTINGS } from '../../../src/lib/storage/index.ts';
import { serializeExport } from '../../../src/lib/storage/whole.ts';
import {
  EVENT_KINDS,
  type ItemId,
  type PackId,
  type Stars,
  type VisitorEvent,
} from '../../../src/lib/types.ts';
import { eventsOf, importOf } from '../import/support.ts';

const DAY_MS = 86_400_000;
/** Texts that a spreadsheet would run, and texts that break lines and cells. */
const TEXTS = ['=HYPERLINK("x")', '-20% off, "really"', '@home', "'tis", '两行\n文字', 'plain words here'];

/** One event an item: an import that cleans finds nothing to leave out. */
function randomEvents(seed: number, count: number): VisitorEvent[] {
  const random = new Random(seed);
  return Array.from({ length: count }, (_, at): VisitorEvent => {
    const base = {
      id: `e${at}`,
      packId: 'shop' as PackId,
      itemId: `${random.below(2) === 0 ? '=' : ''}i${at}` as ItemId,
      at: Date.UTC(2024, 0, 1) + random.below(400 * DAY_MS),
    };
    const stars = (1 + random.below(5)) as Stars;
    const kind = EVENT_KINDS[random.below(EVENT_KINDS.length)] ?? 'view';
    switch (kind) {
      case 'dwell':
        return { ...base, kind, seconds: random.below(5000) / 10 };
      case 'rate':
        return { ...base, kind, stars };
      case 'review':
        return { ...base, kind, stars, text: TEXTS[random.below(TEXTS.length)] ?? '' };
      case 'basket':
        return { ...base, kind, quantity: 1 + random.below(3) };
      case 'order':
        return { ...base, kind, quantity: 1 + random.below(3), orderId: 'o' };
      case 'view':
      case 'click':
      case 'like':
      case 'hide':
        return { ...base, kind };
      default:
        return kind satisfies never;
    }
  }).sort((a, b) => a.at - b.at);
}

const nameOf: NameOf = (_, item) => `-Name of ${item}, "so"`;

function jsonOf(events: readonly VisitorEvent[]): string {
  return serializeExport({
    format: 'fairshelf-export',
    version: 1,
    exportedAt: new Date(0).toISOString(),
    settings: DEFAULT_SETTINGS,
    events,
    sayings: [],
    orders: [],
    basket: [],
    quarantine: [],
  });
}

/** `user item kind stars day`, as an import tells events. */
const told = (events: readonly VisitorEvent[]): string[] =>
  events.map((event) =>
    [
      0,
      event.itemId,
      event.kind,
      event.kind === 'rate' || event.kind === 'review' ? event.stars : 0,
      Math.floor(event.at / DAY_MS),
    ].join(' '),
  );

describe('exported events', () => {
  it('come back from CSV, Parquet and JSON as the same events', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1e6 }), async (seed) => {
        const events = randomEvents(seed, 60);
        const files = {
          'events.csv': eventsAsCsv(events, nameOf),
          'events.parquet': await eventsAsParquet(events, nameOf),
          'events.json': jsonOf(events),
        };
        for (const [name, content] of Object.entries(files)) {
          const result = await importOf({ [name]: content });
          expect(result.report.dataset).toBe('fairshelf');
          expect(result.report.problems.shown).toEqual([]);
          expect(eventsOf(result).sort()).toEqual(told(events).sort());
          const written = events.flatMap((event) => (event.kind === 'review' ? [event.text] : []));
          expect(result.content.reviews.map(({ text }) => text).sort()).toEqual(written.sort());
          if (name === 'events.json') continue;
          for (const item of result.content.items)
            expect(item.name.en).toBe(nameOf('shop' as PackId, item.id));
        }
      }),
      { numRuns: 10 },
    );
  });

  it('are none in a file of none, which still has its header', () => {
    expect(eventsAsCsv([], nameOf)).toBe('\uFEFFpack,item,name,kind,value,text,time\r\n');
  });

  it('of several shops stay apart: in each shop one person', async () => {
    const [first, second] = [randomEvents(1, 5), randomEvents(2, 7)];
    const moved = second.map((event) => ({ ...event, packId: 'other' as PackId }));
    const result = await importOf({ 'events.csv': eventsAsCsv([...first, ...moved], nameOf) });
    expect(result.content.interactions?.users).toBe(2);
  });
});
