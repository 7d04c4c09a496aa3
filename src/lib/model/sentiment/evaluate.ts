import { AppError } from '../../errors.ts';
import type { Hyperparameters } from '../../types.ts';
import { wilsonInterval, type Interval } from '../evaluate/statistics.ts';
import { Random } from '../matrix/random.ts';
import type { LabelledFeatures } from './labelled-texts.ts';
import { sentimentScores, trainSentiment } from './train.ts';

/** How often a model was right about texts it was not trained on. */
export interface SentimentAccuracy {
  /** Texts judged. */
  readonly texts: number;
  readonly right: number;
  /** With the 95% interval. */
  readonly accuracy: Interval;
}

export interface EvaluateSentimentOptions {
  readonly hyperparameters?: Hyperparameters;
  readonly signal?: AbortSignal;
}

interface Part {
  readonly train: readonly number[];
  readonly test: readonly number[];
}

/** Trains without a random `share` of the texts and judges those. Throws `not-enough-data`. */
export function holdOutAccuracy(
  table: LabelledFeatures,
  share: number,
  seed: number,
  options: EvaluateSentimentOptions = {},
): Promise<SentimentAccuracy> {
  const order = shuffled(table, seed);
  const cut = Math.floor(order.length * share);
  return judge(table, [{ test: order.slice(0, cut), train: order.slice(cut) }], options);
}

/** Judges each of `folds` random parts by a model of the others. Throws `not-enough-data`. */
export function crossValidatedAccuracy(
  table: LabelledFeatures,
  folds: number,
  seed: number,
  options: EvaluateSentimentOptions = {},
): Promise<SentimentAccuracy> {
  const order = shuffled(table, seed);
  const parts = Array.from({ length: folds }, (_, fold): Part => {
    return {
      test: order.filter((_row, at) => at % folds === fold),
      train: order.filter((_row, at) => at % folds !== fold),
    };
  });
  return judge(table, parts, options);
}

/** Judges each group by a model that has seen none of it, in the groups' order. Throws `not-enough-data`. */
export async function unseenGroupAccuracies(
  table: LabelledFeatures,
  options: EvaluateSentimentOptions = {},
): Promise<{ readonly group: string; readonly result: SentimentAccuracy }[]> {
  const rows = Array.from({ length: table.rows }, (_, row) => row);
  const results: { group: string; result: SentimentAccuracy }[] = [];
  for (const group of new Set(table.groups)) {
    const part = {
      test: rows.filter((row) => table.groups[row] === group),
      train: rows.filter((row) => table.groups[row] !== group),
    };
    results.push({ group, result: await judge(table, [part], options) });
  }
  return results;
}

/** The same texts by word lists alone; one without a word of theirs is a coin's toss and counts half. */
export function wordListAccuracy({ rows, tones, labels }: LabelledFeatures): SentimentAccuracy {
  let right = 0;
  tones.forEach((tone, row) => (right += tone === 0 ? 0.5 : Number(tone > 0 === (labels[row] === 1))));
  return { texts: rows, right, accuracy: wilsonInterval(right, rows) };
}

async function judge(
  table: LabelledFeatures,
  parts: readonly Part[],
  { hyperparameters, signal }: EvaluateSentimentOptions,
): Promise<SentimentAccuracy> {
  let [right, texts] = [0, 0];
  for (const { train, test } of parts) {
    const positives = train.filter((row) => table.labels[row] === 1).length;
    if (test.length === 0 || positives === 0 || positives === train.length) {
      throw new AppError('not-enough-data', 'A part to train on or to judge lacks texts of both labels.', {
        values: { train: train.length, positives, test: test.length },
        remedy: 'Give more labelled texts.',
      });
    }
    const scores = sentimentScores(await trainSentiment(table, train, hyperparameters, signal), table, test);
    test.forEach((row, at) => (right += Number((scores[at] ?? 0) > 0 === (table.labels[row] === 1))));
    texts += test.length;
  }
  return { texts, right, accuracy: wilsonInterval(right, texts) };
}

function shuffled({ rows }: LabelledFeatures, seed: number): number[] {
  return new Random(seed).shuffle(Array.from({ length: rows }, (_, row) => row));
}
