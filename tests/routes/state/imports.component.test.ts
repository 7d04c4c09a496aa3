import { describe, expect, it } from 'vitest';
import type { NamedFile } from '../../../src/lib/import/protocol.ts';
import type { Storage } from '../../../src/lib/storage/types.ts';
import type { PackId } from '../../../src/lib/types.ts';
import { Imports } from '../../../src/routes/state/imports.svelte.ts';
import { readShops } from '../../../src/routes/state/kept-shops.ts';
import { memoryStorage } from '../support/app.ts';

/** Ten people, five things, one row that is no rating. */
function log(): string {
  const rows = ['who;what;stars;note'];
  for (let person = 0; person < 10; person++) {
    for (let thing = 0; thing < 5; thing++) rows.push(`p${person};t${thing};${((person + thing) % 5) + 1};n`);
  }
  return [...rows, 'p0;t1;great;n', ''].join('\n');
}

const file = (name: string, text: string): NamedFile => ({ name, file: new Blob([text]) });

/** Imports over the real storage (in memory) and the real worker; what is open is a plain name. */
function setUp(): { imports: Imports; storage: Storage; shop: { packId: PackId | null } } {
  const storage = memoryStorage();
  const shop = {
    packId: 'site' as PackId | null,
    openKept: (id: PackId) => Promise.resolve(void (shop.packId = id)),
    openSite: () => Promise.resolve(void (shop.packId = 'site' as PackId)),
  };
  const imports = new Imports({ storage, catalogue: shop, settle: () => Promise.resolve() });
  return { imports, storage, shop };
}

async function importLog(imports: Imports): Promise<void> {
  await imports.inspect([file('log.csv', log())]);
  await imports.setTable('log.csv', 'events');
  imports.setRole('log.csv', 'who', 'user');
  imports.setRole('log.csv', 'what', 'item');
  imports.setRole('log.csv', 'stars', 'rating');
  await imports.run();
}

describe('Imports', () => {
  it('imports a mapped file, says which row was left out, and keeps the pack as the device’s own', async () => {
    const { imports, storage } = setUp();
    await importLog(imports);
    expect(imports.error).toBeNull();
    expect(imports.step).toBe('done');
    expect(imports.done?.keeping).toBe('added');
    expect(imports.done?.manifest.counts).toMatchObject({ items: 5, users: 10, interactions: 50 });
    expect(imports.done?.report?.problems).toMatchObject({
      total: 1,
      shown: [{ file: 'log.csv', line: 52, column: 'stars', value: 'great', reason: 'rating' }],
    });
    const [shop] = await readShops(storage.packs);
    expect(shop).toMatchObject({ name: { en: 'log' }, items: 5, events: 50, origin: 'device' });
    expect((await storage.packs.get(shop!.packId))?.files.map(({ kind }) => kind)).toEqual([
      'items',
      'interactions',
    ]);
  });

  it('shows the columns of a log whose names say nothing, and leaves it out where somebody says so', async () => {
    const { imports } = setUp();
    await imports.inspect([file('log.csv', log())]);
    expect(imports.mapping?.tables['log.csv']?.table).toBe('events');
    await imports.setTable('log.csv', 'ignored');
    expect(imports.mapping?.tables['log.csv']?.table).toBe('ignored');
  });

  it('changes nothing the second time', async () => {
    const { imports, storage } = setUp();
    await importLog(imports);
    const before = await storage.packs.list();
    await importLog(imports);
    expect(imports.done?.keeping).toBe('unchanged');
    expect(await storage.packs.list()).toEqual(before);
  });

  it('undoes an import, also one that is open', async () => {
    const { imports, storage, shop } = setUp();
    await importLog(imports);
    await imports.open(imports.done!.manifest.id);
    await imports.undo();
    expect(await storage.packs.list()).toEqual([]);
    expect(shop.packId).toBe('site');
    expect(imports.step).toBe('choose');
  });

  it('puts an earlier import back that another one replaced', async () => {
    const { imports, storage } = setUp();
    await importLog(imports);
    const [before] = await storage.packs.list();
    await imports.inspect([file('log.csv', log())]);
    await imports.setTable('log.csv', 'events');
    for (const [column, role] of [
      ['who', 'user'],
      ['what', 'item'],
      ['stars', 'rating'],
    ] as const) {
      imports.setRole('log.csv', column, role);
    }
    imports.choose({ packName: 'Renamed' });
    await imports.run();
    expect(imports.done?.keeping).toBe('replaced');
    await imports.undo();
    expect(await storage.packs.list()).toEqual([before]);
  });

  it('stops at a bad row where that was asked for, and keeps nothing', async () => {
    const { imports, storage } = setUp();
    await imports.inspect([file('log.csv', log())]);
    await imports.setTable('log.csv', 'events');
    imports.setRole('log.csv', 'who', 'user');
    imports.setRole('log.csv', 'what', 'item');
    imports.setRole('log.csv', 'stars', 'rating');
    imports.choose({ onProblem: 'stop' });
    await imports.run();
    expect(imports.error).toMatchObject({ code: 'import-invalid', values: { line: 52, value: 'great' } });
    expect(imports.step).toBe('look');
    expect(await storage.packs.list()).toEqual([]);
  });

  it('is cancelled without a trace', async () => {
    const { imports, storage } = setUp();
    const rows = ['user_id,item_id,rating'];
    for (let row = 0; row < 200_000; row++) rows.push(`${row % 997},${row % 401},${(row % 5) + 1}`);
    await imports.inspect([file('long.csv', rows.join('\n'))]);
    const running = imports.run();
    expect(imports.step).toBe('importing');
    imports.cancel();
    await running;
    expect(imports.step).toBe('look');
    expect(imports.error).toBeNull();
    expect(await storage.packs.list()).toEqual([]);
  });

  it('says that files hold no table', async () => {
    const { imports } = setUp();
    await imports.inspect([file('picture.png', '\u0000\u0001\u0002')]);
    expect(imports.step).toBe('choose');
    expect(imports.error?.code).toBe('import-invalid');
  });
});
