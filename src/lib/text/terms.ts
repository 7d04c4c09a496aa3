import { stemmer } from 'stemmer';
import { isStopWord } from './stop-words.ts';
import { bigrams, runs, segment } from './words.ts';

/** A feature of a text: the key under which it counts, and the word to show for it (null for a fragment). */
export interface Term {
  readonly key: string;
  readonly word: string | null;
}

const STEMMABLE = /^[a-z]{3,}$/;
const NUMBER = /^\p{N}+$/u;

/**
 * The terms of a text in order, repeats kept. Spaced scripts: words without stop words and bare numbers,
 * English stems as keys. Unspaced scripts: dictionary words without stop words, and every pair of neighbouring
 * characters between stop words, because the dictionary is weak on compounds (咖啡壶 also counts as 咖啡).
 */
export function terms(text: string): Term[] {
  const found: Term[] = [];
  for (const run of runs(text)) {
    if (run.unspaced) unspacedTerms(run.text, found);
    else if (!isStopWord(run.text) && !NUMBER.test(run.text)) {
      found.push({ key: stem(run.text), word: run.text });
    }
  }
  return found;
}

/** English stem (Porter) of a lower-case word; other words are their own stem. */
export function stem(word: string): string {
  const base = word.endsWith("'s") ? word.slice(0, -2) : word;
  return STEMMABLE.test(base) ? stemmer(base) : base;
}

function unspacedTerms(run: string, found: Term[]): void {
  let stretch: string[] = [];
  const flush = (): void => {
    const words = new Set(stretch);
    // A word of two characters is one of the pairs already.
    for (const word of stretch) if (Array.from(word).length !== 2) found.push({ key: word, word });
    const joined = stretch.join('');
    if (Array.from(joined).length > 1) {
      for (const pair of bigrams(joined)) found.push({ key: pair, word: words.has(pair) ? pair : null });
    }
    stretch = [];
  };
  for (const word of segment(run)) {
    if (isStopWord(word)) flush();
    else stretch.push(word);
  }
  flush();
}
