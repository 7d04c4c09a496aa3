import type { Language } from '../../types.ts';
import { languageOf } from '../sentiment/model-file.ts';
import type { Sentiment, SentimentMethod } from '../sentiment/sentiment.ts';
import { terms } from '../terms.ts';
import { sentences, shownSentence, turns } from './sentences.ts';
import { topics } from './topics.ts';

/** One side of what reviews say about a topic. */
export interface Opinion {
  /** The topic in the word that most reviews use. */
  readonly topic: string;
  /** Reviews with a sentence on this side. */
  readonly reviews: number;
  /** The sentence that says it most clearly, and the review it is from: a position in what was given. */
  readonly sentence: string;
  readonly review: number;
}

/** What the reviews of one product say, by topic. */
export interface Opinions {
  readonly liked: readonly Opinion[];
  readonly disliked: readonly Opinion[];
  readonly language: Language;
  /** Reviews read: those in that language. */
  readonly reviews: number;
  readonly method: SentimentMethod;
}

/** Topics shown on a side. */
const MAX_TOPICS = 4;
/** Reviews that must speak of a topic: what one person mentions is no aspect yet. */
const MIN_REVIEWS = 2;
/** Share of a topic's mentions that must look like a noun's. */
const MIN_NOUN = 0.3;
/** Sentiment that is praise or blame; between is neither. */
const CLEAR = 0.3;
/** A quotation should be short: each character beyond SHORT makes it less clear by 1 / LENGTH. */
const SHORT = 50;
const LENGTH = 400;

interface Mention {
  readonly review: number;
  readonly word: string;
  readonly sentence: string;
  /** Of the sentence, where the word stands. */
  readonly part: string;
  /** Sentiment, −1 to 1. */
  readonly value: number;
}

interface Found {
  readonly mentions: Mention[];
  uses: number;
  nouns: number;
}

/**
 * Pros and cons of a product by topic, from its reviews in `preferred`, or in the other language where
 * there is none. A topic is a word that at least two of the
 * reviews use like a noun (frequent features: Hu & Liu 2004), none of praise or blame; a mention of it counts for or
 * against by the sentiment of its part of the sentence, of the whole sentence where the part has none. A review counts
 * once for a topic and side, and a sentence is quoted for one topic only. Words of the product's `name` are no topics: all
 * reviews speak of it.
 */
export function opinions(
  texts: readonly string[],
  name: string,
  preferred: Language,
  sentiment: Sentiment,
): Opinions {
  const written = texts.map(languageOf);
  const language = written.includes(preferred) ? preferred : (written[0] ?? preferred);
  const byKey = new Map<string, Found>();
  const named = new Set(terms(name).map(({ key }) => key));
  let reviews = 0;
  texts.forEach((text, review) => {
    if (written[review] !== language) return;
    reviews++;
    for (const sentence of sentences(text)) readSentence(sentence, review, sentiment, byKey);
  });
  const known = [...byKey].flatMap(([key, found]) => {
    const { mentions, uses, nouns } = found;
    const isTopic =
      !named.has(key) &&
      new Set(mentions.map(({ review }) => review)).size >= MIN_REVIEWS &&
      nouns / uses >= MIN_NOUN;
    return isTopic ? [found] : [];
  });
  return {
    liked: side(known, 1),
    disliked: side(known, -1),
    language,
    reviews,
    method: sentiment.method(language),
  };
}

function readSentence(
  sentence: string,
  review: number,
  sentiment: Sentiment,
  byKey: Map<string, Found>,
): void {
  const whole = sentiment.of(sentence);
  for (const part of turns(sentence)) {
    const own = sentiment.of(part);
    const value = Math.abs(own) >= CLEAR ? own : whole;
    for (const { key, word, noun } of topics(part)) {
      const found = byKey.get(key) ?? { mentions: [], uses: 0, nouns: 0 };
      byKey.set(key, found);
      found.uses++;
      found.nouns += Number(noun);
      found.mentions.push({ review, word, sentence, part, value });
    }
  }
}

/** The topics of most reviews on a side, each with its clearest sentence that no topic before it took. */
function side(topicsFound: readonly Found[], sign: 1 | -1): Opinion[] {
  const sides = topicsFound
    .map(({ mentions }) => {
      const clear = mentions
        .filter(({ value }) => sign * value >= CLEAR)
        .sort((a, b) => clarity(b) - clarity(a) || a.review - b.review);
      return { clear, topic: mostUsed(mentions), reviews: new Set(clear.map(({ review }) => review)).size };
    })
    .filter(({ reviews }) => reviews > 0)
    .sort((a, b) => b.reviews - a.reviews || strength(b.clear, sign) - strength(a.clear, sign));
  const taken = new Set<string>();
  const result: Opinion[] = [];
  for (const { clear, topic, reviews } of sides) {
    if (result.length === MAX_TOPICS) break;
    const quoted = clear.find(({ sentence }) => !taken.has(sentence));
    if (quoted === undefined) continue;
    taken.add(quoted.sentence);
    const sentence = shownSentence(quoted.sentence, quoted.part);
    result.push({ topic, reviews, sentence, review: quoted.review });
  }
  return result;
}

function clarity({ value, sentence }: Mention): number {
  return Math.abs(value) - Math.max(0, sentence.length - SHORT) / LENGTH;
}

function strength(mentions: readonly Mention[], sign: 1 | -1): number {
  return mentions.reduce((sum, { value }) => sum + sign * value, 0);
}

function mostUsed(mentions: readonly Mention[]): string {
  const uses = new Map<string, number>();
  for (const { word } of mentions) uses.set(word, (uses.get(word) ?? 0) + 1);
  return [...uses].reduce((best, next) => (next[1] > best[1] ? next : best))[0];
}
