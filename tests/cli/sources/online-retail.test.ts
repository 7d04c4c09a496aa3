import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writePackFolder } from '../../../src/cli/pack-folder.ts';
import { shelfOf, SHELF_RULES } from '../../../src/cli/sources/online-retail-categories.ts';
import {
  median,
  mostFrequent,
  onlineRetailPack,
  sentenceCase,
} from '../../../src/cli/sources/online-retail.ts';
import { dataPath } from '../data.ts';

const HEADER = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n';
const LINES = `1,90001,BLUE CAKESTAND 3 TIER,2,2010-12-01 08:26:00,12.50,101.0,United Kingdom
2,90001,BLUE CAKESTAND 3 TIER,1,2010-12-02 08:26:00,10.50,102.0,United Kingdom
2,90001,cakestand,1,2010-12-02 08:26:00,10.50,102.0,United Kingdom
3,POST,POSTAGE,1,2010-12-02 08:26:00,18.00,102.0,France
C4,90001,BLUE CAKESTAND 3 TIER,-1,2010-12-03 08:26:00,12.50,101.0,United Kingdom
5,90001,BLUE CAKESTAND 3 TIER,1,2010-12-03 08:26:00,12.50,,United Kingdom
6,90002A,"PAPER MOON, T-LIGHT HOLDER",1,2010-12-03 08:26:00,0,101.0,United Kingdom
7,90002A,"PAPER MOON, T-LIGHT HOLDER",6,2010-12-03 08:26:00,2.55,101.0,United Kingdom
`;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fairshelf-retail-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(text: string): string {
  const path = join(folder, 'lines.csv');
  writeFileSync(path, text);
  return path;
}

describe('Online Retail', () => {
  it('drops returns, guests and gifts, then postage', () => {
    const { content, read, cleaned, kept } = onlineRetailPack(write(HEADER + LINES));
    expect(read).toBe(8);
    expect(cleaned).toEqual({ lines: 5, customers: 2, items: 3, pairs: 4 });
    expect(kept).toEqual({ lines: 4, customers: 2, items: 2, pairs: 3 });
    expect(content.items.map((item) => [item.id, item.name.en, item.price, item.category])).toEqual([
      ['90001', 'Blue cakestand 3 tier', 10.5, 'baking'],
      ['90002A', 'Paper moon, t-light holder', 2.55, 'lights'],
    ]);
    expect(content.items.map((item) => item.popularity)).toEqual([2, 1]);
    expect([...(content.interactions?.day ?? [])].sort((a, b) => a - b)).toEqual([
      14944, 14945, 14945, 14946,
    ]);
  });

  it('reads the gzipped file too', () => {
    const path = join(folder, 'lines.csv.gz');
    writeFileSync(path, gzipSync(HEADER + LINES));
    expect(onlineRetailPack(path)).toEqual(onlineRetailPack(write(HEADER + LINES)));
  });

  it.each([
    ['Quantity', '1,1,A,x,2010-12-01 08:26:00,1,1,UK'],
    ['UnitPrice', '1,1,A,1,2010-12-01 08:26:00,,1,UK'],
    ['InvoiceDate', '1,1,A,1,12/1/10 8:26,1,1,UK'],
    ['StockCode', '1,,A,1,2010-12-01 08:26:00,1,1,UK'],
    ['', '1,1,A,1'],
  ])('names the row of a bad %s', (column, line) => {
    expect(() => onlineRetailPack(write(`${HEADER}${LINES}${line}\n`))).toThrow(
      expect.objectContaining({
        code: 'import-invalid',
        values: expect.objectContaining({ row: 9, column }) as object,
      }) as Error,
    );
  });

  it('refuses a truncated gzip file', () => {
    const path = join(folder, 'lines.csv.gz');
    writeFileSync(path, gzipSync(HEADER + LINES).subarray(0, 60));
    expect(() => onlineRetailPack(path)).toThrow(
      expect.objectContaining({ code: 'import-invalid' }) as Error,
    );
  });

  it('takes the most frequent name, the median price and sentence case', () => {
    expect(mostFrequent(['b', 'a', 'b', 'a'])).toBe('a');
    expect(mostFrequent([])).toBe('');
    expect([median([3, 1, 2]), median([1, 2.5]), median([0.85])]).toEqual([2, 1.75, 0.85]);
    expect(sentenceCase('PACK OF 6')).toBe('Pack of 6');
    expect(sentenceCase('3 TIER CAKESTAND')).toBe('3 tier cakestand');
    expect(sentenceCase('Manual')).toBe('Manual');
  });

  it('puts names on shelves by whole words, seasons before motifs', () => {
    expect(shelfOf('CHRISTMAS PAPER LANTERN').key).toBe('christmas');
    expect(shelfOf('Paper lantern').key).toBe('lights');
    expect(shelfOf('BAGUETTE').key).toBe('other');
    expect(new Set(SHELF_RULES.map((rule) => rule.key)).size).toBe(SHELF_RULES.length);
  });

  const real = dataPath('online-retail', 'online_retail.csv.gz');
  it.skipIf(real === null)('turns the real file into a sound pack with the published counts', async () => {
    const { content, read, cleaned, kept } = onlineRetailPack(real ?? '');
    expect(read).toBe(541_909);
    expect(cleaned).toEqual({ lines: 397_884, customers: 4338, items: 3665, pairs: 266_792 });
    expect(kept).toEqual({ lines: 396_340, customers: 4334, items: 3660, pairs: 266_224 });
    const { manifest, bytes } = await writePackFolder(join(folder, 'pack'), content);
    expect(manifest.counts).toEqual({ items: 3660, users: 4334, interactions: 396_340, reviews: 0 });
    expect(bytes).toBeLessThan(1_000_000);
    expect(content.items.reduce((sum, item) => sum + item.popularity, 0)).toBe(266_224);
  });
});
