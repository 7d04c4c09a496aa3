import { describe, expect, it } from 'vitest';
import { simulateCommunity } from '../../../src/cli/demo-pack/community.ts';
import { DEMO_SEED, demoItems } from '../../../src/cli/demo-pack/demo-pack.ts';
import { REVIEW_PHRASES } from '../../../src/cli/demo-pack/review-phrases.ts';
import { REVIEW_TONES, type ReviewTone } from '../../../src/cli/demo-pack/review-types.ts';
import { composeReviews, toneOf } from '../../../src/cli/demo-pack/reviews.ts';
import type { Language } from '../../../src/lib/types.ts';

const items = demoItems();
const { reviewOccasions } = simulateCommunity(DEMO_SEED, items);
const reviews = composeReviews(DEMO_SEED, reviewOccasions, items, REVIEW_PHRASES);

describe('composed reviews', () => {
  it('are one for each occasion, in its language, by item and newest first', () => {
    expect(reviews).toHaveLength(reviewOccasions.length);
    const byLanguage = { en: 0, zh: 0 };
    const wrong = reviews.filter((review, n) => {
      byLanguage[review.language] += 1;
      const before = reviews[n - 1];
      const inOrder =
        before === undefined ||
        review.item > before.item ||
        (review.item === before.item && review.day <= before.day);
      const inLanguage = /\p{Script=Han}/u.test(review.text) === (review.language === 'zh');
      return !inOrder || !inLanguage || review.text.includes('{') || !/[.!?。！？]$/u.test(review.text);
    });
    expect(wrong).toEqual([]);
    expect(byLanguage.zh / reviews.length).toBeCloseTo(0.4, 1);
  });

  it('differ: hardly a text comes twice, and no item has one twice', () => {
    expect(new Set(reviews.map((review) => review.text)).size / reviews.length).toBeGreaterThan(0.95);
    const ofItem = new Set(reviews.map((review) => `${review.item} ${review.text}`));
    expect(ofItem.size).toBe(reviews.length);
  });

  it('mostly sound as their stars do', () => {
    // Openers only: a sentence that opens reviews of another tone, and none of this one, is out of place.
    const openersOf = (tone: ReviewTone, language: Language) => REVIEW_PHRASES.openers[tone][language];
    const misplaced = reviews.filter(({ stars, language, text }) => {
      const own = openersOf(toneOf(stars), language);
      return REVIEW_TONES.filter((tone) => tone !== toneOf(stars))
        .flatMap((tone) => openersOf(tone, language))
        .some((opener) => !own.includes(opener) && text.startsWith(opener));
    });
    expect(misplaced).toEqual([]);
    expect([1, 2, 3, 4, 5].map((stars) => toneOf(stars as 1 | 2 | 3 | 4 | 5))).toEqual([
      'negative',
      'negative',
      'mixed',
      'positive',
      'positive',
    ]);
  });

  it('refuse a category without phrases', () => {
    const elsewhere = items.map((item) => ({ ...item, category: 'elsewhere' }));
    expect(() => composeReviews(1, reviewOccasions, elsewhere, REVIEW_PHRASES)).toThrow(RangeError);
  });
});
