import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { inspectFiles } from '../../../../src/lib/import/index.ts';
import { eventsOf, file, importOf } from '../support.ts';

const FOLDER = fileURLToPath(new URL('fixtures/', import.meta.url));
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.parquet'));
/** The formula of `fixtures/make.py`. */
const ROWS = Array.from({ length: 40 }, (_, r) => ({
  user: `u${r % 7}`,
  item: String(100 + (r % 11)),
  rating: 1 + (r % 9) / 2,
  time: new Date(Date.UTC(2020, 0, 1 + r)).toISOString(),
}));
const FIRST_DAY = Date.UTC(2020, 0, 1) / 86_400_000;

/** Files of other programs: pyarrow, polars, fastparquet, DuckDB. */
describe('Parquet that other programs wrote', () => {
  it.each(FILES)('reads %s exactly', async (name) => {
    const bytes = readFileSync(FOLDER + name);
    const { tables } = await inspectFiles([file(name, bytes)]);
    const [table] = tables;
    const at = (column: string): number => table!.columns.indexOf(column);
    const shown = table!.preview.map((cells) => ({
      user: cells[at('user_id')],
      item: cells[at('item_id')],
      rating: Number(cells[at('rating')]),
      time: cells[at('timestamp')],
    }));
    expect(shown).toEqual(ROWS.slice(0, shown.length));
    expect(shown.length).toBeGreaterThan(0);

    const result = await importOf({ [name]: bytes });
    expect(result.report).toMatchObject({
      problems: { total: 0 },
      counts: { events: 40, users: 7, items: 11, pairs: 40 },
    });
    const events = eventsOf(result).map((event) => event.split(' ').slice(1).join(' '));
    // halves go up, as the scale of five stars has none
    const expected = ROWS.map(({ item, rating }, r) => `${item} rate ${Math.round(rating)} ${FIRST_DAY + r}`);
    expect(events.sort()).toEqual(expected.sort());
  });

  it.each(FILES.filter((name) => !name.startsWith('fastparquet')))(
    'shows the lists of %s as cells',
    async (name) => {
      const { tables } = await inspectFiles([file(name, readFileSync(FOLDER + name))]);
      const [table] = tables;
      const tags = table!.preview.map((cells) => cells[table!.columns.indexOf('tags')]);
      // none, one, two of which one is missing, three, no list at all: what is missing is left out
      expect(tags.slice(0, 5)).toEqual(['', 'red', 'red', 'red|blue', '']);
    },
  );
});
