import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { csvText } from '../../../src/lib/export/csv.ts';
import { restoreFormula } from '../../../src/lib/import/cells/formula.ts';

/** What RFC 4180, spreadsheets and our escaping care about, and a few that only look like it. */
const AWKWARD = [
  '=',
  '+',
  '-',
  '@',
  '\t',
  '\r',
  '\0',
  "'",
  '"',
  ',',
  ';',
  '\n',
  ' ',
  '\uFEFF',
  'a',
  '1',
  '咖',
];
const text = fc.string({ unit: fc.constantFrom(...AWKWARD), maxLength: 8 });

/** Rows as a reader of RFC 4180 that knows nothing of us has them. */
function read(csv: string): readonly (readonly string[])[] {
  expect(csv.startsWith('\uFEFF')).toBe(true);
  expect(csv.endsWith('\r\n')).toBe(true);
  const { data, errors } = Papa.parse<string[]>(csv.slice(1, -2), { newline: '\r\n', delimiter: ',' });
  expect(errors).toEqual([]);
  return data;
}

describe('CSV', () => {
  it('comes back cell by cell, whatever the cells hold', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text, text), { minLength: 1 }), (rows) => {
        const [header, ...lines] = read(csvText({ columns: ['a', 'b', 'c'], rows }));
        expect(header).toEqual(['a', 'b', 'c']);
        expect(lines.map((cells) => cells.map(restoreFormula))).toEqual(rows);
      }),
    );
  });

  it('has no text that a spreadsheet would run, in the header neither', () => {
    fc.assert(
      fc.property(fc.tuple(text, text), (cells) => {
        for (const row of read(csvText({ columns: cells, rows: [cells] }))) {
          for (const cell of row) expect(cell).not.toMatch(/^[=+\-@\t\r\0]/u);
        }
      }),
    );
  });

  it('writes numbers in full, and leaves what is none or not finite empty', () => {
    const rows = [[-1.5, 0.1 + 0.2, 1e21, null, undefined, NaN, Infinity]];
    const csv = csvText({ columns: ['a', 'b', 'c', 'd', 'e', 'f', 'g'], rows });
    expect(csv).toBe('\uFEFFa,b,c,d,e,f,g\r\n-1.5,0.30000000000000004,1e+21,,,,\r\n');
  });

  it('quotes by RFC 4180', () => {
    const rows = [['=1+1,"x"', ' kept ', 'two\nlines', 'plain']];
    expect(csvText({ columns: ['w', 'x', 'y', 'z'], rows }).split('\r\n')[1]).toBe(
      `"'=1+1,""x"""," kept ","two\nlines",plain`,
    );
  });
});
