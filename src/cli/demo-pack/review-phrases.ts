import { ASPECTS } from './review-phrases/aspects.ts';
import { DEPARTMENTS } from './review-phrases/departments.ts';
import { CLOSERS, OPENERS } from './review-phrases/openers-and-closers.ts';
import { REVIEW_ASPECTS, type ReviewAspect, type ReviewPhrases } from './review-types.ts';

/** What is drunk, read or rubbed in has no workmanship, size or handling to speak of. */
const CONSUMED: readonly ReviewAspect[] = ['value', 'gift', 'delivery'];

/** What the simulated community's reviews are composed from, written by hand in both languages. */
export const REVIEW_PHRASES: ReviewPhrases = {
  openers: OPENERS,
  aspects: ASPECTS,
  fittingAspects: {
    kitchen: REVIEW_ASPECTS,
    'coffee-tea': CONSUMED,
    home: ['quality', 'value', 'size', 'looks', 'gift', 'delivery'],
    garden: [...CONSUMED, 'looks'],
    outdoor: ['quality', 'value', 'size', 'use', 'gift', 'delivery'],
    sports: ['quality', 'value', 'size', 'use', 'gift', 'delivery'],
    books: CONSUMED,
    music: ['quality', 'value', 'looks', 'gift', 'delivery'],
    art: ['quality', 'value', 'looks', 'use', 'gift', 'delivery'],
    desk: REVIEW_ASPECTS,
    fashion: ['quality', 'value', 'looks', 'gift', 'delivery'],
    beauty: CONSUMED,
    kids: ['quality', 'value', 'size', 'looks', 'gift', 'delivery'],
    pets: ['quality', 'value', 'looks', 'delivery'],
  },
  categories: DEPARTMENTS,
  closers: CLOSERS,
};
