import { describe, expect, it } from 'vitest';
import { fileSources } from '../../../src/cli/sources/file-sources.ts';
import { importFiles, type ImportReport } from '../../../src/lib/import/index.ts';
import { dataPath } from '../../cli/data.ts';

interface Expected {
  readonly dataset: string;
  readonly counts: Partial<ImportReport['counts']>;
  /** Rows by file. */
  readonly rows: Readonly<Record<string, number>>;
  readonly problems?: number;
}

/** What the README beside the data says of each folder. */
const FOLDERS: Readonly<Record<string, Expected>> = {
  'ml-100k': {
    dataset: 'movielens-100k',
    counts: { events: 100_000, users: 943, items: 1682, products: 1682 },
    rows: { 'u.data': 100_000, 'u.item': 1682, 'u1.base': 0 },
  },
  'ml-latest-small': {
    dataset: 'movielens',
    counts: { events: 100_836, users: 610, products: 9742 },
    rows: { 'ratings.csv': 100_836, 'movies.csv': 9742 },
  },
  gowalla: {
    dataset: 'lightgcn',
    counts: { events: 810_128 + 217_242, users: 29_858, items: 40_981 },
    rows: { 'train.txt': 810_128, 'test.txt': 217_242 },
  },
  'amazon-book-kgat': {
    dataset: 'lightgcn',
    counts: { events: 652_514 + 193_920, users: 70_679, items: 24_915 },
    rows: { 'train.txt': 652_514, 'test.txt': 193_920 },
  },
  'goodbooks-10k': {
    dataset: 'goodbooks',
    counts: { events: 298_176, users: 2672, products: 10_000 },
    rows: { 'ratings_5pct_users.csv': 298_176, 'books.csv': 10_000 },
  },
  'movietweetings-100k': {
    dataset: 'movietweetings',
    counts: { events: 100_000, users: 16_554, products: 10_506 },
    rows: { 'ratings.dat': 100_000, 'movies.dat': 10_506 },
  },
  'restaurant-consumer': {
    dataset: 'restaurants',
    counts: { events: 1161, users: 138, products: 130 },
    rows: { 'rating_final.csv': 1161 },
    // a name that was mangled before it came here
    problems: 1,
  },
  'womens-clothing-reviews': {
    dataset: 'womens-clothing',
    counts: { events: 0, products: 1206 },
    rows: { 'womens_clothing_reviews.csv': 23_486 },
  },
  'amazon-musical-instruments': {
    dataset: 'amazon-reviews',
    counts: { events: 10_261, users: 1429, items: 900, reviews: 10_261 },
    rows: { 'musical_instruments.jsonl': 10_261 },
  },
  'chinese-reviews': {
    dataset: 'labelled-texts',
    counts: { events: 0 },
    rows: { 'waimai_10k.csv': 11_987 },
  },
  'sentiment-labelled-sentences': {
    dataset: 'labelled-texts',
    counts: { events: 0, reviews: 3000 },
    rows: { 'amazon_cells_labelled.txt': 1000, 'imdb_labelled.txt': 1000, 'yelp_labelled.txt': 1000 },
  },
};

async function importFolder(folder: string) {
  return importFiles(await fileSources(folder));
}

describe('real data', () => {
  for (const [name, { dataset, counts, rows, problems = 0 }] of Object.entries(FOLDERS)) {
    const folder = dataPath(name);
    it.skipIf(folder === null)(
      `imports ${name} with the counts of its README`,
      { timeout: 600_000 },
      async () => {
        const { report } = await importFolder(folder ?? '');
        expect(report).toMatchObject({ dataset, counts, problems: { total: problems } });
        expect(Object.fromEntries(report.files.map((file) => [file.name, file.rows]))).toMatchObject(rows);
      },
    );
  }

  const retail = dataPath('online-retail');
  it.skipIf(retail === null)(
    'cleans Online Retail to the counts that papers name',
    { timeout: 600_000 },
    async () => {
      const { report, content } = await importFolder(retail ?? '');
      expect(report.files[0]?.rows).toBe(541_909);
      expect(report.read).toMatchObject({ events: 541_909, users: 4372, items: 4070 });
      const after = Object.fromEntries(report.steps.map((step) => [step.step, step.after]));
      expect(after['impossible']).toEqual({ events: 397_884, users: 4338, items: 3665, pairs: 266_792 });
      expect(after['non-products']).toEqual({ events: 396_340, users: 4334, items: 3660, pairs: 266_224 });
      expect(report.counts).toMatchObject({ events: 391_148, users: 4334, products: 3660, pairs: 266_224 });
      expect(report.problems.total).toBe(0);
      expect(content.about.currency).toBe('GBP');
    },
  );
});
