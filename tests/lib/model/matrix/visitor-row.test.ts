import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../src/lib/errors.ts';
import { visitorProfile, visitorRow, type ItemEvent } from '../../../../src/lib/model/matrix/visitor-row.ts';
import { EVENT_KINDS, type EventKind, type ItemIndex } from '../../../../src/lib/types.ts';

let nextId = 0;
const event = (item: number, kind: EventKind, rest: Partial<ItemEvent> = {}): ItemEvent => ({
  id: `e${String(nextId++)}`,
  item: item as ItemIndex,
  kind,
  stars: 0,
  seconds: 0,
  at: 0,
  ...rest,
});

const anyEvent: fc.Arbitrary<ItemEvent> = fc.record({
  id: fc.uuid(),
  item: fc.nat(5) as fc.Arbitrary<ItemIndex>,
  kind: fc.constantFrom(...EVENT_KINDS),
  stars: fc.integer({ min: 1, max: 5 }),
  seconds: fc.nat(100),
  at: fc.nat(3),
});
const someEvents = fc.uniqueArray(anyEvent, { selector: ({ id }) => id, maxLength: 40 });

describe('visitorRow', () => {
  it('sums strengths per item, items ascending', () => {
    const row = visitorRow([event(7, 'like'), event(2, 'order'), event(7, 'rate', { stars: 5 })]);
    expect([...row.item]).toEqual([2, 7]);
    expect([...row.strength]).toEqual([5, 8]);
  });

  it('leaves out an item whose events cancel out or say nothing', () => {
    const row = visitorRow([
      event(1, 'like'),
      event(1, 'basket'),
      event(1, 'hide'),
      event(3, 'dwell', { seconds: 2 }),
    ]);
    expect(row.item).toHaveLength(0);
    expect(row.strength).toHaveLength(0);
  });

  it('counts at most five events of a kind', () => {
    const row = visitorRow(Array.from({ length: 9 }, () => event(0, 'basket')));
    expect([...row.strength]).toEqual([10]);
  });

  it.each([-1, 0.5, Number.NaN])('refuses the item position %s', (item) => {
    expect(() => visitorRow([event(item, 'like')])).toThrow(AppError);
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('refuses a dwell of %s seconds', (seconds) => {
    expect(() => visitorRow([event(0, 'dwell', { seconds })])).toThrow(AppError);
  });
});

describe('visitorProfile', () => {
  it('gives every event its part, and the parts sum to the item', () => {
    fc.assert(
      fc.property(someEvents, (events) => {
        const profile = visitorProfile(events);
        expect(profile.flatMap(({ shares }) => shares)).toHaveLength(events.length);
        for (const { strength, shares } of profile) {
          const sum = shares.reduce((total, share) => total + share.strength, 0);
          expect(sum).toBeCloseTo(strength, 10);
        }
      }),
    );
  });

  it('does not depend on the order of the events', () => {
    fc.assert(
      fc.property(someEvents, (events) => {
        expect(visitorProfile(events.toReversed())).toEqual(visitorProfile(events));
      }),
    );
  });
});
