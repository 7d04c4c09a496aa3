import { factorError, tableOf, type FactorTable } from './factor-table.ts';

/**
 * word2vec's text format (also gensim's and GloVe's): an id and its numbers on each line, separated by spaces; a first
 * line of two whole numbers (rows and factors) may stand before them. Throws `import-invalid` naming the line.
 */
export function readWord2vec(file: string, text: string): FactorTable {
  const lines = text.split(/\r?\n/u);
  const first = /^(\d+) (\d+)$/u.exec(lines[0]?.trim() ?? '');
  const rows: { id: string; values: Float64Array }[] = [];
  lines.forEach((line, at) => {
    if ((at === 0 && first !== null) || line.trim() === '') return;
    const [id = '', ...cells] = line.trimEnd().split(/[ \t]+/u);
    const values = Float64Array.from(cells, Number);
    const wrong = values.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0)
      throw factorError(file, `has no number in line ${at + 1}: ${(cells[wrong] ?? '').slice(0, 40)}`);
    rows.push({ id, values });
  });
  if (first !== null && Number(first[1]) !== rows.length) {
    throw factorError(file, `announces ${first[1] ?? ''} rows, but has ${rows.length}`);
  }
  return tableOf(file, rows);
}
