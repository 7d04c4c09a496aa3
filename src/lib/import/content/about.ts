import type { LocalizedText } from '../../types.ts';
import type { Dataset } from '../recognise/signatures.ts';

/** What a pack says about where its data comes from. */
export interface About {
  /** Begins the pack's key. */
  readonly key: string;
  readonly name: LocalizedText;
  readonly description: LocalizedText;
  readonly licence: string;
  readonly source: LocalizedText;
}

const GROUPLENS = {
  description: {
    en: 'Films, rated by volunteers of the MovieLens site.',
    zh: 'MovieLens 网站志愿者评分的电影。',
  },
  licence: 'Data: MovieLens usage licence of GroupLens (research; no redistribution without permission).',
  source: { en: 'GroupLens, University of Minnesota: grouplens.org/datasets/movielens' },
};
/** Exports of a shop are the shop's. */
const OWN = { licence: 'All rights reserved by the shop.', source: {} };

export const ABOUT: Readonly<Record<Dataset | 'mapped', About>> = {
  'movielens-100k': {
    key: 'movielens-100k',
    name: { en: 'MovieLens 100K', zh: 'MovieLens 100K 电影' },
    ...GROUPLENS,
  },
  'movielens-1m': {
    key: 'movielens-1m',
    name: { en: 'MovieLens 1M', zh: 'MovieLens 1M 电影' },
    ...GROUPLENS,
  },
  'movielens-10m': {
    key: 'movielens-10m',
    name: { en: 'MovieLens 10M', zh: 'MovieLens 10M 电影' },
    ...GROUPLENS,
  },
  movielens: { key: 'movielens', name: { en: 'MovieLens', zh: 'MovieLens 电影' }, ...GROUPLENS },
  movietweetings: {
    key: 'movietweetings',
    name: { en: 'MovieTweetings', zh: 'MovieTweetings 电影' },
    description: { en: 'Films, rated in tweets.', zh: '推文中的电影评分。' },
    licence: 'Data: MIT, Simon Dooms.',
    source: { en: 'github.com/sidooms/MovieTweetings' },
  },
  lightgcn: {
    key: 'interactions',
    name: { en: 'Interactions', zh: '交互数据' },
    description: {
      en: 'Users and items by number alone, in the format of LightGCN.',
      zh: '只有编号的用户与物品，LightGCN 格式。',
    },
    licence: 'Data: see where it comes from.',
    source: {},
  },
  goodbooks: {
    key: 'goodbooks',
    name: { en: 'Goodbooks', zh: 'Goodbooks 图书' },
    description: { en: 'Books, rated by readers of Goodreads.', zh: 'Goodreads 读者评分的图书。' },
    licence: 'Data: CC BY-SA 4.0, Zygmunt Zając.',
    source: { en: 'Goodbooks-10k: github.com/zygmuntz/goodbooks-10k' },
  },
  'amazon-reviews': {
    key: 'amazon-reviews',
    name: { en: 'Amazon reviews', zh: '亚马逊评论' },
    description: { en: 'Products and what buyers wrote about them.', zh: '商品及买家评论。' },
    licence: 'Data: Julian McAuley, UCSD; for research.',
    source: { en: 'Amazon product data: cseweb.ucsd.edu/~jmcauley/datasets.html' },
  },
  'online-retail': {
    key: 'online-retail',
    name: { en: 'Online Retail', zh: 'Online Retail 礼品店' },
    description: {
      en: 'A year of orders of a British gift shop, December 2010 to December 2011.',
      zh: '一家英国礼品店 2010 年 12 月至 2011 年 12 月的订单。',
    },
    licence: 'Data: CC BY 4.0, Daqing Chen, UCI Machine Learning Repository.',
    source: { en: 'Online Retail, UCI Machine Learning Repository, doi.org/10.24432/C5BW33' },
  },
  yelp: {
    key: 'yelp',
    name: { en: 'Yelp', zh: 'Yelp 点评' },
    description: { en: 'Businesses and reviews of them.', zh: '商家及其点评。' },
    licence: 'Data: Yelp Dataset Terms of Use.',
    source: { en: 'Yelp Open Dataset: yelp.com/dataset' },
  },
  restaurants: {
    key: 'restaurants',
    name: { en: 'Restaurants', zh: '餐馆' },
    description: {
      en: 'Restaurants in Mexico and what guests thought of them.',
      zh: '墨西哥的餐馆与顾客评分。',
    },
    licence: 'Data: CC BY 4.0, UCI Machine Learning Repository.',
    source: { en: 'Restaurant & consumer data, UCI Machine Learning Repository, doi.org/10.24432/C5DP41' },
  },
  'womens-clothing': {
    key: 'womens-clothing',
    name: { en: 'Women’s clothing', zh: '女装' },
    description: { en: 'Reviews of a women’s clothing shop.', zh: '一家女装店的评论。' },
    licence: 'Data: CC0.',
    source: { en: 'Women’s E-Commerce Clothing Reviews' },
  },
  'labelled-texts': {
    key: 'labelled-texts',
    name: { en: 'Labelled reviews', zh: '带标签的评论' },
    description: { en: 'Texts that somebody called good or bad.', zh: '标为好评或差评的文本。' },
    licence: 'Data: see where it comes from.',
    source: {},
  },
  shopify: { key: 'shop', name: { en: 'Shop', zh: '商店' }, description: {}, ...OWN },
  woocommerce: { key: 'shop', name: { en: 'Shop', zh: '商店' }, description: {}, ...OWN },
  magento: { key: 'shop', name: { en: 'Shop', zh: '商店' }, description: {}, ...OWN },
  mapped: { key: 'shop', name: { en: 'Shop', zh: '商店' }, description: {}, ...OWN },
};

/** What a pack says of a mapping's data set; one that nobody knows is a shop of its own. */
export function aboutOf(dataset: string): About {
  return Object.hasOwn(ABOUT, dataset) ? ABOUT[dataset as Dataset] : ABOUT.mapped;
}
