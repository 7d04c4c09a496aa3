import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  foldedMatrix,
  HELD_OUT_SHARE,
  holdOutEntries,
  holdOutUsers,
  MAX_HELD_OUT_USERS,
  MIN_RELEVANT_ITEMS,
  RELEVANT_STRENGTH,
} from '../../../../src/lib/model/evaluate/split.ts';
import { validateCsr, type CsrMatrix } from '../../../../src/lib/model/matrix/csr.ts';

type Rows = readonly (readonly (readonly [item: number, strength: number])[])[];

function matrixOf(rows: Rows, columns: number): CsrMatrix {
  const entries = rows.flat();
  const indptr = new Int32Array(rows.length + 1);
  rows.forEach((row, index) => (indptr[index + 1] = indptr[index]! + row.length));
  return {
    rows: rows.length,
    columns,
    indptr,
    indices: Int32Array.from(entries, ([item]) => item),
    data: Float32Array.from(entries, ([, strength]) => strength),
  };
}

function rowsOf(matrix: CsrMatrix): Rows {
  return Array.from({ length: matrix.rows }, (_, row) =>
    Array.from({ length: matrix.indptr[row + 1]! - matrix.indptr[row]! }, (__, offset) => {
      const entry = matrix.indptr[row]! + offset;
      return [matrix.indices[entry]!, matrix.data[entry]!] as const;
    }),
  );
}

const ITEMS = 12;
const row = fc
  .uniqueArray(fc.tuple(fc.nat(ITEMS - 1), fc.constantFrom(-4, 0.25, 1, 2, 3, 5)), {
    selector: ([item]) => item,
    maxLength: ITEMS,
  })
  .map((entries) => entries.toSorted(([a], [b]) => a - b));
const rows = fc.array(row, { maxLength: 60 });

describe('holdOutUsers', () => {
  it('empties the rows of held-out users and leaves the others as they were', () => {
    fc.assert(
      fc.property(rows, fc.integer(), (data, seed) => {
        const { train, heldOut } = holdOutUsers(matrixOf(data, ITEMS), { seed, candidates: data.length });
        validateCsr(train);
        const out = new Set(heldOut.map(({ user }) => user));
        expect(rowsOf(train)).toEqual(data.map((entries, user) => (out.has(user) ? [] : entries)));
      }),
      { seed: 5, numRuns: 200 },
    );
  });

  it('splits a held-out row into folded-in items and relevant targets, losing nothing', () => {
    fc.assert(
      fc.property(rows, fc.integer(), (data, seed) => {
        const { heldOut } = holdOutUsers(matrixOf(data, ITEMS), { seed, candidates: data.length });
        for (const { user, item, strength, targets } of heldOut) {
          const relevant = data[user]!.filter(([, value]) => value >= RELEVANT_STRENGTH).map(([id]) => id);
          expect(relevant.length).toBeGreaterThanOrEqual(MIN_RELEVANT_ITEMS);
          expect(targets.size).toBe(Math.max(1, Math.round(0.2 * relevant.length)));
          expect(relevant).toEqual(expect.arrayContaining([...targets]));
          const folded = Array.from(item, (id, position) => [id, strength[position]!] as const);
          expect(folded).toEqual(data[user]!.filter(([id]) => !targets.has(id)));
        }
      }),
      { seed: 6, numRuns: 200 },
    );
  });

  it('gives the same split for the same seed and another one for another seed', () => {
    const data = Array.from({ length: 100 }, () => [0, 1, 2, 3, 4].map((item) => [item, 3] as const));
    const split = (seed: number) =>
      holdOutUsers(matrixOf(data, ITEMS), { seed, candidates: 100 }).heldOut.map(({ user }) => user);
    expect(split(1)).toEqual(split(1));
    expect(split(1)).not.toEqual(split(2));
    expect(split(1)).toHaveLength(HELD_OUT_SHARE * 100);
  });

  it('never holds out the visitor behind the candidates', () => {
    const data = Array.from({ length: 50 }, () => [0, 1, 2].map((item) => [item, 3] as const));
    for (let seed = 0; seed < 20; seed++) {
      const { heldOut } = holdOutUsers(matrixOf(data, ITEMS), { seed, candidates: 49 });
      expect(heldOut.map(({ user }) => user)).not.toContain(49);
    }
  });

  it('holds out at most the stated number, and nobody where too few are eligible', () => {
    const likesThree = [0, 1, 2].map((item) => [item, 3] as const);
    const many = Array.from({ length: 4_000 }, () => likesThree);
    expect(holdOutUsers(matrixOf(many, ITEMS), { seed: 1, candidates: 4_000 }).heldOut).toHaveLength(
      MAX_HELD_OUT_USERS,
    );
    const few = Array.from({ length: 4 }, () => likesThree);
    expect(holdOutUsers(matrixOf(few, ITEMS), { seed: 1, candidates: 4 }).heldOut).toEqual([]);
    const indifferent = Array.from({ length: 50 }, () => [[0, 1] as const]);
    expect(holdOutUsers(matrixOf(indifferent, ITEMS), { seed: 1, candidates: 50 }).heldOut).toEqual([]);
  });
});

describe('foldedMatrix', () => {
  it('has one row a held-out user, in their order', () => {
    const data = Array.from({ length: 10 }, (_, user) =>
      [0, 1, 2, 3].map((item) => [item + (user % 3), 3] as const),
    );
    const { heldOut } = holdOutUsers(matrixOf(data, ITEMS), { seed: 1, candidates: 10 });
    const folded = foldedMatrix(heldOut, ITEMS);
    validateCsr(folded);
    expect(rowsOf(folded).map((entries) => entries.map(([item]) => item))).toEqual(
      heldOut.map(({ item }) => [...item]),
    );
  });
});

describe('holdOutEntries', () => {
  it('parts every row: what is held out is relevant and no longer there, all else stays', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 1_000 }), (data, seed) => {
        const whole = matrixOf(data, ITEMS);
        const { train, targets } = holdOutEntries(whole, seed);
        validateCsr(train);
        const kept = rowsOf(train);
        rowsOf(whole).forEach((entries, user) => {
          const own = targets.get(user) ?? new Set<number>();
          const relevant = entries.filter(([, strength]) => strength >= RELEVANT_STRENGTH);
          expect(own.size > 0).toBe(relevant.length >= MIN_RELEVANT_ITEMS);
          expect(kept[user]).toEqual(entries.filter(([item]) => !own.has(item)));
          for (const item of own) expect(relevant.map(([each]) => each)).toContain(item);
        });
        expect(holdOutEntries(whole, seed)).toEqual({ train, targets });
      }),
    );
  });
});
