import type { Stars } from '../../types.ts';
import type { RatingScale } from '../types.ts';

/** Scales that people rate on, narrow ones first. */
const USUAL: readonly RatingScale[] = [
  { min: 1, max: 5 },
  { min: 0.5, max: 5 },
  { min: 0, max: 1 },
  { min: 0, max: 2 },
  { min: 0, max: 5 },
  { min: 1, max: 10 },
  { min: 0, max: 10 },
  { min: 0, max: 100 },
  { min: -10, max: 10 },
];

/** The usual scale that holds the ratings seen; their own range where none does. */
export function scaleOf({ min, max }: RatingScale): RatingScale {
  return USUAL.find((scale) => scale.min <= min && max <= scale.max) ?? { min, max };
}

/**
 * Stars for a rating: the scale laid on 1 to 5, halves rounded up. Of MovieLens' half steps 0.5 and 1 become 1, 1.5
 * and 2 become 2, and so on.
 */
export function starsOf(rating: number, { min, max }: RatingScale): Stars {
  const share = max > min ? (rating - min) / (max - min) : 1;
  return Math.min(5, Math.max(1, Math.floor(1 + 4 * share + 0.5))) as Stars;
}
