import { bigrams, runs } from '../../text/words.ts';

/** A product whose title shares words with a text. */
export interface WordMatch {
  readonly item: number;
  /** Dice's coefficient over the words, each weighted by its rarity: 0 nothing in common, 1 the same words. */
  readonly likeness: number;
}

/** A word in more than this share of the products finds too many of them, and is weighed only where rarer ones found them. */
const FREQUENT = 0.02;
/** Below this many products, every word finds. */
const FEW = 50;

/**
 * Finds products by the words of their titles: an inverted index from words to products. Chinese counts by pairs of
 * neighbouring characters. A product may have several titles; its best one counts.
 */
export class TitleIndex {
  /** Rows in which a word stands: a row is a title of a product. */
  readonly #rows = new Map<string, number[]>();
  readonly #itemOf: number[] = [];
  readonly #words: (readonly string[])[] = [];
  /** Sum of the weights of a row's words. */
  #sums = new Float64Array();
  #common = new Float64Array();

  /** Adds a folded title of a product. */
  add(item: number, title: string): void {
    const row = this.#itemOf.length;
    const words = wordsOf(title);
    if (words.length === 0) return;
    this.#itemOf.push(item);
    this.#words.push(words);
    for (const word of words) {
      const rows = this.#rows.get(word);
      if (rows === undefined) this.#rows.set(word, [row]);
      else rows.push(row);
    }
  }

  /** Weighs the words. Call once, when all titles are added. */
  settle(): void {
    this.#sums = Float64Array.from(this.#words, (words) =>
      words.reduce((sum, word) => sum + this.#weight(word), 0),
    );
    this.#common = new Float64Array(this.#itemOf.length);
  }

  /** The `k` products most like a folded title, best first, ties by position; none below `least`. */
  find(title: string, k: number, least: number): readonly WordMatch[] {
    const words = wordsOf(title).sort((a, b) => this.#frequency(a) - this.#frequency(b));
    const limit = Math.max(FEW, FREQUENT * this.#itemOf.length);
    const touched: number[] = [];
    let sum = 0;
    for (const word of words) {
      const weight = this.#weight(word);
      sum += weight;
      const rows = this.#rows.get(word) ?? [];
      const finds = rows.length <= limit;
      if (!finds && touched.length === 0) continue;
      for (const row of finds ? rows : touched) {
        if (!finds && this.#words[row]?.includes(word) !== true) continue;
        if (this.#common[row] === 0) touched.push(row);
        this.#common[row] = (this.#common[row] ?? 0) + weight;
      }
    }
    const best = new Map<number, number>();
    for (const row of touched) {
      const item = this.#itemOf[row] ?? 0;
      const likeness = (2 * (this.#common[row] ?? 0)) / (sum + (this.#sums[row] ?? 0));
      this.#common[row] = 0;
      if (likeness >= least && likeness > (best.get(item) ?? 0)) best.set(item, likeness);
    }
    return [...best]
      .sort(([a, inA], [b, inB]) => inB - inA || a - b)
      .slice(0, k)
      .map(([item, likeness]) => ({ item, likeness: Math.min(1, likeness) }));
  }

  #frequency(word: string): number {
    return this.#rows.get(word)?.length ?? 0;
  }

  /** Inverse document frequency, as of a word in one title more, so that one in every title still weighs something. */
  #weight(word: string): number {
    return Math.log((1 + this.#itemOf.length) / (1 + this.#frequency(word))) + 0.1;
  }
}

/** The words of a folded title, each once. */
function wordsOf(title: string): string[] {
  return [...new Set(runs(title).flatMap(({ text, unspaced }) => (unspaced ? bigrams(text) : [text])))];
}
