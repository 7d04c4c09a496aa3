import { gzipSync, strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { blobSource, importFiles, inspectFiles } from '../../../src/lib/import/index.ts';

/** The library is the page's as much as the command line's: the same in a browser, from Files. */
describe('imports in a browser', () => {
  const ratings = `userId,movieId,rating,timestamp\n${Array.from(
    { length: 100_000 },
    (_, at) =>
      `${1 + (at % 500)},${1 + (Math.floor(at / 500) % 200)},${(1 + (at % 10)) / 2},${964_982_703 + at}`,
  ).join('\n')}\n`;
  const movies = `movieId,title,genres\n${Array.from({ length: 200 }, (_, at) => `${1 + at},Film ${at} (1995),Drama`).join('\n')}\n`;

  it('reads a ZIP and gzipped files of MovieLens from Files, with progress', async () => {
    const zip = zipSync({ 'ml/ratings.csv': strToU8(ratings), 'ml/movies.csv': strToU8(movies) });
    const gzipped = [
      new File([new Uint8Array(gzipSync(strToU8(ratings)))], 'ratings.csv.gz'),
      new File([new Uint8Array(gzipSync(strToU8(movies)))], 'movies.csv.gz'),
    ];
    const given = [[new File([new Uint8Array(zip)], 'ml.zip')], gzipped].map((files) =>
      files.map((file) => blobSource(file, file.name)),
    );
    const keys: string[] = [];
    for (const sources of given) {
      expect(await inspectFiles(sources)).toMatchObject({
        recognised: true,
        mapping: { dataset: 'movielens' },
      });
      let done = 0;
      const { report, content } = await importFiles(sources, {
        onProgress: ({ stage, doneBytes }) => (done = stage === 'read' ? doneBytes : done),
      });
      expect(report).toMatchObject({
        problems: { total: 0 },
        counts: { events: 100_000, users: 500, items: 200, products: 200 },
      });
      expect(done).toBeGreaterThan(0);
      keys.push(content.about.id);
    }
    // a checksum of all that came out
    expect(keys[0]).toBe(keys[1]);
  });

  it('reads GBK, and stops when told to', async () => {
    // 用户,商品,评分 and 张三,手机,5 in GBK
    const gbk = [
      0xd3, 0xc3, 0xbb, 0xa7, 0x2c, 0xc9, 0xcc, 0xc6, 0xb7, 0x2c, 0xc6, 0xc0, 0xb7, 0xd6, 0x0a, 0xd5, 0xc5,
      0xc8, 0xfd, 0x2c, 0xca, 0xd6, 0xbb, 0xfa, 0x2c, 0x35, 0x0a,
    ];
    const { content, report } = await importFiles([blobSource(new Blob([new Uint8Array(gbk)]), 'log.csv')]);
    expect(report.files[0]).toMatchObject({ encoding: 'gb18030', used: 1 });
    expect(content.items[0]).toMatchObject({ id: '手机', name: { zh: '手机' } });
    await expect(
      importFiles([blobSource(new Blob([ratings]), 'ratings.csv')], { signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ code: 'cancelled' });
  });
});
