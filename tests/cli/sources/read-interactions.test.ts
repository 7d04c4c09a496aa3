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

function refusal(text: string, format: Format): string {
  try {
    read(text, format);
  } catch (error) {
    const { message, remedy } = error as Error & { readonly remedy: string };
    return `${message} ${remedy}`;
  }
  return 'nothing refused';
}

describe('readInteractions', () => {
  it('reads an object a line, as Amazon writes its reviews', () => {
    const review = (user: string, item: string, stars: number, time: number) =>
      JSON.stringify({ reviewerID: user, asin: item, helpful: [0, 0], overall: stars, unixReviewTime: time });
    const rows = read(`${review('A', '01', 5, 10)}\n\n${review('B', '02', 3, 20)}\n`, 'jsonl');
    expect(rows).toMatchObject({
      ...{ user: ['A', 'B'], item: ['01', '02'], value: [5, 3], time: [10, 20], rated: true },
    });
    const likes = read('{"user":1,"item":2}\n{"item":3,"user":1}\n', 'jsonl');
    expect(likes).toMatchObject({ user: ['1', '1'], item: ['2', '3'], value: [1, 1], rated: false });
    expect(likes.time).toBeNull();
  });

  it.each([
    ['{"user":1,"item":2}\n[\n', /line 2.*JSON object/u],
    ['{"who":1,"what":2}\n', /line 1.*Name a field user/u],
    ['{"user":1,"item":2,"rating":"good"}\n', /line 1: "good".*numbers/u],
    ['{"user":1,"item":2}\n{"user":1}\n', /line 2.*a user and an item/u],
    ['{"user":{"id":1},"item":2}\n', /line 1.*a user and an item/u],
    ['\n', /no interactions/u],
  ])('names what is wrong in %j', (text, message) => {
    expect(refusal(text, 'jsonl')).toMatch(message);
  });

  it('takes the other identifier of a header for the item', () => {
    const rows = read('userID,placeID,rating\nu1,p1,2\n', 'csv');
    expect(rows).toMatchObject({ user: ['u1'], item: ['p1'], value: [2] });
  });

  it('says that a header may be what it could not read', () => {
    expect(refusal('person,thing,rating\na,b,3\n', 'csv')).toMatch(/line 1: "rating".*header/u);
  });
});
