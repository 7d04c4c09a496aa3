import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimalOf, parseNumber } from '../../../../src/lib/import/cells/number.ts';

describe('parseNumber', () => {
  it.each([
    ['4', 4],
    ['4.0', 4],
    [' 2.55 ', 2.55],
    ['-3', -3],
    ['−3', -3],
    ['1,234', 1234],
    ['1,234.50', 1234.5],
    ['1,234,567', 1_234_567],
    ['1 234.5', 1234.5],
    ['1\u00A0234.5', 1234.5],
    ['1’234.50', 1234.5],
    ['£2.55', 2.55],
    ['-£2.55', -2.55],
    ['$ 1,000', 1000],
    ['12.50 EUR', 12.5],
    ['EUR 12.50', 12.5],
    ['￥88', 88],
    ['1e3', 1000],
    ['.5', 0.5],
  ])('reads %j with a point', (cell, number) => expect(parseNumber(cell, '.')).toBe(number));

  it.each([
    ['3,5', 3.5],
    ['1.234,50', 1234.5],
    ['1.234', 1234],
    ['12,50 €', 12.5],
    ['-0,5', -0.5],
    ['7', 7],
  ])('reads %j with a comma', (cell, number) => expect(parseNumber(cell, ',')).toBe(number));

  it.each([
    '',
    ' ',
    'x',
    '1e999',
    '-1e999',
    'Infinity',
    'NaN',
    '0x10',
    '0b1',
    '0o7',
    '1,2',
    '12,34.5',
    '1.2.3',
    '1-2',
    '5\0',
    '5 stars',
  ])('takes %j for no number', (cell) => expect(parseNumber(cell, '.')).toBeNaN());

  it('makes 0 of -0', () => {
    for (const cell of ['-0', '-0.0', '-0,0'])
      expect(Object.is(parseNumber(cell, cell.includes(',') ? ',' : '.'), 0)).toBe(true);
  });

  it('reads back what Intl writes, grouped or not', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e12, max: 1e12 }),
        fc.integer({ min: 0, max: 99 }),
        fc.boolean(),
        (whole, cents, useGrouping) => {
          const value = Number(`${whole}.${String(cents).padStart(2, '0')}`);
          const options = { minimumFractionDigits: 2, maximumFractionDigits: 2, useGrouping };
          for (const [locale, decimal] of [
            ['en-US', '.'],
            ['de-DE', ','],
            ['fr-FR', ','],
            ['de-CH', '.'],
          ] as const) {
            const written = new Intl.NumberFormat(locale, options).format(value);
            expect(parseNumber(written, decimal), written).toBe(value + 0);
          }
        },
      ),
    );
  });

  it('is finite or NaN for any text, and never takes long', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('1', ',', '.', ' ', '-', 'e', "'") })),
        (cell) => {
          for (const decimal of ['.', ','] as const) {
            const number = parseNumber(cell, decimal);
            expect(Number.isNaN(number) || Number.isFinite(number)).toBe(true);
          }
        },
      ),
    );
    const start = performance.now();
    parseNumber(`${'1 '.repeat(50_000)}x`, '.');
    parseNumber(`${'$ '.repeat(50_000)}x`, ',');
    expect(performance.now() - start).toBeLessThan(2000);
  });

  it('finds the decimal sign of a column, or none', () => {
    expect(decimalOf(['3,5', '4', '1.234,50'])).toBe(',');
    expect(decimalOf(['3.5', '4'])).toBe('.');
    expect(decimalOf(['3', '4', '1,234'])).toBe(null);
    expect(decimalOf(['3,5', '4.5'])).toBe(null);
    expect(decimalOf([])).toBe(null);
  });
});
