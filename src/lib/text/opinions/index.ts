/** The door to what reviews say by topic. Brings the word lists along: load it where it is asked for. */
export { parseSentimentFile } from '../sentiment/model-file.ts';
export { Sentiment, type SentimentMethod } from '../sentiment/sentiment.ts';
export { opinions, type Opinion, type Opinions } from './opinions.ts';
