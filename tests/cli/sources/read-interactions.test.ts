import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readInteractions, type Format } from '../../../src/cli/sources/read-interactions.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'fairshelf-interactions-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function read(text: string, format: Format) {
  const path = join(folder, 'data');
  writeFileSync(path, text);
  return readInteractions(path, format, null);
}

describe('readInteractions', () => {
  it('reads an object a line, as Amazon writes its reviews', async () => {
    const review = (user: string, item: string, stars: number, time: number) =>
      JSON.stringify({ reviewerID: user, asin: item, helpful: [0, 0], overall: stars, unixReviewTime: time });
    const rows = await read(
      `${review('A', '01', 5, 1_252_800_000)}\n\n${review('B', '02', 3, 1_252_900_000)}\n`,
      'jsonl',
    );
    expect(rows).toMatchObject({ users: ['A', 'B'], items: ['01', '02'], rated: true });
    expect([...rows.value]).toEqual([5, 3]);
    expect([...rows.seconds!]).toEqual([1_252_800_000, 1_252_900_000]);
    const likes = await read('{"user":1,"item":2}\n{"item":3,"user":1}\n', 'jsonl');
    expect(likes).toMatchObject({ users: ['1'], items: ['2', '3'], rated: false, seconds: null });
  });

  it.each([
    ['{"user":1,"item":2}\n[\n', /line 2/u],
    ['{"user":1,"item":2,"rating":"good"}\n', /line 1.*good/u],
    ['{"user":1,"item":2}\n{"user":1}\n', /line 2/u],
    ['\n', /./u],
  ])('names what is wrong in %j', async (text, message) => {
    await expect(read(text, 'jsonl')).rejects.toMatchObject({
      code: 'import-invalid',
      message: expect.stringMatching(message) as string,
    });
  });
});
