import type { Sentiment } from '../../text/opinions/index.ts';
import type { RecommenderService } from './recommender-protocol.ts';

/** Reads what reviews say; the code and the word lists for it are loaded at the first call. */
export class ReviewReader {
  #kept: { readonly model: string | null; readonly sentiment: Sentiment } | null = null;

  async opinions({
    texts,
    name,
    language,
    sentiment: model,
  }: RecommenderService['opinions']['params']): Promise<RecommenderService['opinions']['result']> {
    const { opinions, parseSentimentFile, Sentiment } = await import('../../text/opinions/index.ts');
    if (this.#kept?.model !== model) {
      this.#kept = { model, sentiment: new Sentiment(model === null ? {} : parseSentimentFile(model)) };
    }
    return opinions(texts, name, language, this.#kept.sentiment);
  }
}
