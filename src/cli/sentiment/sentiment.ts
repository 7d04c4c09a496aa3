import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../lib/errors.ts';
import {
  crossValidatedAccuracy,
  holdOutAccuracy,
  labelledFeatures,
  trainSentiment,
  unseenGroupAccuracies,
  wordListAccuracy,
  type LabelledFeatures,
  type LabelledText,
  type SentimentAccuracy,
} from '../../lib/model/index.ts';
import { SENTIMENT_FILE } from '../../lib/pack/read-sentiment.ts';
import {
  languageOf,
  writeSentimentFile,
  type LanguageSentiment,
  type SentimentFile,
} from '../../lib/text/sentiment/index.ts';
import { LANGUAGES, type Language } from '../../lib/types.ts';
import type { CommandLineOutput } from '../output.ts';
import { addSentiment } from '../pack-folder.ts';
import { readLabelledReviews } from '../sources/labelled-reviews.ts';
import { parseSentimentOptions, type SentimentOptions, type SentimentPlan } from './options.ts';

const HOLD_OUT = 0.2;

const NUMBER = new Intl.NumberFormat('en');
const SHARE = new Intl.NumberFormat('en', { style: 'percent', minimumFractionDigits: 1 });

/** Accuracy on unseen texts, and how it was measured. */
interface Measured {
  readonly language: Language;
  readonly method: LanguageSentiment['measured']['method'];
  readonly wordLists: SentimentAccuracy;
  readonly trained: SentimentAccuracy;
  readonly groups: readonly { readonly group: string; readonly result: SentimentAccuracy }[];
}

/**
 * `fairshelf sentiment`: measures how well positive and negative reviews are told apart, in each language of the files,
 * and with --out or --pack trains on all of them and keeps the model with what was measured.
 */
export async function sentiment(options: SentimentOptions, output: CommandLineOutput): Promise<void> {
  const plan = parseSentimentOptions(options);
  const texts = readAll(plan, output);
  const trained: Partial<Record<Language, LanguageSentiment>> = {};
  for (const language of LANGUAGES) {
    const ofLanguage = texts.filter(({ text }) => languageOf(text) === language);
    if (ofLanguage.length === 0) continue;
    output.err(`Cutting ${NUMBER.format(ofLanguage.length)} ${language} texts …`);
    const table = labelledFeatures(ofLanguage);
    const measured = await measure(plan, language, table, output);
    report(plan, measured, output);
    if (plan.out !== null || plan.pack !== null) {
      output.err(`Training on all ${language} texts …`);
      trained[language] = await trainAll(plan, table, measured);
    }
  }
  await keep(plan, trained, output);
}

function readAll({ files, columns }: SentimentPlan, output: CommandLineOutput): LabelledText[] {
  return files.flatMap((file) => {
    const { texts, skipped } = readLabelledReviews(file, columns);
    const without = skipped === 0 ? '' : `, ${NUMBER.format(skipped)} without words or opinion left out`;
    output.err(`${file}: ${NUMBER.format(texts.length)} reviews${without}`);
    return texts;
  });
}

async function measure(
  { folds, seed, hyperparameters, leaveGroupOut }: SentimentPlan,
  language: Language,
  table: LabelledFeatures,
  output: CommandLineOutput,
): Promise<Measured> {
  output.err('Measuring on texts kept from training …');
  const options = { hyperparameters };
  if (leaveGroupOut && new Set(table.groups).size < 2) {
    throw new AppError('not-enough-data', `The ${language} texts are all of one category.`, {
      remedy: 'Name the column of the category with --group, or give a file for each.',
    });
  }
  const groups = leaveGroupOut ? await unseenGroupAccuracies(table, options) : [];
  return {
    language,
    method: folds === null ? 'hold-out' : 'cross-validation',
    wordLists: wordListAccuracy(table),
    trained:
      folds === null
        ? await holdOutAccuracy(table, HOLD_OUT, seed, options)
        : await crossValidatedAccuracy(table, folds, seed, options),
    groups,
  };
}

function report({ json }: SentimentPlan, measured: Measured, { out }: CommandLineOutput): void {
  const { language, method, wordLists, trained, groups } = measured;
  if (json) {
    const plain = ({ texts, accuracy }: SentimentAccuracy): object => ({ texts, accuracy });
    out(
      JSON.stringify({
        language,
        method,
        trained: plain(trained),
        wordLists: plain(wordLists),
        unseenCategories: Object.fromEntries(groups.map(({ group, result }) => [group, plain(result)])),
      }),
    );
    return;
  }
  const line = ({ accuracy, texts }: SentimentAccuracy): string =>
    `${SHARE.format(accuracy.mean)} right of ${NUMBER.format(texts)} [${SHARE.format(accuracy.low)}, ${SHARE.format(accuracy.high)}]`;
  out(`${language}: trained model, ${method}: ${line(trained)}`);
  out(`${language}: word lists, all texts: ${line(wordLists)}`);
  for (const { group, result } of groups)
    out(`${language}: ${group}, never seen in training: ${line(result)}`);
}

async function trainAll(
  { hyperparameters, seed }: SentimentPlan,
  table: LabelledFeatures,
  { method, trained: { accuracy, texts } }: Measured,
): Promise<LanguageSentiment> {
  const rows = Array.from({ length: table.rows }, (_, row) => row);
  const { intercept, toneWeight, features, weights } = await trainSentiment(table, rows, hyperparameters);
  return {
    intercept,
    toneWeight,
    keys: Array.from(features, (feature) => table.keys[feature] ?? ''),
    weights: [...weights],
    texts: table.rows,
    measured: { method, seed, texts, accuracy: accuracy.mean, low: accuracy.low, high: accuracy.high },
  };
}

async function keep(
  { out, pack }: SentimentPlan,
  trained: SentimentFile,
  output: CommandLineOutput,
): Promise<void> {
  if (out === null && pack === null) return;
  const file = writeSentimentFile(trained);
  if (out !== null) {
    mkdirSync(out, { recursive: true });
    writeFileSync(join(out, SENTIMENT_FILE), file);
    output.out(`${join(out, SENTIMENT_FILE)}: ${NUMBER.format(Buffer.byteLength(file))} bytes`);
  }
  if (pack !== null) {
    const { manifest } = await addSentiment(pack, file);
    output.out(`${manifest.id}: the pack now has the model, ${NUMBER.format(Buffer.byteLength(file))} bytes`);
  }
}
