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
  /** Numbers of ids that are small whole numbers themselves, plus one: looked up by value, without hashing. */
  #small = new Uint32Array(1024);
  #last = { id: '', number: -1 };

  get size(): number {
    return this.#texts.length;
  }

  /** The number of an id, a new one where it has none. */
  add(id: string): number {
    // logs lie by user: comparing is cheaper than hashing
    if (id === this.#last.id && this.#last.number !== -1) return this.#last.number;
    const number = this.find(id) ?? this.#addNew(id);
    this.#last = { id, number };
    return number;
  }

  #addNew(id: string): number {
    const number = this.#texts.length;
    if (number === MAX_IDS) {
      throw new AppError('import-invalid', `More than ${MAX_IDS} different ids in one column.`, {
        values: { limit: MAX_IDS },
        remedy: 'Check which columns hold the users and the products, or import a part.',
      });
    }
    const own = detached(id);
    const value = smallNumber(id);
    if (value === -1) this.#numbers.set(own, number);
    else {
      if (value >= this.#small.length) {
        const larger = new Uint32Array(2 ** Math.ceil(Math.log2(value + 1)));
        larger.set(this.#small);
        this.#small = larger;
      }
      this.#small[value] = number + 1;
    }
    this.#texts.push(own);
    return number;
  }

  find(id: string): number | undefined {
    const value = smallNumber(id);
    if (value === -1) return this.#numbers.get(id);
    const number = this.#small[value] ?? 0;
    return number === 0 ? undefined : number - 1;
  }

  /** The id of a number; empty for a number that none has. */
  text(number: number): string {
    return this.#texts[number] ?? '';
  }
}

/** Ids up to here have a place in a table (16 MiB at most); public sets number from 1. */
const MAX_SMALL = 4_194_304;

/** The value of an id that is a whole number in its only spelling; -1 for others, those with leading zeros too. */
function smallNumber(id: string): number {
  const { length } = id;
  if (length === 0 || length > 7) return -1;
  let value = 0;
  for (let at = 0; at < length; at++) {
    const digit = id.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9 || (digit === 0 && at === 0 && length > 1)) return -1;
    value = 10 * value + digit;
  }
  return value < MAX_SMALL ? value : -1;
}

/**
 * A copy of a text: engines keep a cut-out of a long text as a view of it, and a kept id of 14 characters would hold the
 * whole piece of the file that it was cut from.
 */
export function detached(text: string): string {
  return decoder.decode(encoder.encode(text));
}
