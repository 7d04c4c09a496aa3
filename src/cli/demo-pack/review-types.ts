import type { Language } from '../../lib/types.ts';

/** What a shopper can write about; 'gift' and 'delivery' fit any product. */
export const REVIEW_ASPECTS = ['quality', 'value', 'size', 'looks', 'use', 'gift', 'delivery'] as const;
export type ReviewAspect = (typeof REVIEW_ASPECTS)[number];

/** 4–5 stars sound positive, 3 mixed, 1–2 negative. */
export const REVIEW_TONES = ['positive', 'mixed', 'negative'] as const;
export type ReviewTone = (typeof REVIEW_TONES)[number];

/** Whole sentences with their full stop, by tone and language. `{product}` stands for the product's name. */
export type Sentences = Readonly<Record<ReviewTone, Readonly<Record<Language, readonly string[]>>>>;

/** The material that the simulated community's reviews are composed from: an opener, then one to three more. */
export interface ReviewPhrases {
  /** First sentences for any product. */
  readonly openers: Sentences;
  readonly aspects: Readonly<Record<ReviewAspect, Sentences>>;
  /** The aspects that a category's reviews may speak of, by its key: nobody measures a tea or wears out a novel. */
  readonly fittingAspects: Readonly<Record<string, readonly ReviewAspect[]>>;
  /** Sentences for the products of one category, by its key: its own words and uses. */
  readonly categories: Readonly<Record<string, Sentences>>;
  /** Last sentences for any product: a verdict. */
  readonly closers: Sentences;
}
