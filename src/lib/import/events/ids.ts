import { AppError } from '../../errors.ts';
import { MAX_IDS } from '../limits.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * Numbers for ids in the order of their first appearance. An id stays the text it is: leading zeros, signs and emoji
 * too. `add` throws `import-invalid` beyond `MAX_IDS`.
 */
export class Ids {
  readonly #numbers = new Map<string, number>();
  readonly #texts: string[] = [];

  get size(): number {
    return this.#texts.length;
  }

  /** The number of an id, a new one where it has none. */
  add(id: string): number {
    const known = this.#numbers.get(id);
    if (known !== undefined) return known;
    const number = this.#texts.length;
    if (number === MAX_IDS) {
      throw new AppError('import-invalid', `More than ${MAX_IDS} different ids in one column.`, {
        values: { limit: MAX_IDS },
        remedy: 'Check which columns hold the users and the products, or import a part.',
      });
    }
    const own = detached(id);
    this.#numbers.set(own, number);
    this.#texts.push(own);
    return number;
  }

  find(id: string): number | undefined {
    return this.#numbers.get(id);
  }

  /** The id of a number; empty for a number that none has. */
  text(number: number): string {
    return this.#texts[number] ?? '';
  }
}

/**
 * A copy of a text: engines keep a cut-out of a long text as a view of it, and a kept id of 14 characters would hold the
 * whole piece of the file that it was cut from.
 */
export function detached(text: string): string {
  return decoder.decode(encoder.encode(text));
}
