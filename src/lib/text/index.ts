/** The door to text handling: segmentation, terms, vectors, keywords and search, in English and Chinese. */
export { hashedTextVectors } from './hashed.ts';
export { sharedKeywords } from './keywords.ts';
export { buildSearchIndex, MAX_QUERY_CHARACTERS, type SearchDocument, type SearchIndex } from './search.ts';
export { chiSquared, greatest, mutualInformation, type FeatureCounts } from './select-features.ts';
export { stem, terms, type Term } from './terms.ts';
export {
  addRow,
  buildTextVectors,
  dotRow,
  rowCosine,
  rowCosines,
  type TextDocument,
  type TextVectors,
} from './vectors.ts';
export { TOKENIZER_VERSION } from './words.ts';
