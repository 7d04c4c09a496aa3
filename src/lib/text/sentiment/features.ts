import { stem } from '../terms.ts';
import { runs } from '../words.ts';
import { clauses, isNegation, NEGATED_WORDS } from './clauses.ts';

/**
 * Version of these rules together with TOKENIZER_VERSION: a model is of no use with other features than those it was
 * trained on, so its file names the version.
 */
export const SENTIMENT_FEATURES_VERSION = 1;

/** Longest group of neighbouring characters of an unspaced script. */
const MAX_GRAM = 3;

/**
 * What a text says, as the keys that a sentiment model weighs; each once, however often it stands there. Spaced
 * scripts: stems, pairs of neighbouring stems, and stems in the reach of a negation, marked. Unspaced scripts: single
 * characters and groups of two and three in a row, which hold the negations (不好, 不太好) and, unlike words by a
 * dictionary, are the same in every browser. Stop words stay: "not", "but" and "too" say a lot here.
 */
export function sentimentFeatures(text: string): Set<string> {
  const found = new Set<string>();
  for (const mark of ['!', '?', '！', '？'])
    if (text.includes(mark)) found.add(`mark:${mark.normalize('NFKC')}`);
  for (const clause of clauses(text)) addClause(clause, found);
  return found;
}

function addClause(clause: string, found: Set<string>): void {
  let before: string | null = null;
  let reach = 0;
  for (const run of runs(clause)) {
    if (run.unspaced) {
      addGrams(run.text, found);
      before = null;
      continue;
    }
    const base = stem(run.text);
    found.add(base);
    if (before !== null) found.add(`${before} ${base}`);
    if (reach > 0) found.add(`not:${base}`);
    reach = isNegation(run.text) ? NEGATED_WORDS : reach - 1;
    before = base;
  }
}

function addGrams(run: string, found: Set<string>): void {
  const characters = Array.from(run);
  for (let at = 0; at < characters.length; at++) {
    let gram = '';
    for (let length = 0; length < MAX_GRAM && at + length < characters.length; length++) {
      gram += characters[at + length] ?? '';
      found.add(gram);
    }
  }
}
