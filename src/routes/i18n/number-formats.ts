/** Number formats of one language, each made once: making one costs more than a hundred uses. */
export class NumberFormats {
  readonly #locale: string;
  readonly #formats = new Map<string, Intl.NumberFormat>();

  /** `locale`: BCP 47 tag. */
  constructor(locale: string) {
    this.#locale = locale;
  }

  format(value: number, options: Intl.NumberFormatOptions = {}): string {
    const key = JSON.stringify(options);
    let format = this.#formats.get(key);
    if (format === undefined) {
      format = new Intl.NumberFormat(this.#locale, options);
      this.#formats.set(key, format);
    }
    return format.format(value);
  }
}
