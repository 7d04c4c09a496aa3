import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { strengthMatrix } from '../../../../src/lib/model/matrix/interactions.ts';
import { eventStrength, MAX_EVENTS_PER_KIND } from '../../../../src/lib/model/matrix/strength.ts';
import type { VisitorRow } from '../../../../src/lib/model/matrix/visitor-row.ts';
import { EVENT_KINDS, type EventKind, type InteractionColumns } from '../../../../src/lib/types.ts';

interface Row {
  readonly user: number;
  readonly item: number;
  readonly kind: EventKind;
  readonly stars: number;
}

function columnsOf(rows: readonly Row[], users: number, items: number): InteractionColumns {
  return {
    users,
    items,
    length: rows.length,
    user: Int32Array.from(rows, ({ user }) => user),
    item: Int32Array.from(rows, ({ item }) => item),
    kind: Uint8Array.from(rows, ({ kind }) => EVENT_KINDS.indexOf(kind)),
    stars: Uint8Array.from(rows, ({ stars }) => stars),
    day: new Int32Array(rows.length),
  };
}

const visitor: VisitorRow = { item: Int32Array.of(0, 2), strength: Float32Array.of(3, -5) };
const invalid = expect.objectContaining({ code: 'input-invalid' }) as Error;

describe('strengthMatrix', () => {
  it('equals adding up the events of each pair', () => {
    const anyRow = fc.record({
      user: fc.nat(3),
      item: fc.nat(4),
      kind: fc.constantFrom(...EVENT_KINDS),
      stars: fc.integer({ min: 1, max: 5 }),
    });
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 120 }), (rows) => {
        const matrix = strengthMatrix(columnsOf(rows, 4, 5), null);
        for (let user = 0; user < 4; user++) {
          for (let item = 0; item < 5; item++) {
            let expected = 0;
            for (const kind of EVENT_KINDS) {
              rows
                .filter((row) => row.user === user && row.item === item && row.kind === kind)
                .slice(0, MAX_EVENTS_PER_KIND)
                .forEach(({ stars }) => (expected += eventStrength({ kind, stars, seconds: 10 })));
            }
            const entries = [...matrix.indices.subarray(matrix.indptr[user], matrix.indptr[user + 1])];
            const at = entries.indexOf(item);
            expect(at === -1 ? 0 : matrix.data[matrix.indptr[user]! + at]).toBeCloseTo(expected, 4);
          }
        }
      }),
    );
  });

  it('puts the visitor last', () => {
    const columns = columnsOf([{ user: 1, item: 1, kind: 'order', stars: 0 }], 2, 3);
    const matrix = strengthMatrix(columns, visitor);
    expect([...matrix.indptr]).toEqual([0, 0, 1, 3]);
    expect([...matrix.indices]).toEqual([1, 0, 2]);
    expect([...matrix.data]).toEqual([5, 3, -5]);
  });

  it('keeps an empty last row for a visitor without events', () => {
    const nobody = { item: new Int32Array(0), strength: new Float32Array(0) };
    expect([...strengthMatrix(columnsOf([], 1, 1), nobody).indptr]).toEqual([0, 0, 0]);
  });

  it.each<[string, Partial<VisitorRow>]>([
    ['an item out of range', { item: Int32Array.of(0, 3) }],
    ['items that do not ascend', { item: Int32Array.of(2, 0) }],
    ['a strength that is no number', { strength: Float32Array.of(1, Number.NaN) }],
  ])('refuses a visitor with %s', (_, change) => {
    expect(() => strengthMatrix(columnsOf([], 1, 3), { ...visitor, ...change })).toThrow(invalid);
  });

  it.each<[string, Partial<InteractionColumns>]>([
    ['an unknown kind', { kind: Uint8Array.of(EVENT_KINDS.length) }],
    ['a rating of 0 stars', { stars: Uint8Array.of(0) }],
    ['a rating of 6 stars', { stars: Uint8Array.of(6) }],
    ['a user out of range', { user: Int32Array.of(1) }],
    ['an item out of range', { item: Int32Array.of(-1) }],
    ['a short column', { stars: new Uint8Array(0) }],
  ])('refuses columns with %s', (_, change) => {
    const sound = columnsOf([{ user: 0, item: 0, kind: 'rate', stars: 5 }], 1, 1);
    strengthMatrix(sound, null);
    expect(() => strengthMatrix({ ...sound, ...change }, null)).toThrow(invalid);
  });
});
