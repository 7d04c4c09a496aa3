import { gzipSync, strToU8, zipSync } from 'fflate';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inspectFiles, type ImportResult } from '../../../src/lib/import/index.ts';
import { readPackFiles } from '../../../src/lib/import/pack-files.ts';
import { applyMapFile } from '../../../src/lib/import/recognise/map-file.ts';
import { openCatalogue, openInteractions } from '../../../src/lib/pack/open-stored.ts';
import { writePack } from '../../../src/lib/pack/write.ts';
import { onDamaged, survives, truncations } from '../../support/hostile.ts';
import { samplePack } from '../pack/sample-pack.ts';
import { file, importOf, type Bytes } from './support.ts';

const ROWS = Array.from({ length: 12 }, (_, r) => [`u${r % 4}`, `i${r % 5}`, 1 + (r % 5), 1_577_836_800 + r]);
const RECORDS = ROWS.map(([user, item, rating, time]) =>
  JSON.stringify({ user, item, rating, time, about: { words: ['a', 'ü', '茶'], note: 'say "hi"' } }),
);
const HEADER = ['user', 'item', 'rating', 'time'];
const csv = [HEADER, ...ROWS].map((row) => row.join(',')).join('\n') + '\n';
const quoted = [HEADER, ...ROWS].map((row) => row.map((cell) => `"${cell}"`).join(';')).join('\r\n');
const parquet = new Uint8Array(
  readFileSync(new URL('tables/fixtures/pyarrow-gzip.parquet', import.meta.url)),
);
const bytes = (content: string | Uint8Array): Bytes =>
  new Uint8Array(typeof content === 'string' ? strToU8(content) : content);
const utf16 = (text: string): Bytes =>
  new Uint8Array([
    0xff,
    0xfe,
    ...Array.from(text, (_, at) => [text.charCodeAt(at) & 0xff, text.charCodeAt(at) >> 8]).flat(),
  ]);

/** A sound file of every kind that an import reads. */
const CORPUS: Readonly<Record<string, Bytes>> = {
  'log.csv': bytes(csv),
  'quoted.csv': bytes(quoted),
  'log.tsv': bytes(csv.replaceAll(',', '\t')),
  'ratings.dat': bytes(ROWS.map((row) => row.join('::').replaceAll(/[ui]/gu, '')).join('\n')),
  'utf-16.csv': utf16(csv),
  // 茶 in GB18030
  'gbk.csv': bytes(new Uint8Array([...strToU8(csv), 0x75, 0x2c, 0xb2, 0xe8, 0x2c, 0x35, 0x2c, 0x31, 0x0a])),
  'log.json': bytes(`{"records": [${RECORDS.join(',')}]}`),
  'log.jsonl': bytes(RECORDS.join('\n')),
  'log.parquet': parquet,
  'log.csv.gz': bytes(gzipSync(strToU8(csv), { mtime: 0 })),
  'log.zip': bytes(zipSync({ 'a/log.csv': [strToU8(csv), { mtime: '2020-01-02' }] })),
  'train.txt': bytes('0 1 2 3\n1 2\n2 0 3\n'),
};

/** Never half an import: what comes out is a whole pack, which the strict readers of packs take. */
async function isWhole({ content, report }: ImportResult): Promise<void> {
  expect(content.items.length).toBeGreaterThan(0);
  expect(report.counts.events).toBe(content.interactions?.length ?? 0);
  const { manifestText, files } = await writePack(content);
  const stored = { manifestText, files: files.map(({ kind, bytes: written }) => ({ kind, bytes: written })) };
  expect((await openCatalogue(stored)).items).toHaveLength(content.items.length);
  if (content.interactions !== null) {
    expect((await openInteractions(stored)).length).toBe(content.interactions.length);
  }
}

describe('whatever an import is given, it reads it whole or refuses it by name', () => {
  it.each(Object.entries(CORPUS))('the sound %s is read', async (name, whole) => {
    await isWhole(await importOf({ [name]: whole }));
  });

  it.each(Object.entries(CORPUS))('%s cut off at any byte', async (name, whole) => {
    for (const part of truncations(whole, 400)) {
      await survives(() => importOf({ [name]: part }), ['import-invalid'], isWhole);
    }
  });

  it.each(Object.entries(CORPUS))('%s damaged', async (name, whole) => {
    await onDamaged(whole, 80, async (part) => {
      await survives(() => importOf({ [name]: part }), ['import-invalid'], isWhole);
      await survives(
        () => inspectFiles([file(name, part)]),
        ['import-invalid'],
        ({ tables }) => {
          for (const { columns, preview } of tables) {
            for (const row of preview) expect(row.length).toBe(columns.length);
          }
        },
      );
    });
  });

  it.each(Object.entries(CORPUS))('%s damaged, told to stop: all of it or nothing', async (name, whole) => {
    await onDamaged(whole, 30, async (part) => {
      await survives(
        () => importOf({ [name]: part }, { onProblem: 'stop' }),
        ['import-invalid'],
        async (result) => {
          expect(result.report.problems.total).toBe(0);
          await isWhole(result);
        },
      );
    });
  });
});

describe('a pack in a ZIP', () => {
  it('damaged anywhere is refused by name, or is the pack it was', async () => {
    const { manifestText, files } = await samplePack();
    const { files: entries } = JSON.parse(manifestText) as { files: Record<string, { path: string }> };
    const inner = Object.fromEntries(files.map(({ kind, bytes: content }) => [entries[kind]!.path, content]));
    const whole = bytes(
      zipSync({ 'pack.json': strToU8(manifestText), ...inner }, { mtime: '2020-01-02', level: 0 }),
    );
    const codes = [
      ...([
        'import-invalid',
        'pack-manifest-invalid',
        'pack-schema-unsupported',
        'pack-file-missing',
      ] as const),
      ...(['pack-file-invalid', 'pack-checksum-mismatch', 'pack-row-invalid'] as const),
    ];
    const read = (part: Bytes) => () => readPackFiles([file('pack.zip', part)], {});
    expect(await survives(read(whole), codes, (pack) => expect(pack?.files).toHaveLength(files.length))).toBe(
      'read',
    );
    const check = (pack: Awaited<ReturnType<typeof readPackFiles>>): void => {
      // without a pack.json it is no pack, but some other archive
      if (pack === null) return;
      for (const { kind, bytes: content } of pack.files) {
        expect([...content]).toEqual([...files.find((one) => one.kind === kind)!.bytes]);
      }
    };
    for (const part of truncations(whole, 300)) await survives(read(part), codes, check);
    await onDamaged(whole, 200, async (part) => {
      await survives(read(part), codes, check);
    });
  });
});

describe('a map file', () => {
  it('damaged is applied as it says or refused by name', async () => {
    const { mapping } = await inspectFiles([file('log.csv', csv)]);
    const whole = bytes(
      JSON.stringify({
        version: 1,
        tables: { 'log.csv': { table: 'events', roles: { user: 'user', item: 'item' }, kind: 'like' } },
        scale: { min: 0, max: 10 },
        decimal: ',',
      }),
    );
    const apply = (text: string) => () => applyMapFile(text, mapping, 'map.json');
    const check = ({ tables }: typeof mapping): void => expect(Object.keys(tables)).toEqual(['log.csv']);
    expect(await survives(apply(new TextDecoder().decode(whole)), ['import-invalid'], check)).toBe('read');
    for (const part of truncations(whole, 1000)) {
      await survives(apply(new TextDecoder().decode(part)), ['import-invalid'], check);
    }
    await onDamaged(whole, 500, async (part) => {
      await survives(apply(new TextDecoder().decode(part)), ['import-invalid'], check);
    });
    await fc.assert(
      fc.asyncProperty(fc.json(), async (text) => {
        await survives(apply(text), ['import-invalid'], check);
      }),
      { numRuns: 300, seed: 7 },
    );
  });
});
