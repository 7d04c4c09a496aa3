import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { UnpackBudget } from '../../../../src/lib/import/bytes/caps.ts';
import { unpackFiles } from '../../../../src/lib/import/bytes/unpack.ts';
import { MAX_ROW_LENGTH } from '../../../../src/lib/import/limits.ts';
import { openTable } from '../../../../src/lib/import/tables/open.ts';
import type { ReadProblem, SourceTable } from '../../../../src/lib/import/tables/table.ts';
import { file } from '../support.ts';

async function open(text: string): Promise<SourceTable | null> {
  const { files } = await unpackFiles([file('t.csv', text)], new UnpackBudget());
  return openTable(files[0]!, undefined);
}

async function read(text: string) {
  const table = await open(text);
  const rows: string[][] = [];
  const lines: number[] = [];
  const problems: ReadProblem[] = [];
  await table!.read(
    (cells, line) => {
      rows.push([...cells]);
      lines.push(line);
    },
    {
      signal: undefined,
      wanted: new Set(table!.columns),
      onPacked: () => undefined,
      onProblem: (problem) => problems.push(problem),
    },
  );
  return { table: table!, rows, lines, problems };
}

describe('delimited tables', () => {
  it.each([
    ['user,item,rating\na,x,3\nb,y,4\n', ',', ['user', 'item', 'rating']],
    ['user\titem\trating\na\tx\t3\n', '\t', ['user', 'item', 'rating']],
    ['user;item;rating\na;x;3,5\nb;y;4,5\n', ';', ['user', 'item', 'rating']],
    ['user;rating\na;1,5\nb;2,5\n', ';', ['user', 'rating']],
    ['user|item\na|x\n', '|', ['user', 'item']],
    ['1::10::5::978300760\n1::20::3::978302109\n', '::', ['1', '2', '3', '4']],
    ['10::Fantômas (1913)::Crime|Drama\n11::A::Comedy\n', '::', ['1', '2', '3']],
    ['196\t242\t3\t881250949\n', '\t', ['1', '2', '3', '4']],
    ['alice,mug,5\nbob,cup,4\n', ',', ['1', '2', '3']],
    [',Clothing ID,Age\n0,767,33\n', ',', ['1', 'Clothing ID', 'Age']],
    ['id,id,\n1,2,3\n', ',', ['id', 'id (2)', '3']],
    ['\uFEFFuser,item\na,x\n', ',', ['user', 'item']],
  ])('finds the dialect of %j', async (text, delimiter, columns) => {
    const table = await open(text);
    expect(table).toMatchObject({ format: 'delimited', delimiter, columns });
  });

  it.each([
    'one line\n',
    'a text,\nwith a comma. And then\nmore of it\nand more\n',
    '',
    '\u0089PNG\r\n\0\0\0,\n',
  ])('takes %j for no table', async (text) => expect(text === '' ? null : await open(text)).toBe(null));

  it.each([
    [
      'quoted line ends',
      'id,text\n1,"a\nb\nc"\n2,d\n',
      [
        ['1', 'a\nb\nc'],
        ['2', 'd'],
      ],
      [2, 5],
    ],
    [
      'CRLF, with quotes',
      'id,text\r\n1,"a"\r\n2,b\r\n',
      [
        ['1', 'a'],
        ['2', 'b'],
      ],
      [2, 3],
    ],
    [
      'mixed line ends',
      'id,text\n1,a\r\n2,b\n',
      [
        ['1', 'a'],
        ['2', 'b'],
      ],
      [2, 3],
    ],
    [
      'CR alone',
      'id,text\r1,a\r2,b\r',
      [
        ['1', 'a'],
        ['2', 'b'],
      ],
      [2, 3],
    ],
    [
      'blank lines',
      'id,text\n\n1,a\n \n2,b\n\n',
      [
        ['1', 'a'],
        ['2', 'b'],
      ],
      [3, 5],
    ],
    [
      'no line end at the end',
      'id,text\n1,a\n2,"b"',
      [
        ['1', 'a'],
        ['2', 'b'],
      ],
      [2, 3],
    ],
    ['quotes inside of quotes', 'id,text\n1,"say ""hi"", then go"\n', [['1', 'say "hi", then go']], [2]],
    ['emoji and leading zeros', 'id,text\n007,🦉🍎\n', [['007', '🦉🍎']], [2]],
  ])('reads %s', async (_name, text, rows, lines) => {
    expect(await read(text)).toMatchObject({ rows, lines, problems: [] });
  });

  it('takes quotes for letters where a cell only begins with one', async () => {
    const text = '1::"Great Performances" Cats (1998)::Musical\n2::Heat (1995)::Action\n';
    expect((await read(text)).rows).toEqual([
      ['1', '"Great Performances" Cats (1998)', 'Musical'],
      ['2', 'Heat (1995)', 'Action'],
    ]);
    const tsv = '"Loved it, he said.\t1\nAwful.\t0\n';
    expect((await read(tsv)).rows).toEqual([
      ['"Loved it, he said.', '1'],
      ['Awful.', '0'],
    ]);
    expect((await read('id\ttext\n1\t"a ""b"""\n')).rows).toEqual([['1', 'a "b"']]);
  });

  it('names lines of another width, and reads on', async () => {
    const { rows, problems } = await read('user,item,rating\na,x,3\nb,y\nc,z,4,5\nd,w,1\n');
    expect(rows).toEqual([
      ['a', 'x', '3'],
      ['d', 'w', '1'],
    ]);
    expect(problems).toMatchObject([
      { line: 3, reason: 'cells', value: 'b,y' },
      { line: 4, reason: 'cells', value: 'c,z,4,5' },
    ]);
  });

  it('names an unclosed quotation mark by its line', async () => {
    const { rows, problems } = await read('id,text\n1,a\n2,"b\n3,c\n4,d\n');
    expect(rows).toEqual([['1', 'a']]);
    expect(problems).toMatchObject([{ line: 3, reason: 'quotes' }]);
  });

  it('refuses a line that never ends, and more columns than any table has', async () => {
    const endless = `id,text\n1,"${'x'.repeat(MAX_ROW_LENGTH + 300_000)}`;
    await expect(read(endless)).rejects.toThrow(/line 2 is longer than/u);
    const wide = `${Array.from({ length: 10_001 }, (_, at) => `c${at}`).join(',')}\n`;
    await expect(open(wide + wide.replaceAll('c', ''))).rejects.toThrow(/10001 columns/u);
    const columns = 5000;
    const row = Array.from({ length: columns }, (_, at) => String(at)).join(',');
    expect((await read(`${row.replaceAll(/(\d+)/gu, 'c$1')}\n${row}\n`)).rows[0]).toHaveLength(columns);
  });

  it('reads what papaparse writes, cut into chunks of any kind', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', ' ', 'é', '猫', '🦉', ';', '=') });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 30 }), async (cells) => {
        const rows = cells.map(([first, second], at) => [`k${at}`, first, second, String(at)]);
        const text = Papa.unparse(
          { fields: ['key', 'title', 'text', 'rating'], data: rows },
          { newline: '\n' },
        );
        const found = await read(text);
        expect(found.rows).toEqual(rows);
        expect(found.problems).toEqual([]);
        // each line number is where the row's first cell stands
        const lines = text.split('\n');
        found.lines.forEach((line, at) => expect(lines[line - 1]).toMatch(new RegExp(`^k${at},`, 'u')));
      }),
      { numRuns: 60 },
    );
  });
});
