import { expect, it } from 'vitest';
import { publishedLines } from '../../../src/cli/evaluate/published.ts';
import type { LoadedData } from '../../../src/cli/sources/load-data.ts';

/** Data of which only the shape is true. */
function shaped(users: number, items: number, parts: readonly number[], rated: boolean): LoadedData {
  return {
    users: Array.from({ length: users }, (_, at) => String(at)),
    items: Array.from({ length: items }, (_, at) => String(at)),
    rated,
    parts: parts.map((entries) => ({
      duplicates: 0,
      dataset: {
        timestamps: null,
        matrix: {
          ...{ rows: users, columns: items, indptr: new Int32Array(users + 1) },
          ...{ indices: new Int32Array(entries), data: new Float32Array(entries) },
        },
      },
    })),
  };
}

it('sets published rows beside what was measured alike, and says where it was not', async () => {
  const gowalla = shaped(29_858, 40_981, [810_128, 217_242], false);
  const given = await publishedLines({ split: { kind: 'given', test: 'test.txt' }, k: 20 }, gowalla);
  expect(given[0]).toMatch(/^Published on gowalla .*LightGCN's train and test/u);
  expect(given[1]).toBe('  Measured as here.');
  expect(given.join('\n')).toMatch(/SimpleX +recall@20 0\.1872 {2}ndcg@20 0\.1557/u);
  const random = await publishedLines({ split: { kind: 'random', share: 0.2, leave: 1 }, k: 10 }, gowalla);
  expect(random[1]).toMatch(/For orientation.*another split.*another length/u);

  const folds = shaped(943, 1_682, [80_000, 20_000, 80_000, 20_000], true);
  const parted = await publishedLines({ split: { kind: 'folds', folder: 'ml-100k' }, k: 20 }, folds);
  expect(parted[1]).toMatch(/other random parts/u);
  expect(
    await publishedLines(
      { split: { kind: 'random', share: 0.2, leave: 1 }, k: 20 },
      shaped(943, 1_682, [99_999], true),
    ),
  ).toEqual([]);
});
