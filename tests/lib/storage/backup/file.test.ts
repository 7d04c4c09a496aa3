import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  MAX_FILE_BYTES,
  openBackupFile,
  recogniseBackup,
  writeBackup,
  type BackupContents,
} from '../../../../src/lib/storage/backup/index.ts';
import { AppError } from '../../../../src/lib/errors.ts';
import { gunzip, gzip } from '../../../../src/lib/storage/backup/gzip.ts';
import { MAX_DEPTH } from '../../../../src/lib/storage/backup/json.ts';
import { MAX_ITERATIONS, MIN_ITERATIONS } from '../../../../src/lib/storage/backup/seal.ts';
import { DEFAULT_SETTINGS } from '../../../../src/lib/storage/index.ts';
import { experiment, line, order, pack, rating, saying } from '../fixtures/records.ts';

const PASSPHRASE = 'drei Mokkakannen im Regen';

const CONTENTS: BackupContents = {
  createdAt: '2026-01-02T03:04:05.000Z',
  settings: { ...DEFAULT_SETTINGS, language: 'zh' },
  events: [rating('a', 5), { ...rating('b', 1), kind: 'review', text: '雨天也好用。', stars: 2 }],
  sayings: [saying('s1')],
  orders: [order('o1')],
  basket: [line('mug', 3)],
  quarantine: [{ id: 'q', store: 'events', record: { stars: 'NaN' }, reason: 'stars: Invalid.', at: 7 }],
  experiments: [experiment('e1')],
  packs: [
    {
      ...pack(),
      origin: 'device',
      files: [...pack().files, { kind: 'interactions', bytes: Uint8Array.of(9, 8) }],
    },
  ],
};

const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const read = (bytes: Uint8Array<ArrayBuffer>, passphrase = '') => recogniseAndRead(bytes, passphrase);
async function recogniseAndRead(bytes: Uint8Array<ArrayBuffer>, passphrase: string) {
  return recogniseBackup(bytes).read(passphrase);
}
function flipped(bytes: Uint8Array<ArrayBuffer>, at: number): Uint8Array<ArrayBuffer> {
  const changed = bytes.slice();
  changed[at] = (changed[at] ?? 0) ^ 1;
  return changed;
}
/** A JSON export with these fields in place of a sound one's. */
const exported = (change: object): Uint8Array<ArrayBuffer> =>
  utf8(
    JSON.stringify({
      ...{
        format: 'fairshelf-export',
        version: 1,
        exportedAt: CONTENTS.createdAt,
        settings: DEFAULT_SETTINGS,
      },
      ...{ events: [], orders: [], basket: [], quarantine: [] },
      ...change,
    }),
  );
/** The file with its header's seal changed, and the length put right. */
function withSeal(bytes: Uint8Array<ArrayBuffer>, change: object): Uint8Array<ArrayBuffer> {
  const length = new DataView(bytes.buffer).getUint32(8, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.slice(12, 12 + length))) as { seal: object };
  const next = utf8(JSON.stringify({ ...header, seal: { ...header.seal, ...change } }));
  const size = new Uint8Array(4);
  new DataView(size.buffer).setUint32(0, next.byteLength, true);
  return Uint8Array.of(...bytes.slice(0, 8), ...size, ...next, ...bytes.slice(12 + length));
}

describe('a backup file', () => {
  it.each([null, PASSPHRASE])('comes back as it was (passphrase: %s)', async (passphrase) => {
    const bytes = await writeBackup(CONTENTS, passphrase);
    const file = recogniseBackup(bytes);
    expect(file.sealed).toBe(passphrase !== null);
    expect(await file.read(passphrase ?? '')).toEqual({ version: 2, contents: CONTENTS, problems: [] });
  });

  it('sealed, shows nothing of what it holds', async () => {
    const text = new TextDecoder('latin1').decode(await writeBackup(CONTENTS, PASSPHRASE));
    for (const secret of ['item-a', 'mug', 'moka-pot', PASSPHRASE]) expect(text).not.toContain(secret);
  });

  it('never uses a salt or nonce twice', async () => {
    const [first, second] = await Promise.all([
      writeBackup(CONTENTS, PASSPHRASE),
      writeBackup(CONTENTS, PASSPHRASE),
    ]);
    const sealOf = (bytes: Uint8Array): string =>
      /"seal":(\{[^}]*\})/.exec(new TextDecoder('latin1').decode(bytes))?.[1] ?? '';
    expect(sealOf(first)).toMatch(/"salt"/);
    expect(sealOf(first)).not.toBe(sealOf(second));
  });

  it('opens however the keyboard composes the letters of the passphrase', async () => {
    const bytes = await writeBackup(CONTENTS, 'Käse und Brot'.normalize('NFD'));
    expect((await read(bytes, 'Käse und Brot'.normalize('NFC'))).problems).toEqual([]);
  });

  it('row 31: a wrong passphrase and any flipped bit give the same error', async () => {
    const bytes = await writeBackup(CONTENTS, PASSPHRASE);
    const body = 12 + new DataView(bytes.buffer).getUint32(8, true);
    const outcomes = [];
    for (const attempt of [
      () => read(bytes, `${PASSPHRASE} `),
      () => read(bytes, ''),
      () => read(flipped(bytes, body), PASSPHRASE),
      () => read(flipped(bytes, body + 100), PASSPHRASE),
      () => read(flipped(bytes, bytes.length - 1), PASSPHRASE),
      () => read(bytes.slice(0, -1), PASSPHRASE),
      // The header is authenticated, too: another salt, or a document said to be shorter.
      () => read(withSeal(bytes, { salt: btoa('0123456789abcdef') }), PASSPHRASE),
      () => read(withSeal(bytes, { note: 'x' }), PASSPHRASE),
    ]) {
      outcomes.push(
        await attempt().then(
          () => null,
          (error: unknown) => [AppError.from(error).code, AppError.from(error).message],
        ),
      );
    }
    expect(new Set(outcomes.map((it) => JSON.stringify(it))).size).toBe(1);
    expect(outcomes[0]?.[0]).toBe('backup-locked');
  });

  it('row 31: any flipped bit of an unsealed file is noticed', async () => {
    const bytes = await writeBackup(CONTENTS, null);
    const body = 12 + new DataView(bytes.buffer).getUint32(8, true);
    for (let at = body; at < bytes.length; at += 7) {
      await expect(read(flipped(bytes, at))).rejects.toMatchObject({ code: 'backup-invalid' });
    }
  });

  it.each([1, MIN_ITERATIONS - 1, MAX_ITERATIONS + 1, 2 ** 31, -5, 1.5, '600000', null])(
    'row 32: %s iterations in the header are refused at once',
    async (iterations) => {
      const bytes = await writeBackup({ ...CONTENTS, packs: [] }, PASSPHRASE);
      const started = performance.now();
      await expect(read(withSeal(bytes, { iterations }), PASSPHRASE)).rejects.toMatchObject({
        code: 'backup-invalid',
      });
      expect(performance.now() - started).toBeLessThan(100);
    },
  );
});

describe('what is no backup', () => {
  it.each<[string, Uint8Array<ArrayBuffer>]>([
    ['empty', new Uint8Array()],
    ['a truncated export', exported({}).slice(0, -20)],
    [
      'UTF-16',
      Uint8Array.of(
        0xff,
        0xfe,
        ...new Uint8Array(Uint16Array.from('{"format":1}', (it) => it.charCodeAt(0)).buffer),
      ),
    ],
    ['GB18030', Uint8Array.of(...utf8('{"format":"'), 0xd6, 0xd0, 0xce, 0xc4, ...utf8('"}'))],
    ['another JSON', utf8('{"type":"FeatureCollection"}')],
    ['a list', utf8('[]')],
    ['null', utf8('null')],
    ['a magic alone', utf8('FAIRSHLF')],
    ['a header said to be longer than the file', Uint8Array.of(...utf8('FAIRSHLF'), 255, 0, 0, 0, 1)],
    ['a header of 2 GB', Uint8Array.of(...utf8('FAIRSHLF'), 255, 255, 255, 127)],
    ['no events', exported({ events: undefined })],
    ['version 0', exported({ version: 0 })],
    ['version "1"', exported({ version: '1' })],
  ])('row 21: %s is refused by name', async (_what, bytes) => {
    await expect(read(bytes)).rejects.toMatchObject({ code: 'backup-invalid', name: 'AppError' });
  });

  it('row 21: says which encoding another program has saved it in', async () => {
    await expect(read(Uint8Array.of(0xfe, 0xff, 0, 0x7b))).rejects.toMatchObject({
      values: { encoding: 'UTF-16' },
    });
  });

  it('reads an export with a byte order mark', async () => {
    expect((await read(Uint8Array.of(0xef, 0xbb, 0xbf, ...exported({})))).version).toBe(1);
  });

  it('row 22: a file of a gigabyte is refused before a byte of it is read', async () => {
    const file = new Blob([]);
    Object.defineProperty(file, 'size', { value: 1e9 });
    let touched = false;
    file.arrayBuffer = () => ((touched = true), Promise.resolve(new ArrayBuffer(0)));
    await expect(openBackupFile(file)).rejects.toMatchObject({
      code: 'backup-too-large',
      values: { limitMB: MAX_FILE_BYTES / 1e6 },
    });
    expect(touched).toBe(false);
  });

  it('row 23: a gzip bomb is stopped at the limit', async () => {
    const bomb = await gzip(new Uint8Array(20_000_000));
    expect(bomb.byteLength).toBeLessThan(30_000);
    await expect(gunzip(bomb, 1_000_000)).rejects.toMatchObject({
      code: 'backup-too-large',
      values: { limitMB: 1 },
    });
    await expect(gunzip(utf8('no gzip'), 1_000_000)).rejects.toMatchObject({ code: 'backup-invalid' });
    await expect(gunzip(bomb.slice(0, -9), 30_000_000)).rejects.toMatchObject({ code: 'backup-invalid' });
  });

  it('row 24: JSON nested a million deep is refused with its line, and brackets in texts do not count', async () => {
    const deep = utf8(`{\n"format":${'['.repeat(1e6)}${']'.repeat(1e6)}}`);
    await expect(read(deep)).rejects.toMatchObject({
      code: 'backup-invalid',
      values: { line: 2, limit: MAX_DEPTH },
    });
    const brackets = exported({ events: [{ ...rating('a', 5), kind: 'review', text: '["\\'.repeat(500) }] });
    expect((await read(brackets)).contents.events).toHaveLength(1);
  });

  it('row 25: hostile keys stay names', async () => {
    const names = Object.getOwnPropertyNames(Object.prototype);
    const hostile = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}';
    const record = `{"id":"q","store":"events","reason":"","at":1,"record":${hostile},"__proto__":{"polluted":1}}`;
    const text = new TextDecoder()
      .decode(exported({}))
      .replace('"quarantine":[]', `"quarantine":[${record}],"__proto__":{"events":[1]}`);
    const { contents } = await read(utf8(text));
    expect(Object.keys(contents.quarantine[0]?.record ?? {})).toEqual(['__proto__', 'constructor']);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(names);
    expect(contents.events).toEqual([]);
  });

  it('row 26: infinite numbers are refused, -0, lone surrogates and NUL made sound', async () => {
    const base = JSON.stringify(rating('a', 5)).slice(0, -1);
    const text = new TextDecoder()
      .decode(exported({}))
      .replace(
        '"events":[]',
        `"events":[${[
          `${base.replace('"a"', '"b"')},"at":1e999}`,
          `${base.replace('"a"', '"c"')},"kind":"dwell","seconds":1e999}`,
          `${base.replace('"a"', '"d"')},"kind":"dwell","seconds":-0}`,
          `${base.replace('"a"', '"e"')},"kind":"review","text":"a\\ud800b\\u0000c"}`,
        ].join(',')}]`,
      );
    const { contents, problems } = await read(utf8(text));
    expect(problems.map(({ section, position }) => [section, position])).toEqual([
      ['events', 1],
      ['events', 2],
    ]);
    const [dwell, review] = contents.events;
    expect(dwell?.kind === 'dwell' && Object.is(dwell.seconds, 0)).toBe(true);
    expect(review?.kind === 'review' && review.text).toBe('a\ufffdb\ufffdc');
  });

  it('row 26: whatever JSON stands in for an event, the reading gives valid events or names the place', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.jsonValue({ maxDepth: 3 }), { maxLength: 5 }), async (values) => {
        const { contents, problems } = await read(exported({ events: [...values, rating('sound', 3)] }));
        expect(contents.events.length + problems.length).toBe(values.length + 1);
        expect(contents.events.at(-1)).toEqual(rating('sound', 3));
      }),
      { seed: 20_260_102, numRuns: 200 },
    );
  });

  it.each(['fairshelf-export', 'fairshelf-backup'])(
    'row 27: version 999 of a %s is refused and explained',
    async (format) => {
      await expect(read(exported({ format, version: 999 }))).rejects.toMatchObject({
        code: 'backup-newer-version',
        values: { version: 999, newest: 2 },
      });
    },
  );
});

it('row 28: names every record it leaves out by its place, and reads the others', async () => {
  const events = Array.from({ length: 10_000 }, (_, index) => rating(String(index), 3));
  const broken = events.map((event, index) => (index === 4_999 ? { ...event, stars: 9 } : event));
  const { contents, problems } = await read(exported({ events: [...broken, rating('7', 1)] }));
  expect(contents.events).toHaveLength(9_999);
  expect(problems).toEqual([
    { section: 'events', position: 5_000, reason: expect.stringContaining('stars') as string },
    { section: 'events', position: 10_001, reason: 'id: Is there twice.' },
  ]);
});
