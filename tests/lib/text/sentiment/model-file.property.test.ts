import fc from 'fast-check';
import { expect, it } from 'vitest';
import { AppError } from '../../../../src/lib/errors.ts';
import {
  parseSentimentFile,
  Sentiment,
  writeSentimentFile,
  type LanguageSentiment,
} from '../../../../src/lib/text/sentiment/index.ts';

const number = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 });
const share = fc.double({ noNaN: true, min: 0, max: 1 });

const languageModel: fc.Arbitrary<LanguageSentiment> = fc
  .record({
    intercept: number,
    toneWeight: number,
    // the prototype's names too: none may be taken for a feature that is not there
    entries: fc.uniqueArray(
      fc.tuple(fc.oneof(fc.string({ maxLength: 100 }), fc.constantFrom('__proto__', 'constructor')), number),
      { selector: ([key]) => key, maxLength: 20 },
    ),
    texts: fc.nat(),
    method: fc.constantFrom('hold-out' as const, 'cross-validation' as const, 'leave-group-out' as const),
    seed: fc.nat(),
    judged: fc.integer({ min: 1, max: 1e6 }),
    shares: fc.tuple(share, share, share),
  })
  .map(({ intercept, toneWeight, entries, texts, method, seed, judged, shares }) => {
    const [low = 0, accuracy = 0, high = 0] = [...shares].sort((a, b) => a - b);
    return {
      ...{ intercept, toneWeight, texts },
      keys: entries.map(([key]) => key),
      weights: entries.map(([, weight]) => weight),
      measured: { method, seed, texts: judged, accuracy, low, high },
    };
  });

const file = fc.record({ en: languageModel, zh: languageModel }, { requiredKeys: [] });

it('comes back with every field, weights to four digits, and is then stable', () => {
  fc.assert(
    fc.property(file, (models) => {
      const read = parseSentimentFile(writeSentimentFile(models));
      expect(parseSentimentFile(writeSentimentFile(read))).toEqual(read);
      for (const language of ['en', 'zh'] as const) {
        const [before, after] = [models[language], read[language]];
        expect(after?.keys).toEqual(before?.keys);
        expect(after?.measured).toEqual(before?.measured);
        before?.weights.forEach((weight, at) =>
          expect(Math.abs((after?.weights[at] ?? NaN) - weight)).toBeLessThanOrEqual(Math.abs(weight) * 5e-4),
        );
      }
    }),
  );
});

it('judges any text by any model within −1 to 1', () => {
  fc.assert(
    fc.property(file, fc.oneof(fc.string(), fc.string({ unit: 'grapheme' })), (models, text) => {
      const judged = new Sentiment(models).of(text);
      expect(judged).toBeGreaterThanOrEqual(-1);
      expect(judged).toBeLessThanOrEqual(1);
    }),
  );
});

/** Every place in a value, as the keys that lead there. */
function paths(value: unknown, here: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [here];
  return [here, ...Object.entries(value).flatMap(([key, inner]) => paths(inner, [...here, key]))];
}

function withValue(value: unknown, [key, ...rest]: readonly string[], put: unknown): unknown {
  if (key === undefined) return put;
  const inner = (value as Record<string, unknown>)[key];
  const changed = withValue(inner, rest, put);
  if (Array.isArray(value))
    return (value as unknown[]).map((old, at) => (String(at) === key ? changed : old));
  return { ...(value as object), [key]: changed };
}

function read(text: string): 'read' | 'refused' {
  try {
    new Sentiment(parseSentimentFile(text)).of('It pours. 很好');
    return 'read';
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code: 'input-invalid' });
    return 'refused';
  }
}

it('refuses with a named error, never another, whatever stands in one place', () => {
  fc.assert(
    fc.property(
      fc.record({ en: languageModel }),
      fc.nat(),
      fc.oneof(fc.jsonValue(), fc.constantFrom(-1, 2, 1e308, '', [], {})),
      (models, place, put) => {
        const whole: unknown = JSON.parse(writeSentimentFile(models));
        const all = paths(whole);
        read(JSON.stringify(withValue(whole, all[place % all.length] ?? [], put)));
      },
    ),
    { numRuns: 500 },
  );
});

it('refuses any value of a wrong type in any place but an optional one', () => {
  fc.assert(
    fc.property(fc.record({ en: languageModel }), fc.nat(), (models, place) => {
      const whole: unknown = JSON.parse(writeSentimentFile(models));
      const all = paths(whole);
      expect(read(JSON.stringify(withValue(whole, all[place % all.length] ?? [], null)))).toBe('refused');
    }),
  );
});

it('refuses any text that is no such file, and one that is cut short', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(read(text)).toBe('refused');
    }),
  );
  fc.assert(
    fc.property(file, fc.double({ noNaN: true, min: 0, max: 0.999 }), (models, share) => {
      const text = writeSentimentFile(models).trimEnd();
      expect(read(text.slice(0, Math.floor(text.length * share)))).toBe('refused');
    }),
  );
});
