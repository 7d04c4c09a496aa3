import { afterEach, describe, expect, it, vi } from 'vitest';
import { AppError, type ErrorCode } from '../../../src/lib/errors.ts';
import type { PackCatalogue } from '../../../src/lib/pack/types.ts';
import type { Storage } from '../../../src/lib/storage/types.ts';
import type { PackId } from '../../../src/lib/types.ts';
import { Catalogue } from '../../../src/routes/state/catalogue.svelte.ts';
import type { PackReader } from '../../../src/routes/state/pack-source.ts';
import { memoryStorage } from '../support/app.ts';
import { makeItem, makePack } from '../support/shop.ts';

const ID = 'shop' as PackId;
const OLD = makePack([makeItem(0)], '0'.repeat(64));
const NEW = makePack([makeItem(0), makeItem(1)], '1'.repeat(64));

afterEach(() => vi.unstubAllGlobals());

/** The site answers (with a manifest whose checksum is not the kept pack's), or there is no network. */
function site(reachable: boolean): void {
  vi.stubGlobal('fetch', (url: URL) =>
    reachable
      ? Promise.resolve(
          new Response(url.pathname.endsWith('packs.json') ? '{"packs":[{"path":"demo/"}]}' : '{}'),
        )
      : Promise.reject(new TypeError('Failed to fetch')),
  );
}

/** A pack worker that fetches `fetched` (or fails) and parses kept bytes into the pack they are of. */
function reader(fetched: PackCatalogue | ErrorCode): PackReader {
  return {
    call: (method, params, options) => {
      if (method === 'fetch') {
        return typeof fetched === 'string'
          ? Promise.reject(new AppError(fetched, 'broken', { values: { file: 'items.parquet' } }))
          : (Promise.resolve({
              manifestText: fetched.fingerprint,
              manifest: fetched.manifest,
              fingerprint: fetched.fingerprint,
              files: [{ kind: 'items', bytes: new Uint8Array([1]) }],
            }) as never);
      }
      const { manifestText } = params as { manifestText: string };
      const pack = manifestText === OLD.fingerprint ? OLD : NEW;
      options?.onProgress?.(pack.items);
      return Promise.resolve(pack);
    },
  };
}

async function keep(storage: Storage, origin?: 'device'): Promise<void> {
  await storage.packs.put({
    ...(origin === undefined ? {} : { origin }),
    packId: ID,
    fingerprint: OLD.fingerprint,
    manifestText: OLD.fingerprint,
    files: [{ kind: 'items', bytes: new Uint8Array([1]) }],
    storedAt: 0,
  });
}

async function open(options: { kept: boolean; reachable: boolean; fetched: PackCatalogue | ErrorCode }) {
  const storage = memoryStorage();
  if (options.kept) await keep(storage);
  site(options.reachable);
  const catalogue = new Catalogue({
    storage,
    reader: () => reader(options.fetched),
    baseUrl: 'http://localhost:1/',
    activePack: options.kept ? ID : null,
  });
  await catalogue.open();
  return { catalogue, storage };
}

describe('Catalogue', () => {
  it('fetches the shop, keeps it and makes it the active one', async () => {
    const { catalogue, storage } = await open({ kept: false, reachable: true, fetched: NEW });
    expect(catalogue.status).toBe('ready');
    expect(catalogue.items).toHaveLength(2);
    expect((await storage.packs.get(ID))?.fingerprint).toBe(NEW.fingerprint);
    expect((await storage.settings.get()).activePack).toBe(ID);
  });

  it('works from the kept shop without a network, and does not call that an error', async () => {
    const { catalogue } = await open({ kept: true, reachable: false, fetched: NEW });
    expect(catalogue.status).toBe('ready');
    expect(catalogue.items).toHaveLength(1);
    expect(catalogue.updateError).toBeNull();
  });

  it('takes a newer shop over', async () => {
    const { catalogue, storage } = await open({ kept: true, reachable: true, fetched: NEW });
    expect(catalogue.items).toHaveLength(2);
    expect((await storage.packs.get(ID))?.fingerprint).toBe(NEW.fingerprint);
  });

  it('never lets the site’s shop take the place of one that was imported here', async () => {
    const storage = memoryStorage();
    await keep(storage, 'device');
    site(true);
    const options = { storage, reader: () => reader(NEW), baseUrl: 'http://localhost:1/' };
    const catalogue = new Catalogue({ ...options, activePack: ID });
    await catalogue.open();
    expect(catalogue.items).toHaveLength(1);
    expect((await storage.packs.get(ID))?.fingerprint).toBe(OLD.fingerprint);

    await catalogue.openSite();
    expect(catalogue.items).toHaveLength(2);
  });

  it('opens another kept shop from now on, and keeps the open one where there is none', async () => {
    const { catalogue, storage } = await open({ kept: false, reachable: true, fetched: NEW });
    const other = 'other' as PackId;
    await storage.packs.put({
      packId: other,
      fingerprint: OLD.fingerprint,
      manifestText: OLD.fingerprint,
      files: [{ kind: 'items', bytes: new Uint8Array([1]) }],
      storedAt: 0,
      origin: 'device',
    });
    await expect(catalogue.openKept('gone' as PackId)).rejects.toMatchObject({ code: 'pack-file-missing' });
    expect(catalogue.items).toHaveLength(2);
    await catalogue.openKept(other);
    expect(catalogue.items).toHaveLength(1);
    expect((await storage.settings.get()).activePack).toBe(other);
  });

  it('leaves the old shop working where the newer one is broken, and says why', async () => {
    const { catalogue, storage } = await open({
      kept: true,
      reachable: true,
      fetched: 'pack-checksum-mismatch',
    });
    expect(catalogue.status).toBe('ready');
    expect(catalogue.items).toHaveLength(1);
    expect(catalogue.updateError).toMatchObject({
      code: 'pack-checksum-mismatch',
      values: { file: 'items.parquet' },
    });
    expect((await storage.packs.get(ID))?.fingerprint).toBe(OLD.fingerprint);
  });

  it('says why there is no shop, and opens it on another try', async () => {
    const { catalogue } = await open({ kept: false, reachable: false, fetched: NEW });
    expect(catalogue.status).toBe('failed');
    expect(catalogue.error?.code).toBe('pack-unreachable');
    site(true);
    await catalogue.open();
    expect(catalogue.status).toBe('ready');
    expect(catalogue.error).toBeNull();
  });

  it('opens a shop that the device cannot keep, and says that it is not kept', async () => {
    const storage = memoryStorage();
    const full: Storage = {
      ...storage,
      packs: { ...storage.packs, put: () => Promise.reject(new AppError('storage-quota', 'Full.')) },
    };
    site(true);
    const catalogue = new Catalogue({
      storage: full,
      reader: () => reader(NEW),
      baseUrl: 'http://localhost:1/',
      activePack: null,
    });
    await catalogue.open();
    expect(catalogue.status).toBe('ready');
    expect(catalogue.saveError?.code).toBe('storage-quota');
  });
});
