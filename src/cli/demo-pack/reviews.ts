import type { Language, Review, Stars } from '../../lib/types.ts';
import type { CommunityItem, ReviewOccasion } from './community-item.ts';
import { Random } from './random.ts';
import {
  REVIEW_ASPECTS,
  type ReviewAspect,
  type ReviewPhrases,
  type ReviewTone,
  type Sentences,
} from './review-types.ts';

/** Far from the streams of the community's simulation. */
const STREAM = 8;

/** Aspects that stars speak of: how a thing was delivered says little about it, so it comes up less often. */
const ASPECTS: readonly ReviewAspect[] = [
  ...REVIEW_ASPECTS.filter((aspect) => aspect !== 'delivery' && aspect !== 'gift'),
  ...REVIEW_ASPECTS,
];

/** Shares of reviews that begin with an opener, speak of the category, and end with a verdict. */
const OPENER_SHARE = 0.65;
const CATEGORY_SHARE = 0.7;
const CLOSER_SHARE = 0.45;
/** Share of aspect sentences in a neighbouring tone: people praise one thing and fault another. */
const OTHER_TONE_SHARE = 0.12;
/** Attempts at a text that the item does not have yet. */
const ATTEMPTS = 12;

/**
 * Writes the community's reviews: an opener, one to three sentences about the category or an aspect, a verdict;
 * their tone mostly follows the stars. The same seed, occasions and phrases give the same texts, ordered by item,
 * newest first. Throws RangeError where the phrases lack a category.
 */
export function composeReviews(
  seed: number,
  occasions: readonly ReviewOccasion[],
  items: readonly CommunityItem[],
  phrases: ReviewPhrases,
): readonly Review[] {
  const random = new Random(seed, STREAM);
  const texts = items.map(() => new Set<string>());
  const reviews = occasions.map((occasion): Review => {
    const item = items[occasion.item];
    const known = texts[occasion.item];
    if (item === undefined || known === undefined) throw new RangeError(`No item ${occasion.item}.`);
    let text = composeText(random, occasion, item, phrases);
    for (let attempt = 1; known.has(text) && attempt < ATTEMPTS; attempt++) {
      text = composeText(random, occasion, item, phrases);
    }
    known.add(text);
    return { ...occasion, text };
  });
  return reviews.sort((a, b) => a.item - b.item || b.day - a.day);
}

/** The tone of a rating: 4 and 5 stars positive, 3 mixed, 1 and 2 negative. */
export function toneOf(stars: Stars): ReviewTone {
  return stars >= 4 ? 'positive' : stars === 3 ? 'mixed' : 'negative';
}

function composeText(
  random: Random,
  { stars, language }: ReviewOccasion,
  { product, category }: CommunityItem,
  phrases: ReviewPhrases,
): string {
  const tone = toneOf(stars);
  const ofCategory = phrases.categories[category];
  const fitting = phrases.fittingAspects[category];
  if (ofCategory === undefined || fitting === undefined) {
    throw new RangeError(`No review phrases for the category ${category}.`);
  }
  const sentences = new Set<string>();
  if (random.chance(OPENER_SHARE)) sentences.add(pick(random, phrases.openers, tone, language));
  if (random.chance(CATEGORY_SHARE)) sentences.add(pick(random, ofCategory, tone, language));
  const weighted = random.shuffled(ASPECTS.filter((aspect) => fitting.includes(aspect)));
  const aspects = [...new Set(weighted)].slice(0, random.whole(1, 2));
  for (const aspect of aspects) {
    const spoken = random.chance(OTHER_TONE_SHARE) ? neighbour(random, tone) : tone;
    sentences.add(pick(random, phrases.aspects[aspect], spoken, language));
  }
  if (random.chance(CLOSER_SHARE)) sentences.add(pick(random, phrases.closers, tone, language));
  return [...sentences].join(language === 'en' ? ' ' : '').replaceAll('{product}', product.name[language]);
}

function pick(random: Random, sentences: Sentences, tone: ReviewTone, language: Language): string {
  return random.pick(sentences[tone][language]);
}

function neighbour(random: Random, tone: ReviewTone): ReviewTone {
  if (tone !== 'mixed') return 'mixed';
  return random.chance(0.5) ? 'positive' : 'negative';
}
