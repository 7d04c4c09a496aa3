import {
  buildTextVectors,
  type SearchDocument,
  type TextDocument,
  type VocabularyVectors,
} from '../../text/index.ts';
import { LANGUAGES, type Language, type LocalizedText } from '../../types.ts';
import type { ItemTexts, RecommenderItem } from './types.ts';

/** How often a word of each part counts. A name says more than a sentence of the description. */
const WEIGHT = { name: 3, attributes: 1, description: 1, category: 3, brand: 2 } as const;

/** Text vectors of a catalogue: the words of every language, with brand and category as labels. */
export function itemVectors(items: readonly RecommenderItem[]): VocabularyVectors {
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

/** An item of another shop, to be compared with this one's: its category is none of ours. */
export function foreignDocument(item: ItemTexts): TextDocument {
  return { fields: fieldsOf(item), labels: brandLabel(item) };
}

function textDocument(item: RecommenderItem): TextDocument {
  return {
    fields: fieldsOf(item),
    labels: [{ key: `category:${item.category}`, word: null, weight: WEIGHT.category }, ...brandLabel(item)],
  };
}

function fieldsOf(item: ItemTexts): TextDocument['fields'] {
  const of = (text: LocalizedText, weight: number): TextDocument['fields'] =>
    LANGUAGES.map((language) => ({ text: text[language] ?? '', weight }));
  return [
    ...of(item.name, WEIGHT.name),
    ...of(item.description, WEIGHT.description),
    ...item.attributes.flatMap(({ value }) => of(value, WEIGHT.attributes)),
  ];
}

function brandLabel({ brand }: ItemTexts): TextDocument['labels'] {
  return brand === '' ? [] : [{ key: `brand:${brand}`, word: brand, weight: WEIGHT.brand }];
}
