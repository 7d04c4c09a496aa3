import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { privacyGate, type GateOptions } from '../../../src/cli/publish/privacy-gate.ts';
import { InteractionBuilder } from '../../../src/lib/pack/interaction-builder.ts';
import { EVENT_KINDS, type EventKind, type InteractionColumns } from '../../../src/lib/types.ts';
import { sampleContent, sampleItem } from '../../lib/pack/sample-pack.ts';

const OPEN: GateOptions = { minEvents: 1, kAnonymity: 1, coarsenDays: 1, allowReviews: true, seed: 1 };

interface Event {
  readonly user: number;
  readonly item: number;
  readonly kind: EventKind;
  readonly day: number;
}

const ITEMS = 6;
const event: fc.Arbitrary<Event> = fc.record({
  user: fc.nat(11),
  item: fc.nat(ITEMS - 1),
  kind: fc.constantFrom(...EVENT_KINDS),
  day: fc.nat(100),
});

function columnsOf(events: readonly Event[]): InteractionColumns {
  const builder = new InteractionBuilder();
  for (const one of events) {
    const stars = one.kind === 'rate' || one.kind === 'review' ? 1 + (one.day % 5) : 0;
    builder.add({ ...one, stars });
  }
  return builder.build(12, ITEMS);
}

function gate(events: readonly Event[], options: Partial<GateOptions>) {
  const items = Array.from({ length: ITEMS }, (_, index) => sampleItem(index, `item-${index}`));
  const content = { ...sampleContent(), items, interactions: columnsOf(events) };
  return privacyGate(content, { ...OPEN, ...options });
}

/** Each shopper's events as text, without their number; sorted. */
function shoppers(columns: InteractionColumns): readonly string[] {
  const rows = Array.from({ length: columns.users }, () => [] as string[]);
  for (let row = 0; row < columns.length; row++) {
    rows[columns.user[row]!]!.push(`${columns.item[row]} ${columns.kind[row]} ${columns.day[row]}`);
  }
  return rows.map((own) => own.sort().join(', ')).sort();
}

describe('privacyGate', () => {
  it('leaves only shoppers with enough events and items with enough shoppers', () => {
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 120 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 5 }),
        (events, minEvents, kAnonymity) => {
          const { content, report } = gate(events, { minEvents, kAnonymity });
          const { interactions } = content;
          const perUser = new Map<number, number>();
          const perItem = new Map<number, Set<number>>();
          for (let row = 0; row < interactions!.length; row++) {
            const [user, item] = [interactions!.user[row]!, interactions!.item[row]!];
            perUser.set(user, (perUser.get(user) ?? 0) + 1);
            perItem.set(item, (perItem.get(item) ?? new Set()).add(user));
          }
          for (const count of perUser.values()) expect(count).toBeGreaterThanOrEqual(minEvents);
          for (const users of perItem.values()) expect(users.size).toBeGreaterThanOrEqual(kAnonymity);
          expect(interactions!.users).toBe(perUser.size);
          expect(report.events).toEqual({ before: events.length, after: interactions!.length });
          expect(report.shoppers.after).toBe(perUser.size);
          expect(report.rareItems).toBe(new Set(events.map(({ item }) => item)).size - perItem.size);
        },
      ),
    );
  });

  it('keeps every shopper whole under another number where nothing is asked of it', () => {
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 80 }), fc.nat(1000), (events, seed) => {
        const before = columnsOf(events);
        const { content } = gate(events, { seed });
        expect(shoppers(content.interactions!)).toEqual(shoppers(before).filter((row) => row !== ''));
      }),
    );
  });

  it('puts shoppers in an order that the seed decides, sorted by shopper and day', () => {
    const events = Array.from({ length: 12 }, (_, user) => ({
      user,
      item: user % ITEMS,
      kind: 'order' as const,
      day: user,
    }));
    const days = (seed: number): readonly number[] => [...gate(events, { seed }).content.interactions!.day];
    expect(days(1)).toEqual(days(1));
    expect(days(1)).not.toEqual(days(2));
    expect(days(1)).not.toEqual([...days(1)].sort((a, b) => a - b));
  });

  it('rounds days down', () => {
    const events = [0, 6, 7, 20].map((day) => ({ user: 0, item: 0, kind: 'view' as const, day }));
    expect([...gate(events, { coarsenDays: 7 }).content.interactions!.day]).toEqual([0, 0, 7, 14]);
  });

  it('packs no words of shoppers unless it is told to, and their stars as ratings', () => {
    const events = [{ user: 0, item: 0, kind: 'review' as const, day: 3 }];
    const shut = gate(events, { allowReviews: false });
    expect(shut.content.reviews).toEqual([]);
    expect(shut.report.reviewsRemoved).toBe(2);
    expect(EVENT_KINDS[shut.content.interactions!.kind[0]!]).toBe('rate');
    expect(shut.content.interactions!.stars[0]).toBe(4);
    const open = gate(events, { allowReviews: true });
    expect(open.content.reviews).toHaveLength(2);
    expect(EVENT_KINDS[open.content.interactions!.kind[0]!]).toBe('review');
  });

  it('counts the catalogue’s statistics anew: they would tell of those who were left out', () => {
    const events = [0, 1, 2].map((user) => ({ user, item: 1, kind: 'order' as const, day: 1 }));
    const { content } = gate([...events, { user: 9, item: 2, kind: 'order', day: 1 }], { kAnonymity: 2 });
    expect(content.items.map(({ popularity }) => popularity)).toEqual([0, 3, 0, 0, 0, 0]);
    expect(content.items.every(({ ratingCounts }) => ratingCounts.every((count) => count === 0))).toBe(true);
  });

  it('has nothing to do for a catalogue alone', () => {
    const { content, report } = privacyGate({ ...sampleContent(), interactions: null }, OPEN);
    expect(content.interactions).toBeNull();
    expect(report.events).toEqual({ before: 0, after: 0 });
  });
});
