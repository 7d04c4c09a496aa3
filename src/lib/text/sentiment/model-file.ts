import * as v from 'valibot';
import { AppError } from '../../errors.ts';
import type { Language } from '../../types.ts';
import { TOKENIZER_VERSION } from '../words.ts';
import { SENTIMENT_FEATURES_VERSION } from './features.ts';

const FORMAT = 'fairshelf-sentiment';
const VERSION = 1;
const MAX_FEATURES = 200_000;
const MAX_KEY = 100;
/** Of a whole file, in UTF-16 code units. */
export const MAX_SENTIMENT_CHARACTERS = 16 * 1024 * 1024;
/** Digits kept of a weight: the fourth changes no accuracy that can be measured. */
const DIGITS = 4;

const finite = v.pipe(v.number(), v.finite());
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const MEASURED = v.object({
  /** Texts kept from training; each of some folds in turn; each group in turn. */
  method: v.picklist(['hold-out', 'cross-validation', 'leave-group-out']),
  seed: count,
  /** Texts judged. */
  texts: v.pipe(count, v.minValue(1)),
  accuracy: share,
  /** 95% interval. */
  low: share,
  high: share,
});
export type MeasuredAccuracy = Readonly<v.InferOutput<typeof MEASURED>>;

const LANGUAGE = v.pipe(
  v.object({
    intercept: finite,
    toneWeight: finite,
    keys: v.pipe(v.array(v.pipe(v.string(), v.maxLength(MAX_KEY))), v.maxLength(MAX_FEATURES)),
    weights: v.array(finite),
    /** Texts trained on. */
    texts: count,
    measured: MEASURED,
  }),
  v.check(({ keys, weights }) => keys.length === weights.length, 'There must be one weight for each key.'),
);

/**
 * A linear model of one language: the log-odds of a text being positive are `intercept` + `toneWeight` · (tone by word
 * lists) + Σ w / √n over the n of its features that have a weight. How often it is right was measured on other texts.
 */
export interface LanguageSentiment {
  readonly intercept: number;
  readonly toneWeight: number;
  readonly keys: readonly string[];
  readonly weights: readonly number[];
  readonly texts: number;
  readonly measured: MeasuredAccuracy;
}

const FILE = v.object({
  format: v.literal(FORMAT),
  version: v.literal(VERSION),
  tokenizer: v.literal(TOKENIZER_VERSION, 'Made by another version of the tokenizer.'),
  features: v.literal(SENTIMENT_FEATURES_VERSION, 'Made by another version of the features.'),
  languages: v.object({ en: v.optional(LANGUAGE), zh: v.optional(LANGUAGE) }),
});

/** A trained model by language; a language without one goes by word lists. */
export type SentimentFile = Readonly<Partial<Record<Language, LanguageSentiment>>>;

/** Reads a file of `writeSentimentFile`. Throws `input-invalid` naming the field that breaks the format. */
export function parseSentimentFile(text: string): SentimentFile {
  if (text.length > MAX_SENTIMENT_CHARACTERS) throw invalid('', `Longer than ${MAX_SENTIMENT_CHARACTERS}.`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw invalid('', 'Not JSON.', cause);
  }
  const result = v.safeParse(FILE, json, { abortEarly: true });
  if (!result.success) {
    const [issue] = result.issues;
    throw invalid(v.getDotPath(issue) ?? '', issue.message);
  }
  const { en, zh } = result.output.languages;
  return { ...(en === undefined ? {} : { en }), ...(zh === undefined ? {} : { zh }) };
}

/** JSON of a trained model; the same model gives the same text. */
export function writeSentimentFile(languages: SentimentFile): string {
  const rounded = Object.fromEntries(
    Object.entries(languages).map(([language, model]) => [
      language,
      {
        ...model,
        intercept: round(model.intercept),
        toneWeight: round(model.toneWeight),
        weights: model.weights.map(round),
      },
    ]),
  );
  return `${JSON.stringify({
    format: FORMAT,
    version: VERSION,
    tokenizer: TOKENIZER_VERSION,
    features: SENTIMENT_FEATURES_VERSION,
    languages: rounded,
  })}\n`;
}

/** The language a text is judged in: Chinese where it has a Chinese character, else English. */
export function languageOf(text: string): Language {
  return /\p{Script=Han}/u.test(text) ? 'zh' : 'en';
}

function round(value: number): number {
  return Number(value.toPrecision(DIGITS));
}

function invalid(field: string, reason: string, cause?: unknown): AppError {
  return new AppError('input-invalid', `The sentiment model${field === '' ? '' : `, ${field}`}: ${reason}`, {
    values: { field, reason },
    remedy: 'Train it again with `fairshelf sentiment`.',
    cause,
  });
}
