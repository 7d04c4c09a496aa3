/** Number formats of one language, each made once: making one costs more than a hundred uses. */
export class NumberFormats {
  readonly #locale: string;
  readonly #formats = new Map<string, Intl.NumberFormat>();

  /** `locale`: BCP 47 tag. */
  constructor(locale: string) {
    this.#locale = locale;
  }

  format(value: number, options?: Intl.NumberFormatOptions): string {
    // A plain count below 1,000 has no separators in either language, and the first format of a page costs about as
    // much as mounting its whole header.
    if (options === undefined && Number.isInteger(value) && value >= 0 && value < 1_000) return String(value);
    const key = JSON.stringify(options ?? {});
    let format = this.#formats.get(key);
    if (format === undefined) {
      format = new Intl.NumberFormat(this.#locale, options);
      this.#formats.set(key, format);
    }
    return format.format(value);
  }
}
