import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { movielensPack, starsOfRating } from '../../../src/cli/sources/movielens.ts';
import { GENRES } from '../../../src/cli/sources/movielens-genres.ts';
import { verifyPackFolder, writePackFolder } from '../../../src/cli/pack-folder.ts';
import { dataPath } from '../data.ts';

const MOVIES = `movieId,title,genres
1,Paper Kites (1995),Adventure|Animation
7,"Quiet Harbour, The (1996)",Comedy|Drama
9,No Year,(no genres listed)
`;
const RATINGS = `userId,movieId,rating,timestamp
4,7,0.5,964990000
4,1,4.5,964900000
2,1,3.0,86399
`;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fairshelf-movielens-'));
  writeFileSync(join(folder, 'movies.csv'), MOVIES);
  writeFileSync(join(folder, 'ratings.csv'), RATINGS);
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('MovieLens', () => {
  it('rounds half stars up, and 0.5 to 1', () => {
    expect([0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5].map(starsOfRating)).toEqual([
      1, 1, 2, 2, 3, 3, 4, 4, 5, 5,
    ]);
  });

  it('makes films items and ratings events', () => {
    const { items, interactions, about } = movielensPack(folder);
    expect(items.map((item) => [item.id, item.name.en, item.category])).toEqual([
      ['1', 'Paper Kites (1995)', 'adventure'],
      ['7', 'Quiet Harbour, The (1996)', 'comedy'],
      ['9', 'No Year', 'other'],
    ]);
    expect(items[0]).toMatchObject({
      price: null,
      art: 'world-map',
      popularity: 2,
      ratingCounts: [0, 0, 1, 0, 1],
    });
    expect(items[0]?.attributes.map((attribute) => attribute.value.en)).toEqual([
      '1995',
      'Adventure, Animation',
    ]);
    expect(items[1]).toMatchObject({ popularity: 0, ratingCounts: [1, 0, 0, 0, 0] });
    expect(items[2]?.attributes).toEqual([]);
    expect(about.categories.map((category) => category.key)).toEqual(['adventure', 'comedy', 'other']);
    expect(interactions).toMatchObject({ users: 2, items: 3, length: 3 });
    const days = [...(interactions?.day ?? [])].sort((a, b) => a - b);
    expect(days).toEqual([0, 11167, 11168]);
  });

  it.each([
    ['movies.csv', 'movieId,title\n1,A\n', 'genres', 0],
    ['movies.csv', 'movieId,title,genres\n1,A,Drama\n1,B,Drama\n', 'movieId', 2],
    ['movies.csv', 'movieId,title,genres\n1,A\n', '', 1],
    ['movies.csv', 'movieId,title,genres\n', '', 0],
    ['ratings.csv', 'userId,movieId,rating,timestamp\n1,1,6,5\n', 'rating', 1],
    ['ratings.csv', 'userId,movieId,rating,timestamp\n1,1,,5\n', 'rating', 1],
    ['ratings.csv', 'userId,movieId,rating,timestamp\n1,1,3,5\n1,99,3,5\n', 'movieId', 2],
    ['ratings.csv', 'userId,movieId,rating,timestamp\n1,1,3,1e999\n', 'timestamp', 1],
  ])('names file, row and column of a bad %s', (file, text, column, row) => {
    writeFileSync(join(folder, file), text);
    expect(() => movielensPack(folder)).toThrow(
      expect.objectContaining({
        code: 'import-invalid',
        values: expect.objectContaining({ file: join(folder, file), column, row }) as object,
      }) as Error,
    );
  });

  it.each([
    ['UTF-16', Buffer.from('\uFEFFmovieId,title,genres\n1,A,Drama\n', 'utf16le')],
    ['broken UTF-8', Buffer.from([0x6d, 0xff, 0xfe, 0x00])],
  ])('refuses %s', (_name, bytes) => {
    writeFileSync(join(folder, 'movies.csv'), bytes);
    expect(() => movielensPack(folder)).toThrow(expect.objectContaining({ code: 'import-invalid' }) as Error);
  });

  it('has a name in both languages for each genre, each once', () => {
    expect(new Set(GENRES.map((genre) => genre.key)).size).toBe(GENRES.length);
    expect(new Set(GENRES.map((genre) => genre.name.zh)).size).toBe(GENRES.length);
  });

  const real = dataPath('ml-latest-small');
  it.skipIf(real === null)('turns ml-latest-small into a sound pack', async () => {
    const content = movielensPack(real ?? '');
    await writePackFolder(join(folder, 'pack'), content);
    const { manifest, bytes } = await verifyPackFolder(join(folder, 'pack'));
    expect(manifest.counts).toEqual({ items: 9742, users: 610, interactions: 100_836, reviews: 0 });
    expect(bytes).toBeLessThan(1_000_000);
    const rated = content.items.reduce((sum, item) => sum + item.ratingCounts.reduce((a, b) => a + b, 0), 0);
    expect(rated).toBe(100_836);
  });
});
