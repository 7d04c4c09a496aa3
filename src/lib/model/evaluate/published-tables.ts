import type { PublishedRow, PublishedTable } from './published.ts';

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
