import fc from 'fast-check';
import { expect, it } from 'vitest';
import { recommendationTable } from '../../../src/lib/export/recommendations.ts';

const reason = fc.record({
  item: fc.option(fc.string()),
  name: fc.string(),
  contribution: fc.double({ min: -10, max: 10, noNaN: true }),
});

it('writes the largest reasons, and the contributions of a row sum to its score', () => {
  fc.assert(
    fc.property(fc.array(reason), (reasons) => {
      const score = reasons.reduce((sum, { contribution }) => sum + contribution, 0);
      const { columns, rows } = recommendationTable([{ item: 'x', name: 'X', score, reasons }]);
      const row = rows[0] ?? [];
      expect(row).toHaveLength(columns.length);
      const parts = columns.flatMap((name, at) =>
        name.includes('contribution') ? [Number(row[at] ?? 0)] : [],
      );
      expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(score, 9);
      const largest = Math.max(0, ...reasons.map(({ contribution }) => Math.abs(contribution)));
      expect(Math.abs(parts[0] ?? 0)).toBe(largest);
    }),
  );
});

it('numbers the ranks from 1 and says what is no item of the visitor’s', () => {
  const popularity = { item: null, name: 'Popularity', contribution: 0.5 };
  const one = { item: 'a', name: 'A', score: 0.5, reasons: [popularity] };
  const { columns, rows } = recommendationTable([one, one]);
  const column = (name: string): readonly unknown[] => rows.map((row) => row[columns.indexOf(name)]);
  expect(column('rank')).toEqual([1, 2]);
  expect(column('reason 1 item')).toEqual([null, null]);
  expect(column('reason 1')).toEqual(['Popularity', 'Popularity']);
});
