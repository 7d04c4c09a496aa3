import type { PackContent } from '../../lib/pack/write.ts';
import type { Item, ItemId, ItemIndex, PackId } from '../../lib/types.ts';
import { ART_LICENCE, fluentEmoji } from '../art.ts';
import { itemStatistics } from '../../lib/model/index.ts';
import { CATALOGUE } from './catalogue/index.ts';
import type { CatalogueAttribute } from './catalogue/types.ts';
import type { CommunityItem } from './community-item.ts';
import { simulateCommunity } from './community.ts';
import { REVIEW_PHRASES } from './review-phrases.ts';
import { composeReviews } from './reviews.ts';

/** Seed of the pack that ships with the app. */
export const DEMO_SEED = 1;

/** The catalogue's products in the order of the pack's rows. */
export function demoItems(): readonly CommunityItem[] {
  return CATALOGUE.flatMap((category) =>
    category.products.map((product) => ({ product, category: category.key })),
  );
}

/** The demo pack: the hand-written catalogue with a community simulated from the seed. */
export function demoPackContent(seed: number = DEMO_SEED): PackContent {
  const items = demoItems();
  const { interactions, reviewOccasions } = simulateCommunity(seed, items);
  const statistics = itemStatistics(interactions);
  const categories = CATALOGUE.map(({ key, name, art }) => ({ key, name, art }));
  return {
    about: {
      id: 'demo' as PackId,
      name: { en: 'Fairshelf demo shop', zh: 'Fairshelf 示例商店' },
      description: {
        en: 'A catalogue written for this shop. Its community is simulated by a program: nobody shopped here.',
        zh: '专为本店编写的商品目录。顾客行为由程序模拟，没有真人在此购物。',
      },
      simulated: true,
      languages: ['en', 'zh'],
      licence: `Catalogue and simulated community: MIT. ${ART_LICENCE}`,
      source: {
        en: `Simulated with seed ${seed}; the model is described in docs/demo-pack.md.`,
        zh: `由程序模拟（种子 ${seed}），模型说明见 docs/demo-pack.md。`,
      },
      currency: 'USD',
      categories,
    },
    items: items.map(({ product, category }, index): Item => {
      const { popularity, ratingCounts } = statistics[index] ?? {
        popularity: 0,
        ratingCounts: [0, 0, 0, 0, 0],
      };
      return {
        index: index as ItemIndex,
        id: product.id as ItemId,
        name: product.name,
        brand: product.brand,
        category,
        price: product.price,
        description: product.description,
        attributes: product.attributes.map(toAttribute),
        art: product.art,
        popularity,
        ratingCounts,
      };
    }),
    art: fluentEmoji([...categories.map(({ art }) => art), ...items.map(({ product }) => product.art)]),
    interactions,
    reviews: composeReviews(seed, reviewOccasions, items, REVIEW_PHRASES),
  };
}

function toAttribute([nameEn, valueEn, nameZh, valueZh]: CatalogueAttribute): Item['attributes'][number] {
  return { name: { en: nameEn, zh: nameZh }, value: { en: valueEn, zh: valueZh } };
}
