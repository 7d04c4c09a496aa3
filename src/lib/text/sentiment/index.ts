/** The door to the sentiment of texts, apart from text/index: its word lists are loaded only where they are asked for. */
export { sentimentFeatures, SENTIMENT_FEATURES_VERSION } from './features.ts';
export { isOpinionWord, lexiconScore } from './lexicon.ts';
export {
  languageOf,
  MAX_SENTIMENT_CHARACTERS,
  parseSentimentFile,
  writeSentimentFile,
  type LanguageSentiment,
  type MeasuredAccuracy,
  type SentimentFile,
} from './model-file.ts';
export { Sentiment, type SentimentMethod } from './sentiment.ts';
