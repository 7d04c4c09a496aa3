import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { escapeFormula, restoreFormula } from '../../../../src/lib/import/cells/formula.ts';
import { importOf } from '../support.ts';

describe('formulas', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', '\0x', "'=1", "''@"])(
    'put an apostrophe before %j',
    (text) => {
      expect(escapeFormula(text)).toBe(`'${text}`);
      expect(restoreFormula(`'${text}`)).toBe(text);
    },
  );

  it.each(['', 'a=1', "'tis", "'", '5'])('leave %j alone', (text) => {
    expect(escapeFormula(text)).toBe(text);
    expect(restoreFormula(text)).toBe(text);
  });

  it('come back as they were, and no cell that is written begins one', () => {
    const text = fc.string({ unit: fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\0', "'", 'a', '1') });
    fc.assert(
      fc.property(text, (cell) => {
        expect(restoreFormula(escapeFormula(cell))).toBe(cell);
        expect(escapeFormula(cell)).not.toMatch(/^[=+\-@\t\r\0]/u);
      }),
    );
  });

  it('are restored by an import', async () => {
    const titles = ['=HYPERLINK("x")', '-20% off', "'tis a mug", '@home'];
    const rows = titles.map((title, at) => ({ id: `i${at}`, title: escapeFormula(title) }));
    const { content } = await importOf({
      'items.csv': Papa.unparse(rows),
      'log.csv': `user,item\n${titles.map((_, at) => `u,i${at}`).join('\n')}\n`,
    });
    expect(content.items.map(({ name }) => name.en)).toEqual(titles);
  });
});
