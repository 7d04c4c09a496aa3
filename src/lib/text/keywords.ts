import type { Language } from '../types.ts';
import type { TextVectors } from './vectors.ts';

const CHINESE_WORD = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;

/**
 * The words of a document that weigh most in its product with a dense vector of `terms` entries, the strongest
 * first (ties by feature number), at most `limit` a language. Chinese words go to `zh`, all others to `en`; a
 * Chinese character alone is often only half a word, so it comes after the longer ones.
 */
export function sharedKeywords(
  vectors: TextVectors,
  row: number,
  dense: Float64Array,
  limit: number,
): Record<Language, string[]> {
  const found: { readonly word: string; readonly weight: number }[] = [];
  const end = vectors.indptr[row + 1] ?? 0;
  for (let at = vectors.indptr[row] ?? 0; at < end; at++) {
    const feature = vectors.indices[at] ?? 0;
    const word = vectors.words[feature] ?? null;
    const weight = (vectors.data[at] ?? 0) * (dense[feature] ?? 0);
    if (word !== null && weight > 0) found.push({ word, weight });
  }
  found.sort((a, b) => Number(isHalf(a.word)) - Number(isHalf(b.word)) || b.weight - a.weight);
  const shared: Record<Language, string[]> = { en: [], zh: [] };
  for (const { word } of found) {
    const list = shared[CHINESE_WORD.test(word) ? 'zh' : 'en'];
    if (list.length < limit) list.push(word);
  }
  return shared;
}

function isHalf(word: string): boolean {
  return CHINESE_WORD.test(word) && Array.from(word).length === 1;
}
