import { sentimentFeatures } from './features.ts';
import { lexiconScore } from './lexicon.ts';
import { languageOf, type LanguageSentiment, type SentimentFile } from './model-file.ts';
import type { Language } from '../../types.ts';

/** What a judgement rests on: word lists, or a trained model that was right in that share of other texts. */
export type SentimentMethod =
  { readonly kind: 'word-lists' } | { readonly kind: 'trained'; readonly accuracy: number };

interface Judge {
  readonly model: LanguageSentiment;
  readonly weightOf: ReadonlyMap<string, number>;
}

/** Judges texts: by a trained model where the text's language has one, else by word lists. */
export class Sentiment {
  readonly #judges: Readonly<Partial<Record<Language, Judge>>>;

  constructor(models: SentimentFile) {
    this.#judges = Object.fromEntries(
      Object.entries(models).map(([language, model]) => [
        language,
        { model, weightOf: new Map(model.keys.map((key, at) => [key, model.weights[at] ?? 0])) },
      ]),
    );
  }

  method(language: Language): SentimentMethod {
    const judge = this.#judges[language];
    return judge === undefined
      ? { kind: 'word-lists' }
      : { kind: 'trained', accuracy: judge.model.measured.accuracy };
  }

  /**
   * How positive a text is, from −1 to 1. Of a trained model 2 P(positive) − 1 = tanh(log-odds / 2); 0 for a text of
   * which the model or the lists know nothing.
   */
  of(text: string): number {
    const tone = lexiconScore(text);
    const judge = this.#judges[languageOf(text)];
    if (judge === undefined) return tone;
    let [sum, known] = [0, 0];
    for (const key of sentimentFeatures(text)) {
      const weight = judge.weightOf.get(key);
      if (weight === undefined) continue;
      sum += weight;
      known++;
    }
    if (known === 0) return tone;
    const { intercept, toneWeight } = judge.model;
    return Math.tanh((intercept + toneWeight * tone + sum / Math.sqrt(known)) / 2);
  }
}
