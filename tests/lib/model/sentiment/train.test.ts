import { describe, expect, it } from 'vitest';
import {
  crossValidatedAccuracy,
  holdOutAccuracy,
  unseenGroupAccuracies,
  wordListAccuracy,
} from '../../../../src/lib/model/sentiment/evaluate.ts';
import { labelledFeatures, type LabelledText } from '../../../../src/lib/model/sentiment/labelled-texts.ts';
import { sentimentScores, trainSentiment } from '../../../../src/lib/model/sentiment/train.ts';
import { Random } from '../../../../src/lib/model/matrix/random.ts';
import { Sentiment } from '../../../../src/lib/text/sentiment/index.ts';

/** Words that no list knows; the first two tell the label in nine of ten texts. */
const FILLER = ['zorp', 'quell', 'brint', 'mave', 'tosk', 'lunt', 'prag', 'vim'];

function planted(count: number, seed: number): LabelledText[] {
  const random = new Random(seed);
  return Array.from({ length: count }, (_, at) => {
    const positive = at % 2 === 0;
    const telling = random.uniform() < 0.9 === positive ? 'glim' : 'drod';
    const words = [telling, ...Array.from({ length: 5 }, () => FILLER[random.below(FILLER.length)]!)];
    return { text: random.shuffle(words).join(' '), positive, group: ['a', 'b', 'c'][at % 3]! };
  });
}

const texts = planted(600, 1);
const table = labelledFeatures(texts);
const all = texts.map((_, row) => row);

describe('trainSentiment', () => {
  it('gives the telling words their sign, and the same model again', async () => {
    const { features, weights, converged } = await trainSentiment(table, all);
    const weightOf = (key: string): number => weights[features.indexOf(table.keys.indexOf(key))] ?? 0;
    expect(weightOf('glim')).toBeGreaterThan(0.5);
    expect(weightOf('drod')).toBeLessThan(-0.5);
    for (const word of FILLER) expect(Math.abs(weightOf(word))).toBeLessThan(weightOf('glim') / 2);
    expect(converged).toBe(true);
    expect((await trainSentiment(table, all)).weights).toEqual(weights);
  });

  it('keeps the features of greatest chi-squared, of texts enough', async () => {
    const { features } = await trainSentiment(table, all, { features: 2 });
    expect(Array.from(features, (feature) => table.keys[feature]).sort()).toEqual(['drod', 'glim']);
    expect((await trainSentiment(table, all, { minTexts: 601 })).features).toHaveLength(0);
  });

  it('scores as the page does with the model’s file', async () => {
    const { intercept, toneWeight, features, weights } = await trainSentiment(table, all, { features: 20 });
    const measured = { method: 'hold-out', seed: 1, texts: 1, accuracy: 1, low: 0, high: 1 } as const;
    const sentiment = new Sentiment({
      en: {
        ...{ intercept, toneWeight, texts: 600, measured, weights: [...weights] },
        keys: Array.from(features, (feature) => table.keys[feature]!),
      },
    });
    const scores = sentimentScores(
      { intercept, toneWeight, features, weights, iterations: 0, converged: true },
      table,
      all,
    );
    texts.forEach(({ text }, row) => expect(sentiment.of(text)).toBeCloseTo(Math.tanh(scores[row]! / 2), 10));
  });

  it('refuses a hyper-parameter that is not one', async () => {
    await expect(trainSentiment(table, all, { features: 0 })).rejects.toThrow(/features must be/);
  });
});

describe('accuracies', () => {
  it('come near what the planted words allow, and never near what they do not', async () => {
    for (const { accuracy } of [
      await holdOutAccuracy(table, 0.2, 1),
      await crossValidatedAccuracy(table, 5, 1),
      ...(await unseenGroupAccuracies(table)).map(({ result }) => result),
    ]) {
      expect(accuracy.mean).toBeGreaterThan(0.82);
      expect(accuracy.mean).toBeLessThan(0.97);
    }
  });

  it('judge every text once in folds, and each group apart', async () => {
    expect((await crossValidatedAccuracy(table, 5, 1)).texts).toBe(600);
    expect((await unseenGroupAccuracies(table)).map(({ group, result }) => [group, result.texts])).toEqual([
      ['a', 200],
      ['b', 200],
      ['c', 200],
    ]);
  });

  it('are a coin’s toss where the labels say nothing', async () => {
    const random = new Random(5);
    const noise = labelledFeatures(texts.map((text) => ({ ...text, positive: random.uniform() < 0.5 })));
    expect(Math.abs((await crossValidatedAccuracy(noise, 5, 1)).accuracy.mean - 0.5)).toBeLessThan(0.1);
    // no list knows a word of these
    expect(wordListAccuracy(table).accuracy.mean).toBe(0.5);
  });

  it('need texts of both labels', async () => {
    expect(() => labelledFeatures(texts.map((text) => ({ ...text, positive: true })))).toThrow(/negative/);
    expect(() => labelledFeatures([])).toThrow(/not one/);
    const parted = labelledFeatures(texts.map((text) => ({ ...text, group: String(text.positive) })));
    await expect(unseenGroupAccuracies(parted)).rejects.toThrow(/both labels/);
  });
});
