import { describe, expect, it } from 'vitest';
import {
  languageOf,
  lexiconScore,
  parseSentimentFile,
  Sentiment,
  writeSentimentFile,
  type SentimentFile,
} from '../../../../src/lib/text/sentiment/index.ts';

const measured = { method: 'hold-out', seed: 1, texts: 100, accuracy: 0.9, low: 0.82, high: 0.95 } as const;
const model: SentimentFile = {
  en: { intercept: 0.5, toneWeight: 2, keys: ['pour', 'drip'], weights: [1, -3], texts: 400, measured },
};

describe('Sentiment', () => {
  it('is tanh of half the log-odds of the trained model', () => {
    const sentiment = new Sentiment(model);
    // pours, drips: both known, no tone
    expect(sentiment.of('It pours and drips')).toBeCloseTo(Math.tanh((0.5 + (1 - 3) / Math.SQRT2) / 2));
    const tone = lexiconScore('Good, it pours');
    expect(sentiment.of('Good, it pours')).toBeCloseTo(Math.tanh((0.5 + 2 * tone + 1) / 2));
    expect(sentiment.method('en')).toEqual({ kind: 'trained', accuracy: 0.9 });
  });

  it('goes by word lists in a language without a model, and for words that the model does not know', () => {
    const sentiment = new Sentiment(model);
    expect(sentiment.of('很漂亮')).toBe(lexiconScore('很漂亮'));
    expect(sentiment.of('awful')).toBe(lexiconScore('awful'));
    expect(sentiment.method('zh')).toEqual({ kind: 'word-lists' });
  });
});

describe('the model’s file', () => {
  it('comes back as it was written, the accuracy with it', () => {
    expect(parseSentimentFile(writeSentimentFile(model))).toEqual(model);
    expect(writeSentimentFile(model)).toBe(writeSentimentFile(model));
  });

  interface Loose {
    tokenizer: unknown;
    features: unknown;
    languages: { en: { weights: unknown; measured: Record<string, unknown> } };
  }
  const broken = (change: (file: Loose) => void): string => {
    const file = JSON.parse(writeSentimentFile(model)) as Loose;
    change(file);
    return JSON.stringify(file);
  };

  it.each<[field: string, text: string]>([
    ['', '{'],
    ['format', '{}'],
    ['tokenizer', broken((file) => (file.tokenizer = 0))],
    ['features', broken((file) => (file.features = 99))],
    ['languages.en', broken(({ languages }) => (languages.en.weights = [1]))],
    ['languages.en.weights.0', broken(({ languages }) => (languages.en.weights = ['1', 2]))],
    ['languages.en.measured.accuracy', broken(({ languages }) => (languages.en.measured['accuracy'] = 2))],
  ])('is refused for its %s', (field, text) => {
    expect(() => parseSentimentFile(text)).toThrow(
      expect.objectContaining({
        code: 'input-invalid',
        values: expect.objectContaining({ field }) as object,
      }) as Error,
    );
  });
});

it('takes a text with one Chinese character for Chinese', () => {
  expect(languageOf('MP3 很好')).toBe('zh');
  expect(languageOf('Très bien')).toBe('en');
});
