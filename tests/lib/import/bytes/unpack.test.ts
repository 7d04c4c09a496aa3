import { gzipSync as nodeGzip } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { UnpackBudget } from '../../../../src/lib/import/bytes/caps.ts';
import { unpackFiles } from '../../../../src/lib/import/bytes/unpack.ts';
import { MAX_UNPACKED_BYTES } from '../../../../src/lib/import/limits.ts';
import { file, type Bytes } from '../support.ts';

const CSV = `user,item,rating\n${Array.from({ length: 500 }, (_, at) => `u${at},i${at % 7},${1 + (at % 5)}`).join('\n')}\n`;
const gzip = (content: string | Uint8Array): Bytes => new Uint8Array(nodeGzip(content));
const zip = (files: Record<string, Uint8Array>, level: 0 | 6 = 6): Bytes =>
  new Uint8Array(zipSync(files, { level }));

async function unpacked(name: string, bytes: Bytes) {
  const { files, skipped } = await unpackFiles([file(name, bytes)], new UnpackBudget());
  const texts: Record<string, string> = {};
  for (const one of files) {
    const parts: Buffer[] = [];
    for await (const chunk of one.chunks(undefined)) parts.push(Buffer.from(chunk));
    texts[one.name] = Buffer.concat(parts).toString('utf8');
  }
  return { texts, skipped };
}

const refused = (reason: string) =>
  expect.objectContaining({
    code: 'import-invalid',
    message: expect.stringContaining(reason) as string,
  }) as Error;

describe('unpackFiles', () => {
  it('opens by content, whatever the name', async () => {
    expect((await unpacked('a.csv', strToU8(CSV))).texts).toEqual({ 'a.csv': CSV });
    expect((await unpacked('a.csv.gz', gzip(CSV))).texts).toEqual({ 'a.csv': CSV });
    expect((await unpacked('a', gzip(CSV))).texts).toEqual({ a: CSV });
    for (const level of [0, 6] as const) {
      const bytes = zip({ 'set/ratings.csv': strToU8(CSV), 'set/more.csv.gz': gzip(CSV) }, level);
      expect((await unpacked('b.zip', bytes)).texts).toEqual({
        'b.zip/set/ratings.csv': CSV,
        'b.zip/set/more.csv': CSV,
      });
    }
  });

  it('reads gzip members one after another', async () => {
    const bytes = new Uint8Array([...gzip('a,1\n'), ...gzip('b,2\n')]);
    expect((await unpacked('a.gz', bytes)).texts).toEqual({ a: 'a,1\nb,2\n' });
  });

  it('leaves out clutter, papers, empty files, unsafe names and archives in archives', async () => {
    const bytes = zip({
      'ok.csv': strToU8(CSV),
      '../evil.csv': strToU8(CSV),
      '__MACOSX/._ok.csv': strToU8('x'),
      'README.txt': strToU8('read me'),
      'empty.csv': new Uint8Array(0),
      'inner.zip': zip({ 'x.csv': strToU8(CSV) }),
    });
    const { texts, skipped } = await unpacked('a.zip', bytes);
    expect(Object.keys(texts)).toEqual(['a.zip/ok.csv']);
    expect(skipped).toEqual([
      { name: 'a.zip/…', reason: 'unsafe-name' },
      { name: 'a.zip/empty.csv', reason: 'empty' },
      { name: 'a.zip/inner.zip', reason: 'nested-archive' },
    ]);
  });

  it('refuses what is cut off or has a flipped bit', async () => {
    const packed = gzip(CSV);
    await expect(unpacked('a.gz', packed.slice(0, -20))).rejects.toThrow(refused('truncated or damaged'));
    await expect(unpacked('a.gz', packed.slice(0, 30))).rejects.toThrow(refused('truncated or damaged'));
    for (const at of [20, 200, packed.length - 6]) {
      const bytes = packed.slice();
      bytes[at] = bytes[at]! ^ 4;
      await expect(unpacked('a.gz', bytes)).rejects.toThrow(refused('truncated or damaged'));
    }
    const archive = zip({ 'a.csv': strToU8(CSV) });
    const flipped = archive.slice();
    flipped[100] = flipped[100]! ^ 1;
    await expect(unpacked('a.zip', flipped)).rejects.toThrow(refused('truncated or damaged'));
    await expect(unpacked('a.zip', archive.slice(0, -30))).rejects.toThrow(refused('no whole ZIP'));
  });

  it('stops at a bomb: a ratio that no table has', async () => {
    const zeros = gzip(new Uint8Array(64 * 1024 * 1024));
    expect(zeros.byteLength).toBeLessThan(100_000);
    await expect(unpacked('bomb.gz', zeros)).rejects.toThrow(refused('more than 400 times its size'));
    const archive = zip({ 'bomb.csv': new Uint8Array(64 * 1024 * 1024) });
    await expect(unpacked('bomb.zip', archive)).rejects.toThrow(refused('more than 400 times its size'));
  });

  it('counts everything that is unpacked against one cap', () => {
    const budget = new UnpackBudget();
    budget.spend('a', MAX_UNPACKED_BYTES - 1);
    budget.spend('b', 1);
    expect(() => budget.spend('c', 1)).toThrow(refused('the most that one import reads'));
  });

  it('stops between chunks when told to', async () => {
    const { files } = await unpackFiles([file('a.csv', 'x,1\n'.repeat(1_000_000))], new UnpackBudget());
    const stop = new AbortController();
    const chunks = files[0]!.chunks(stop.signal)[Symbol.asyncIterator]();
    await chunks.next();
    stop.abort();
    await expect(
      (async () => {
        while ((await chunks.next()).done !== true);
      })(),
    ).rejects.toThrow(expect.objectContaining({ code: 'cancelled' }) as Error);
  });
});
