// Named imports: the bundler keeps these two of the 57 lists (17 kB of 207 kB).
import { en, zh } from 'stopwords-iso/stopwords-iso.json';

/** English entries of the list that name things a shop sells; here they carry meaning. */
const SHOP_WORDS = new Set(
  'computer face fire keys mill novel ring rings room rooms shed line lines page pages copy thick thin'.split(
    ' ',
  ),
);

const STOP_WORDS: ReadonlySet<string> = new Set([...en.filter((word) => !SHOP_WORDS.has(word)), ...zh]);

/** Whether a lower-case word says nothing about a product, in English or Chinese (stopwords-iso 1.1). */
export function isStopWord(word: string): boolean {
  return STOP_WORDS.has(word);
}
