import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { readPast } from '../../../../src/lib/import/past/read-past.ts';
import type { PastLibrary, PastWork } from '../../../../src/lib/import/past/types.ts';
import { file } from '../support.ts';
import {
  AMAZON_REPORT,
  AMAZON_REQUEST,
  goodreads,
  GOODREADS_HEADER,
  LETTERBOXD,
  STEAM_CSV,
  STEAM_JSON,
} from './exports.ts';

function read(
  files: Readonly<Record<string, string | Uint8Array>>,
  onProblem: 'skip' | 'stop' = 'skip',
): Promise<PastLibrary> {
  return readPast(
    Object.entries(files).map(([name, content]) => file(name, content)),
    { onProblem },
  );
}

const byTitle = ({ works }: PastLibrary, title: string): PastWork | undefined =>
  works.find((work) => work.title === title);

const day = (text: string): number => Date.parse(`${text}T00:00:00Z`);

describe('a Goodreads export', () => {
  it('gives books with their numbers, authors and years, and what was done with them', async () => {
    const library = await read({
      'goodreads_library_export.csv': goodreads(
        {
          id: 13642,
          title: 'A Wizard of Earthsea (Earthsea Cycle, #1)',
          author: 'Ursula K. Le Guin',
          isbn: '9780547773742',
          rating: 5,
          year: 1968,
          read: '2024/03/14',
          added: '2023/12/01',
          review: 'Wonderful.<br/>Read it "twice".',
        },
        { id: 4, title: 'The Dispossessed', added: '2024/01/02', shelf: 'currently-reading' },
        { id: 5, title: 'Kindred', added: '2024/01/03', shelf: 'to-read' },
        { id: 6, title: 'Given Up', added: '2024/01/03', shelf: 'dnf' },
        { id: 7, title: '三体', author: '刘慈欣', rating: 4, read: '2024/02/01' },
      ),
    });
    expect(byTitle(library, 'A Wizard of Earthsea (Earthsea Cycle, #1)')).toEqual({
      source: 'goodreads',
      title: 'A Wizard of Earthsea (Earthsea Cycle, #1)',
      author: 'Ursula K. Le Guin',
      year: 1968,
      ids: [
        { scheme: 'isbn', value: '9780547773742' },
        { scheme: 'goodreads', value: '13642' },
      ],
      deeds: [
        { type: 'had', at: day('2024-03-14') },
        { type: 'rated', stars: 5, at: day('2024-03-14') },
        { type: 'reviewed', text: 'Wonderful.\nRead it "twice".', at: day('2024-03-14') },
      ],
    });
    expect(byTitle(library, 'The Dispossessed')?.deeds).toEqual([{ type: 'had', at: day('2024-01-02') }]);
    expect(byTitle(library, 'Kindred')?.deeds).toEqual([{ type: 'wanted', at: day('2024-01-03') }]);
    expect(byTitle(library, '三体')).toMatchObject({ author: '刘慈欣', year: null });
    expect(library).toMatchObject({
      works: { length: 4 },
      leftOut: { 'no-sign': 1, cancelled: 0 },
      files: [{ name: 'goodreads_library_export.csv', source: 'goodreads', rows: 5 }],
      problems: { total: 0 },
    });
  });

  it('reads formulas of ISBNs that stand without quotes', async () => {
    const line =
      '1,Dune,Frank Herbert,,,="0441172717",="9780441172719",4,4.2,,,,1990,1965,,2020/01/01,,,read,,,,1,0';
    const { works } = await read({ 'library.csv': `${GOODREADS_HEADER}\n${line}\n` });
    expect(works[0]?.ids[0]).toEqual({ scheme: 'isbn', value: '9780441172719' });
  });

  it('names bad rows with file, line, column, value and remedy, and stops at the first where asked to', async () => {
    const text = goodreads(
      { id: 1, title: 'Good', rating: 4, read: '2024/01/01' },
      { id: 2, title: 'Eleven stars', rating: 11 },
      { id: 3, title: 'No day', rating: 3, read: '2024/02/31' },
      { id: 4, title: '' },
    );
    const { problems, works } = await read({ 'g.csv': text });
    expect(works.map(({ title }) => title)).toEqual(['Good']);
    expect(problems.shown).toMatchObject([
      { file: 'g.csv', line: 3, column: 'My Rating', value: '11', reason: 'rating' },
      { file: 'g.csv', line: 4, column: 'Date Read', value: '2024/02/31', reason: 'time' },
      { file: 'g.csv', line: 5, column: 'Title', reason: 'title' },
    ]);
    await expect(read({ 'g.csv': text }, 'stop')).rejects.toMatchObject({
      code: 'import-invalid',
      values: { file: 'g.csv', line: 3, value: '11' },
    });
  });
});

describe('a Letterboxd export', () => {
  const zip = zipSync(
    Object.fromEntries(
      Object.entries(LETTERBOXD).map(([name, text]) => [name, new TextEncoder().encode(text)]),
    ),
  );

  it.each([
    ['as a ZIP', { 'letterboxd-someone-2024.zip': zip }],
    ['as files', LETTERBOXD],
  ])('puts the files on one film together, %s', async (_way, files) => {
    const library = await read(files);
    expect(library.files).toHaveLength(6);
    expect(library.works.map(({ title }) => title).sort()).toEqual([
      'Alien',
      'Amélie',
      'Crying of Lot 49, The',
      'Parasite',
      'Stalker',
    ]);
    const alien = byTitle(library, 'Alien');
    expect(alien?.year).toBe(1979);
    expect(alien?.deeds.filter(({ type }) => type === 'rated').map(({ at }) => at)).toEqual(
      expect.arrayContaining([day('2024-07-01'), day('2021-01-31')]),
    );
    expect(byTitle(library, 'Stalker')?.deeds).toEqual([{ type: 'wanted', at: day('2023-03-03') }]);
    expect(byTitle(library, 'Amélie')?.deeds).toContainEqual({ type: 'liked', at: day('2023-03-04') });
    expect(byTitle(library, 'Parasite')?.deeds).toContainEqual({
      type: 'reviewed',
      text: 'Brilliant.\nAnd funny & sad.',
      at: day('2022-05-09'),
    });
    // half stars as everywhere in the imports: rounded up on a scale from 0.5 to 5
    expect(byTitle(library, 'Crying of Lot 49, The')?.deeds).toContainEqual({
      type: 'rated',
      stars: 1,
      at: day('2022-05-11'),
    });
    expect(library.ignored.map((name) => name.replace(/^.*\.zip\//u, '')).sort()).toEqual([
      'deleted/diary.csv',
      'profile.csv',
    ]);
  });
});

describe('Amazon orders', () => {
  it('gives the lines of a privacy request, without what was cancelled', async () => {
    const library = await read({ 'Retail.OrderHistory.1.csv': AMAZON_REQUEST });
    expect(library.works.map(({ title, deeds }) => [title, deeds])).toEqual([
      [
        'Moka Pot, 6 Cups',
        [2, 1].map((quantity) => ({
          type: 'bought',
          quantity,
          order: '111-1',
          at: Date.parse('2019-12-11T04:33:11Z'),
        })),
      ],
      [
        'A Wizard of Earthsea',
        [{ type: 'bought', quantity: 1, order: '111-2', at: Date.parse('2020-01-02T10:00:00Z') }],
      ],
    ]);
    expect(byTitle(library, 'A Wizard of Earthsea')?.ids).toContainEqual({
      scheme: 'isbn',
      value: '9780547773742',
    });
    expect(library.leftOut.cancelled).toBe(1);
    expect(library.problems.shown).toMatchObject([
      { line: 6, column: 'Order Date', value: 'Not Available', reason: 'time' },
    ]);
  });

  it('gives the lines of an items report, month first where amazon.com leaves it open', async () => {
    const { works } = await read({ 'orders.csv': AMAZON_REPORT });
    expect(works).toMatchObject([
      {
        title: 'Lithium Coin Cell, 2 Pack',
        ids: [{ scheme: 'asin', value: 'B07JLN1WXT' }],
        deeds: [{ type: 'bought', quantity: 3, order: '113-1', at: day('2022-07-01') }],
      },
    ]);
    const { works: british } = await read({
      'orders.csv': AMAZON_REPORT.replaceAll('Amazon.com', 'Amazon.co.uk'),
    });
    expect(british[0]?.deeds[0]?.at).toBe(day('2022-01-07'));
  });
});

describe('a Steam library', () => {
  it('is read from the answer of GetOwnedGames, on one line or many', async () => {
    const pretty = JSON.stringify(JSON.parse(STEAM_JSON), null, 2);
    for (const text of [STEAM_JSON, pretty]) {
      const { works, files } = await read({ 'games.json': text });
      expect(files).toEqual([{ name: 'games.json', source: 'steam', rows: 3 }]);
      expect(works.map(({ title, ids, deeds }) => [ids[0]?.value, title, deeds])).toEqual([
        [
          '220',
          'Half-Life 2',
          [
            { type: 'bought', quantity: 1, order: '', at: 1_600_000_000_000 },
            { type: 'played', seconds: 36_000, at: 1_600_000_000_000 },
          ],
        ],
        ['400', 'Portal™', [{ type: 'bought', quantity: 1, order: '', at: null }]],
        [
          '620',
          '',
          [
            { type: 'bought', quantity: 1, order: '', at: null },
            { type: 'played', seconds: 1800, at: null },
          ],
        ],
      ]);
    }
  });

  it('is read from a list in CSV, hours as hours', async () => {
    const { works } = await read({ 'steam.csv': STEAM_CSV });
    expect(works[0]).toMatchObject({
      ids: [{ scheme: 'steam', value: '220' }],
      deeds: [{ type: 'bought' }, { type: 'played', seconds: 37_800, at: day('2020-09-13') }],
    });
    expect(works[1]?.deeds).toEqual([{ type: 'bought', quantity: 1, order: '', at: null }]);
  });
});

describe('other files', () => {
  it('are no past', async () => {
    const log = 'user_id,item_id,rating\nu1,a,5\nu2,b,3\n';
    await expect(read({ 'log.csv': log })).rejects.toMatchObject({
      code: 'import-invalid',
      values: { file: 'log.csv', reason: 'no-past' },
    });
    const { ignored, works } = await read({ 'log.csv': log, 'steam.csv': STEAM_CSV });
    expect(ignored).toEqual(['log.csv']);
    expect(works).toHaveLength(2);
  });
});
