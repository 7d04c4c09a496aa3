import {
  buildTextVectors,
  type SearchDocument,
  type TextDocument,
  type TextVectors,
} from '../../text/index.ts';
import { LANGUAGES, type Language, type LocalizedText } from '../../types.ts';
import type { RecommenderItem } from './types.ts';

/** How often a word of each part counts. A name says more than a sentence of the description. */
const WEIGHT = { name: 3, attributes: 1, description: 1, category: 3, brand: 2 } as const;

/** Text vectors of a catalogue: the words of every language, with brand and category as labels. */
export function itemVectors(items: readonly RecommenderItem[]): TextVectors {
  return buildTextVectors(items.map(textDocument));
}

/** What the search indexes of an item. */
export function searchDocument(item: RecommenderItem): SearchDocument {
  const attributes: Partial<Record<Language, string>> = {};
  for (const language of LANGUAGES) {
    attributes[language] = item.attributes.map(({ value }) => value[language] ?? '').join('\n');
  }
  const { name, brand, category, description, popularity } = item;
  return { name, brand, category, description, attributes, popularity };
}

function textDocument(item: RecommenderItem): TextDocument {
  const of = (text: LocalizedText, weight: number): TextDocument['fields'] =>
    LANGUAGES.map((language) => ({ text: text[language] ?? '', weight }));
  return {
    fields: [
      ...of(item.name, WEIGHT.name),
      ...of(item.description, WEIGHT.description),
      ...item.attributes.flatMap(({ value }) => of(value, WEIGHT.attributes)),
    ],
    labels: [
      { key: `category:${item.category}`, word: null, weight: WEIGHT.category },
      ...(item.brand === '' ? [] : [{ key: `brand:${item.brand}`, word: item.brand, weight: WEIGHT.brand }]),
    ],
  };
}
