import { describe, expect, it } from 'vitest';
import type { NamedFile } from '../../../src/lib/import/protocol.ts';
import type { AppState } from '../../../src/routes/state/app-state.ts';
import { Past } from '../../../src/routes/state/past.svelte.ts';
import { goodreads } from '../../lib/import/past/exports.ts';
import { createTestApp } from '../support/app.ts';
import { makeItem, makePack } from '../support/shop.ts';

const ITEMS = ['Kindred', 'Dune', 'Dune', 'Piranesi'].map((en, index) =>
  makeItem(index, { name: { en }, brand: '' }),
);
const EXPORT = goodreads(
  { id: 901, title: 'Kindred', rating: 5, read: '2021/03/04' },
  { id: 902, title: 'Dune (Dune, #1)', rating: 2, read: '2021/03/05' },
  { id: 903, title: 'Elsewhere', rating: 3, read: '2021/03/06' },
  { id: 904, title: 'Bad', rating: 9 },
);

const file = (text: string): NamedFile => ({ name: 'library.csv', file: new Blob([text]) });

/** A past over the real storage (in memory), the real worker and a small shop. */
async function setUp(): Promise<{ app: AppState; past: Past }> {
  const app = await createTestApp(makePack(ITEMS));
  return { app, past: new Past({ catalogue: app.catalogue, visitor: app.visitor }) };
}

const stored = (app: AppState) => app.storage.events.list(app.catalogue.packId!);

describe('Past', () => {
  it('ticks what is certain, leaves the rest to the visitor, and writes nothing before', async () => {
    const { app, past } = await setUp();
    await past.read([file(EXPORT)]);
    expect(past.step).toBe('review');
    expect(past.rows.map(({ work, ticked, certain }) => [work.title, certain, ticked])).toEqual([
      ['Kindred', true, true],
      ['Dune (Dune, #1)', false, false],
    ]);
    expect(past.rows[1]?.candidates.map(({ item }) => Number(item))).toEqual([1, 2]);
    expect(past.result?.matches).toHaveLength(3);
    expect(past.result?.problems.shown).toMatchObject([{ file: 'library.csv', line: 5, value: '9' }]);
    expect(await stored(app)).toEqual([]);
  });

  it('keeps what is ticked with its own time, adds nothing the second time, and takes it back', async () => {
    const { app, past } = await setUp();
    await past.read([file(EXPORT)]);
    past.change(past.rows[1]!, { ticked: true, chosen: ITEMS[2]!.index });
    await past.keep();
    expect(past.error).toBeNull();
    expect(past.done).toMatchObject({ products: 2, known: 0 });
    expect(await stored(app)).toMatchObject([
      { kind: 'rate', itemId: 'item-0', stars: 5, at: Date.UTC(2021, 2, 4) },
      { kind: 'rate', itemId: 'item-2', stars: 2, at: Date.UTC(2021, 2, 5) },
    ]);
    const first = await stored(app);
    expect(app.visitor.events).toEqual(first);

    const again = new Past({ catalogue: app.catalogue, visitor: app.visitor });
    await again.read([file(EXPORT)]);
    await again.keep();
    expect(again.done).toMatchObject({ added: [], known: 1 });
    expect(await stored(app)).toEqual(first);

    await past.undo();
    expect(past.step).toBe('choose');
    expect(await stored(app)).toEqual([]);
  });

  it('says why files are no past, stops at a bad row where asked to, and goes on after a cancel', async () => {
    const { app, past } = await setUp();
    await past.read([file('user_id,item_id,rating\nu1,a,5\nu2,b,3\n')]);
    expect(past.step).toBe('choose');
    expect(past.error).toMatchObject({ code: 'import-invalid', values: { reason: 'no-past' } });
    past.setOnProblem('stop');
    await past.read([file(EXPORT)]);
    expect(past.error).toMatchObject({ values: { file: 'library.csv', line: 5, value: '9' } });
    const reading = past.read([file(EXPORT)]);
    past.cancel();
    await reading;
    expect(past.step).toBe('choose');
    expect(past.error).toBeNull();
    past.setOnProblem('skip');
    await past.read([file(EXPORT)]);
    expect(past.step).toBe('review');
    expect(await stored(app)).toEqual([]);
  });
});
