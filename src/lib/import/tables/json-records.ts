import { MAX_ROW_LENGTH } from '../limits.ts';

/** Of one record. What is deeper is no record of a log, and engines differ in what they bear. */
export const MAX_DEPTH = 64;

const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
const NEWLINE = 10;

/** What is told of a record: its text; null where it is too deep or too long to be one. */
export type OnRecord = (text: string | null, line: number) => void;

/**
 * Cuts the records out of a JSON document as its text comes: the objects in a list that is the document, or the value of one
 * of its keys (`{"products": [{…}, …]}`). Only one record is held at a time.
 */
export class JsonRecords {
  readonly #onRecord: OnRecord;
  #depth = 0;
  /** Depth inside of the list of records; -1 before it. */
  #list = -1;
  #inString = false;
  #escaped = false;
  #line = 1;
  #recordLine = 1;
  /** The record so far, from earlier pieces. */
  #parts: string[] = [];
  #length = 0;
  #isRecord = false;
  #isBad = false;
  /** Nothing but closing signs may come after the last record. */
  #stray = false;

  constructor(onRecord: OnRecord) {
    this.#onRecord = onRecord;
  }

  /** True where the text so far ended inside of something: at the end of a file it is truncated. */
  get open(): boolean {
    return this.#depth > 0 || this.#inString;
  }

  /** True where values other than objects stood among the records. */
  get stray(): boolean {
    return this.#stray;
  }

  push(text: string): void {
    let start = 0;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === NEWLINE) this.#line += 1;
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (code === BACKSLASH) this.#escaped = true;
        else if (code === QUOTE) this.#inString = false;
        continue;
      }
      switch (code) {
        case QUOTE:
          this.#inString = true;
          break;
        case OPEN_LIST:
        case OPEN_OBJECT:
          if (!this.#isRecord && code === OPEN_OBJECT && this.#depth === this.#list) {
            this.#isRecord = true;
            this.#isBad = false;
            this.#recordLine = this.#line;
            start = at;
          }
          this.#depth += 1;
          if (this.#list === -1 && code === OPEN_LIST && this.#depth <= 2) this.#list = this.#depth;
          if (this.#isRecord && this.#depth - this.#list > MAX_DEPTH) this.#drop();
          break;
        case CLOSE_LIST:
        case CLOSE_OBJECT:
          this.#depth -= 1;
          if (this.#isRecord && this.#depth === this.#list) {
            this.#parts.push(text.slice(start, at + 1));
            this.#end();
          }
          break;
        default:
          if (this.#list !== -1 && this.#depth === this.#list && code > 32 && code !== COMMA)
            this.#stray = true;
      }
    }
    if (!this.#isRecord || this.#isBad) return;
    const part = text.slice(start);
    this.#length += part.length;
    if (this.#length > MAX_ROW_LENGTH) this.#drop();
    else this.#parts.push(part);
  }

  #drop(): void {
    this.#isBad = true;
    this.#parts = [];
  }

  #end(): void {
    this.#onRecord(this.#isBad ? null : this.#parts.join(''), this.#recordLine);
    this.#parts = [];
    this.#length = 0;
    this.#isRecord = false;
  }
}
