import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { reminderDue } from '../../../src/lib/storage/backup/index.ts';
import { openStorage } from '../../../src/lib/storage/index.ts';
import { freshProfile } from './fixtures/raw.ts';
import { order, rating } from './fixtures/records.ts';

/** The browser's localStorage, which Node lacks. */
class Area {
  readonly values = new Map<string, string>();
  getItem(key: string): string | null {
    return this.values.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.values.set(key, value);
  }
  removeItem(key: string): void {
    this.values.delete(key);
  }
}

let area: Area;
beforeEach(() => {
  freshProfile();
  area = new Area();
  vi.stubGlobal('localStorage', area);
});
afterEach(() => vi.unstubAllGlobals());

describe('row 9: a database that the browser removed', () => {
  it('is missed once something was in it, until the visitor has read of it', async () => {
    const first = await openStorage();
    expect(first.marks.lost).toBe(false);
    await first.events.add([rating('a', 5)]);
    first.close();
    const again = await openStorage();
    expect(again.marks.lost).toBe(false);
    again.close();

    freshProfile();
    const emptied = await openStorage();
    expect(emptied.marks.lost).toBe(true);
    emptied.close();
    // By now the database is there again: what was lost is still missed.
    const later = await openStorage();
    expect(later.marks.lost).toBe(true);
    later.marks.settle();
    expect(later.marks.lost).toBe(false);
    later.close();
    const settled = await openStorage();
    expect(settled.marks.lost).toBe(false);
    settled.close();
  });

  it('is missed after an order alone, and not after a look at the shop', async () => {
    const looked = await openStorage();
    await looked.settings.update({ theme: 'dark' });
    looked.close();
    freshProfile();
    const ordered = await openStorage();
    expect(ordered.marks.lost).toBe(false);
    await ordered.orders.place(order('o1'), []);
    ordered.close();
    freshProfile();
    expect((await openStorage()).marks.lost).toBe(true);
  });

  it('is missed no more after a restore', async () => {
    const first = await openStorage();
    await first.events.add([rating('a', 5)]);
    const contents = await first.backup.collect({ packs: false });
    first.close();
    freshProfile();
    const emptied = await openStorage();
    await emptied.backup.restore(contents, 'merge');
    expect(emptied.marks.lost).toBe(false);
    emptied.close();
    // What was restored can be lost again.
    freshProfile();
    expect((await openStorage()).marks.lost).toBe(true);
  });

  it('is not missed where the visitor erased it', async () => {
    const storage = await openStorage();
    await storage.events.add([rating('a', 5)]);
    storage.marks.backedUp(5);
    storage.marks.reminded(6);
    await storage.eraseVisitor();
    storage.close();
    freshProfile();
    expect((await openStorage()).marks.lost).toBe(false);
    expect([...area.values]).toEqual([]);
  });

  it('says nothing where localStorage throws, and saving works', async () => {
    vi.stubGlobal('localStorage', {
      getItem() {
        throw new DOMException('No.', 'SecurityError');
      },
      setItem() {
        throw new DOMException('Full.', 'QuotaExceededError');
      },
    });
    const storage = await openStorage();
    await storage.events.add([rating('a', 5)]);
    storage.marks.backedUp(5);
    expect([storage.marks.lost, storage.marks.backupAt]).toEqual([false, null]);
    expect(await storage.events.count()).toBe(1);
    storage.close();
  });

  it('holds no word of what was done', async () => {
    const storage = await openStorage();
    await storage.events.add([rating('a', 5)]);
    expect([...area.values]).toEqual([['fairshelf-kept', 'kept']]);
    storage.close();
  });
});

describe('the reminder of a backup', () => {
  const events = Array.from({ length: 120 }, (_, at) => ({ at }));
  const never = { backupAt: null, remindedAt: null };

  it.each([
    ['after ten events where the browser promised nothing', 9, never, false, 0],
    ['after ten events where the browser promised nothing', 10, never, false, 10],
    ['as soon where the browser does not say', 10, never, null, 10],
    ['only after a hundred where it promised', 99, never, true, 0],
    ['only after a hundred where it promised', 100, never, true, 100],
    ['of what is newer than the backup', 30, { backupAt: 9, remindedAt: null }, false, 20],
    ['not of what the backup holds', 30, { backupAt: 25, remindedAt: null }, false, 0],
    ['not again at once', 30, { backupAt: null, remindedAt: 25 }, false, 0],
    ['again ten events later, of all that no backup holds', 36, { backupAt: 5, remindedAt: 25 }, false, 30],
  ] as const)('comes %s (%i events)', (_when, count, marks, persisted, due) => {
    expect(reminderDue(events.slice(0, count), marks, persisted)).toBe(due);
  });
});
