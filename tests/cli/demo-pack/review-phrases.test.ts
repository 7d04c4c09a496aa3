import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../src/cli/demo-pack/catalogue/index.ts';
import type { CommunityItem, ReviewOccasion } from '../../../src/cli/demo-pack/community-item.ts';
import { REVIEW_PHRASES } from '../../../src/cli/demo-pack/review-phrases.ts';
import { REVIEW_ASPECTS, REVIEW_TONES, type Sentences } from '../../../src/cli/demo-pack/review-types.ts';
import { composeReviews } from '../../../src/cli/demo-pack/reviews.ts';
import { LANGUAGES, type ItemIndex, type Stars } from '../../../src/lib/types.ts';

const { openers, closers, aspects, categories, fittingAspects } = REVIEW_PHRASES;
const sets: [string, Sentences, number][] = [
  ['openers', openers, 12],
  ['closers', closers, 12],
  ...REVIEW_ASPECTS.map((aspect): [string, Sentences, number] => [aspect, aspects[aspect], 12]),
  ...Object.entries(categories).map(([key, own]): [string, Sentences, number] => [key, own, 6]),
];
const HAN = /\p{Script=Han}/u;

describe('review phrases', () => {
  it.each(sets)(
    '%s: enough sentences in every tone and language, whole and in their script',
    (_, set, least) => {
      for (const tone of REVIEW_TONES) {
        for (const sentence of set[tone].en) expect(sentence).toMatch(/^[A-Z][\x20-\x7eé]*[.?]$/);
        for (const sentence of set[tone].zh) {
          expect(sentence).toMatch(HAN);
          expect(sentence).toMatch(/。$/);
          expect(sentence).not.toMatch(/[\x20-\x7e]/);
        }
        for (const language of LANGUAGES) expect(set[tone][language].length).toBeGreaterThanOrEqual(least);
      }
    },
  );

  it('never says the same sentence twice', () => {
    for (const language of LANGUAGES) {
      const all = sets.flatMap(([, set]) => REVIEW_TONES.flatMap((tone) => set[tone][language]));
      expect(all.filter((sentence, index) => all.indexOf(sentence) !== index)).toEqual([]);
    }
  });

  it('speaks of every department, with aspects that fit it', () => {
    const keys = CATALOGUE.map(({ key }) => key).sort();
    expect(Object.keys(categories).sort()).toEqual(keys);
    expect(Object.keys(fittingAspects).sort()).toEqual(keys);
    for (const key of keys) expect(fittingAspects[key]?.length, key).toBeGreaterThanOrEqual(3);
  });

  it('gives fifteen thousand reviews of which hardly two are alike', () => {
    const items: CommunityItem[] = CATALOGUE.flatMap(({ key, products }) =>
      products.map((product) => ({ product, category: key })),
    );
    const occasions = Array.from({ length: 15_000 }, (_, index): ReviewOccasion => {
      const item = (index % items.length) as ItemIndex;
      return { item, stars: ((index % 5) + 1) as Stars, language: index % 3 === 0 ? 'zh' : 'en', day: index };
    });
    const texts = composeReviews(1, occasions, items, REVIEW_PHRASES).map(({ text }) => text);
    expect(texts).toHaveLength(15_000);
    expect(new Set(texts).size).toBeGreaterThan(0.97 * texts.length);
    // A tea is not said to be well put together, nor a novel too small.
    const unfit = aspects.size.negative.en.concat(aspects.quality.negative.en);
    const ofBooks = composeReviews(
      1,
      occasions.map((occasion) => ({ ...occasion, item: 180 as ItemIndex })),
      items,
      REVIEW_PHRASES,
    );
    expect(items[180]?.category).toBe('books');
    expect(ofBooks.filter(({ text }) => unfit.some((sentence) => text.includes(sentence)))).toEqual([]);
  });
});
