import type { SplitKind } from './splits.ts';

/** Data sets that have published tables here. */
export const KNOWN_DATA = ['ml-100k', 'ml-10m', 'ml-20m', 'gowalla', 'amazon-book-kgat'] as const;
export type KnownData = (typeof KNOWN_DATA)[number];

/** What of data is at hand: all of it, or the train part of the published split alone. */
export interface RecognisedData {
  readonly data: KnownData;
  readonly part: 'all' | 'train';
}

/** What can be counted without knowing where data comes from. */
export interface DataShape {
  readonly users: number;
  readonly items: number;
  readonly interactions: number;
  /** True where every interaction is a rating. */
  readonly rated: boolean;
}

/** How published figures were measured. */
export interface PublishedProtocol {
  /** `given`: a split that comes with the data; else as this program's own splits. */
  readonly split: 'given' | SplitKind | 'kfold';
  /** Of the lists; null where pairs are predicted. */
  readonly k: number | null;
  /** True where ratings in half stars were used as they are. */
  readonly halfStars?: true;
  readonly words: string;
}

export interface PublishedRow {
  readonly model: string;
  /** By the names of this program's metrics. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** A published table, or a part of one. */
export interface PublishedTable {
  readonly data: KnownData;
  readonly source: string;
  readonly url: string;
  readonly protocol: PublishedProtocol;
  readonly rows: readonly PublishedRow[];
}

/** Shapes that no other data has by chance. */
const SHAPES: readonly (RecognisedData & DataShape)[] = [
  { data: 'ml-100k', part: 'all', users: 943, items: 1_682, interactions: 100_000, rated: true },
  { data: 'ml-10m', part: 'all', users: 69_878, items: 10_677, interactions: 10_000_054, rated: true },
  { data: 'ml-20m', part: 'all', users: 138_493, items: 26_744, interactions: 20_000_263, rated: true },
  { data: 'gowalla', part: 'train', users: 29_858, items: 40_981, interactions: 810_128, rated: false },
  { data: 'gowalla', part: 'all', users: 29_858, items: 40_981, interactions: 1_027_370, rated: false },
  {
    ...{ data: 'amazon-book-kgat', part: 'train' },
    ...{ users: 70_679, items: 24_915, interactions: 652_514, rated: false },
  },
  {
    ...{ data: 'amazon-book-kgat', part: 'all' },
    ...{ users: 70_679, items: 24_915, interactions: 846_434, rated: false },
  },
];

/** Films that nobody rated are in some catalogues of MovieLens: 10M and 20M. */
const CATALOGUES: Readonly<Partial<Record<KnownData, number>>> = { 'ml-10m': 10_681, 'ml-20m': 27_278 };

const errors = (rmse: number, mae: number): PublishedRow['metrics'] => ({ rmse, mae });
const top20 = (recall: number, ndcg: number): PublishedRow['metrics'] => ({
  'recall@20': recall,
  'ndcg@20': ndcg,
});
const vae = (recall20: number, recall50: number, ndcg100: number): PublishedRow['metrics'] => ({
  'truncated-recall@20': recall20,
  'truncated-recall@50': recall50,
  'ndcg@100': ndcg100,
});

/** Every row stands in the source named. Figures that are only remembered are left out. */
export const PUBLISHED: readonly PublishedTable[] = [
  {
    data: 'ml-100k',
    source: 'Surprise, README (default parameters)',
    url: 'https://github.com/NicolasHug/Surprise',
    protocol: { split: 'kfold', k: null, words: 'mean of five random folds of its own' },
    rows: [
      { model: 'SVD++', metrics: errors(0.919, 0.721) },
      { model: 'k-NN baseline', metrics: errors(0.931, 0.733) },
      { model: 'SVD', metrics: errors(0.934, 0.737) },
      { model: 'Baseline', metrics: errors(0.944, 0.748) },
      { model: 'Slope One', metrics: errors(0.946, 0.743) },
      { model: 'Centered k-NN', metrics: errors(0.951, 0.749) },
      { model: 'NMF', metrics: errors(0.963, 0.758) },
      { model: 'Co-Clustering', metrics: errors(0.963, 0.753) },
      { model: 'Random', metrics: errors(1.518, 1.219) },
    ],
  },
  {
    data: 'ml-10m',
    source: 'Rendle, Zhang & Koren 2019',
    url: 'https://arxiv.org/abs/1905.01395',
    protocol: { split: 'random', k: null, halfStars: true, words: 'a random tenth of all ratings tested' },
    rows: [
      { model: 'Bayesian SVD++', metrics: { rmse: 0.7563 } },
      { model: 'SGD MF, 512 factors', metrics: { rmse: 0.772 } },
    ],
  },
  {
    data: 'ml-20m',
    source: 'Liang et al. 2018; Steck 2019; Shenbin et al. 2020',
    url: 'https://arxiv.org/abs/1802.05814',
    protocol: {
      split: 'users',
      k: 100,
      halfStars: true,
      words:
        'ratings of 4 and 5, users with five of them at least; 10,000 users held out, folded in with 80%; recall over min(k, |test|)',
    },
    rows: [
      { model: 'RecVAE', metrics: vae(0.414, 0.553, 0.442) },
      { model: 'Mult-VAE', metrics: vae(0.395, 0.537, 0.426) },
      { model: 'EASE', metrics: vae(0.391, 0.521, 0.42) },
      { model: 'SLIM', metrics: vae(0.37, 0.495, 0.401) },
    ],
  },
  {
    data: 'gowalla',
    source: 'reczoo BARS leaderboard',
    url: 'https://openbenchmark.github.io/BARS',
    protocol: { split: 'given', k: 20, words: "LightGCN's train and test, no validation part, 64 factors" },
    rows: [
      { model: 'SimpleX', metrics: top20(0.1872, 0.1557) },
      { model: 'UltraGCN', metrics: top20(0.1862, 0.158) },
      { model: 'GF-CF', metrics: top20(0.1849, 0.1518) },
      { model: 'MF-CCL', metrics: top20(0.1837, 0.1493) },
      { model: 'LightGCN', metrics: top20(0.182, 0.1547) },
      { model: 'EASE', metrics: top20(0.1765, 0.1467) },
      { model: 'SLIM', metrics: top20(0.1699, 0.1382) },
      { model: 'MF-BPR', metrics: top20(0.1627, 0.1378) },
      { model: 'ItemCF', metrics: top20(0.157, 0.1214) },
    ],
  },
  {
    data: 'amazon-book-kgat',
    source: 'KGIN (Wang et al. 2021), training log of the authors',
    url: 'https://github.com/huangtinglin/Knowledge_Graph_based_Intent_Network',
    protocol: {
      split: 'given',
      k: 20,
      words: "KGAT's train and test; learns from a knowledge graph as well, and stopped early on test",
    },
    rows: [{ model: 'KGIN', metrics: { 'recall@20': 0.1688 } }],
  },
];

/** Which known data has this shape; null for none. */
export function recognise({ users, items, interactions, rated }: DataShape): RecognisedData | null {
  const found = SHAPES.find(
    (shape) =>
      shape.users === users &&
      (shape.items === items || CATALOGUES[shape.data] === items) &&
      shape.interactions === interactions &&
      shape.rated === rated,
  );
  return found === undefined ? null : { data: found.data, part: found.part };
}

/** The tables of a data set. */
export function publishedFor(data: string): readonly PublishedTable[] {
  return PUBLISHED.filter((table) => table.data === data);
}

/** Why own figures are not to be set beside published ones as equals. */
export type ProtocolDifference =
  /** Train and test were divided in another way. */
  | 'split'
  /** As before, by the same way, but chance fell otherwise. */
  | 'draw'
  /** Lists of another length. */
  | 'length'
  /** The own models never see the published test part, and are tested on a part of train. */
  | 'part'
  /** Half stars were rounded up. */
  | 'stars';

/** How own figures were measured. */
export interface OwnProtocol {
  readonly split: 'given' | 'folds' | SplitKind | 'kfold';
  readonly k: number;
  readonly part: RecognisedData['part'];
  /** True where ratings are whole stars, as in a pack. */
  readonly wholeStars: boolean;
}

/** What keeps own figures from being measured as published ones; none where nothing does. */
export function differencesFrom(
  { split, k, halfStars }: PublishedProtocol,
  own: OwnProtocol,
): readonly ProtocolDifference[] {
  const found: ProtocolDifference[] = [];
  const parts = own.split === 'folds' ? 'kfold' : own.split;
  if (parts !== split) found.push('split');
  else if (split !== 'given') found.push('draw');
  if (own.part === 'train' && own.split !== 'given') found.push('part');
  if (halfStars === true && own.wholeStars) found.push('stars');
  if (k !== null && own.k !== k) found.push('length');
  return found;
}
