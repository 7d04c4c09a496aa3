import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dayOrderOf,
  likelyDayOrder,
  parseTime,
  timeFormatOf,
  type TimeFormat,
} from '../../../../src/lib/import/cells/time.ts';

const at = (text: string): number => Date.parse(text) / 1000;
const read = (cell: string, dayOrder: 'dmy' | 'mdy' = 'dmy'): number =>
  parseTime(cell, { format: timeFormatOf([cell]) ?? 'text', dayOrder });

describe('times', () => {
  it.each<[string, TimeFormat, string]>([
    ['964982703', 'unix-s', '2000-07-30T18:45:03Z'],
    ['964982703000', 'unix-ms', '2000-07-30T18:45:03Z'],
    ['964982703000000', 'unix-us', '2000-07-30T18:45:03Z'],
    ['20101201', 'compact', '2010-12-01T00:00:00Z'],
    ['2010-12-01', 'iso', '2010-12-01T00:00:00Z'],
    ['2010-12-01 08:26:00', 'iso', '2010-12-01T08:26:00Z'],
    ['2010-12-01T08:26:00.5+02:00', 'iso', '2010-12-01T06:26:00Z'],
    ['2025-10-07 09:50:26 +0200', 'iso', '2025-10-07T07:50:26Z'],
    ['2010/1/2 3:04', 'iso', '2010-01-02T03:04:00Z'],
    ['2010年1月2日', 'iso', '2010-01-02T00:00:00Z'],
    ['01/12/2010 08:26', 'local', '2010-12-01T08:26:00Z'],
    ['1.12.10', 'local', '2010-12-01T00:00:00Z'],
    ['01-12-1998', 'local', '1998-12-01T00:00:00Z'],
    ['1/12/2010 8:26 PM', 'local', '2010-12-01T20:26:00Z'],
    ['1/12/2010 12:05 a.m.', 'local', '2010-12-01T00:05:00Z'],
    ['Wed, 01 Dec 2010 08:26:00 GMT', 'text', '2010-12-01T08:26:00Z'],
    ['Dec 1, 2010', 'text', '2010-12-01T00:00:00Z'],
  ])('reads %j as %s', (cell, format, expected) => {
    expect(timeFormatOf([cell])).toBe(format);
    expect(read(cell)).toBe(at(expected));
  });

  it.each(['', 'noon', '2010-02-30', '2010-13-01', '31/04/2010', '1e999', '-5', 'NaN', '2010-12-01 25:00'])(
    'takes %j for no time',
    (cell) => {
      for (const format of ['unix-s', 'iso', 'local', 'compact'] as const) {
        expect(parseTime(cell, { format, dayOrder: 'dmy' })).toBeNaN();
      }
    },
  );

  it('tells day and month apart where a number is above 12', () => {
    expect(dayOrderOf(['01/02/2010', '13/02/2010'])).toBe('dmy');
    expect(dayOrderOf(['01/02/2010', '02/13/2010'])).toBe('mdy');
    expect(dayOrderOf(['01/02/2010', '12/11/2010'])).toBe('either');
    expect(dayOrderOf(['13/02/2010', '02/13/2010'])).toBe('neither');
    expect([likelyDayOrder(['1.2.2010']), likelyDayOrder(['1/2/2010'])]).toEqual(['dmy', 'mdy']);
  });

  it('reads back any moment from 1970 to 2099 in every way of writing it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_799 }), (seconds) => {
        const date = new Date(1000 * seconds);
        const iso = date.toISOString();
        const pad = (value: number): string => String(value).padStart(2, '0');
        const clock = iso.slice(11, 19);
        const [y, m, d] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
        const style = (format: TimeFormat, dayOrder: 'dmy' | 'mdy' = 'dmy') => ({ format, dayOrder });
        expect(parseTime(iso, style('iso'))).toBe(seconds);
        expect(parseTime(iso.replace('T', ' ').slice(0, 19), style('iso'))).toBe(seconds);
        expect(parseTime(`${pad(d)}/${pad(m)}/${y} ${clock}`, style('local', 'dmy'))).toBe(seconds);
        expect(parseTime(`${m}/${d}/${y}, ${clock}`, style('local', 'mdy'))).toBe(seconds);
        expect(parseTime(String(seconds), style('unix-s'))).toBe(seconds);
        expect(parseTime(String(1000 * seconds + 7), style('unix-ms'))).toBe(seconds);
      }),
    );
  });

  it('gives a number or NaN for any text', () => {
    fc.assert(
      fc.property(fc.string(), (cell) => {
        for (const format of ['unix-s', 'unix-ms', 'unix-us', 'compact', 'iso', 'local', 'text'] as const) {
          expect(typeof parseTime(cell, { format, dayOrder: 'mdy' })).toBe('number');
        }
      }),
    );
  });
});
