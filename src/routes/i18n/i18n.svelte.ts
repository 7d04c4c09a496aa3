import { AppError } from '../../lib/errors.ts';
import { type Language, LANGUAGES, type LocalizedText } from '../../lib/types.ts';
import {
  type BaseTexts,
  chooseForm,
  fill,
  type Message,
  type MessageKey,
  type PagesTexts,
  type Params,
} from './messages.ts';
import { NumberFormats } from './number-formats.ts';

/** What is loaded of one language. */
interface Loaded {
  readonly language: Language;
  readonly base: BaseTexts;
  /** Null until a page that needs them is opened. */
  readonly pages: PagesTexts | null;
}

const BASE: Readonly<Record<Language, () => Promise<BaseTexts>>> = {
  en: async () => (await import('./en/index.ts')).base,
  zh: async () => (await import('./zh/index.ts')).base,
};

const PAGES: Readonly<Record<Language, () => Promise<PagesTexts>>> = {
  en: async () => (await import('./en/pages.ts')).pages,
  zh: async () => (await import('./zh/pages.ts')).pages,
};

/** BCP 47 tags for `lang` and Intl. */
export const LOCALES: Readonly<Record<Language, string>> = { en: 'en', zh: 'zh-Hans' };

const DAY_MS = 86_400_000;
const BYTE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** The page's language: the visitor's choice, else the first of the browser's languages that we speak. */
export function chooseLanguage(chosen: Language | null, browser: readonly string[]): Language {
  if (chosen !== null) return chosen;
  const spoken = browser.map((tag) => tag.slice(0, 2).toLowerCase());
  return (
    LANGUAGES.find((language) => language === spoken.find((tag) => LANGUAGES.some((l) => l === tag))) ?? 'en'
  );
}

/** Texts, numbers, prices and dates in the language of the page. Reactive: switching re-renders every text. */
export class I18n {
  #loaded: Loaded;
  readonly #texts: Readonly<Record<string, Readonly<Record<string, Message>>>>;
  readonly #locale: string;
  readonly #numbers: NumberFormats;
  readonly #list: Intl.ListFormat;

  private constructor(loaded: Loaded) {
    this.#loaded = $state.raw(loaded);
    this.#texts = $derived({ ...this.#loaded.base, ...this.#loaded.pages });
    this.#locale = $derived(LOCALES[this.#loaded.language]);
    this.#numbers = $derived(new NumberFormats(this.#locale));
    this.#list = $derived(new Intl.ListFormat(this.#locale, { type: 'conjunction' }));
  }

  /** Loads a language's texts for the first paint. */
  static async create(language: Language): Promise<I18n> {
    return new I18n({ language, base: await BASE[language](), pages: null });
  }

  get language(): Language {
    return this.#loaded.language;
  }
  get locale(): string {
    return this.#locale;
  }

  /** Switches once the texts are loaded; a failed load keeps the language and rejects. */
  async use(language: Language): Promise<void> {
    if (language === this.language) return;
    const [base, pages] = await Promise.all([
      BASE[language](),
      this.#loaded.pages === null ? null : PAGES[language](),
    ]);
    this.#loaded = { language, base, pages };
  }

  /** Loads the texts of the pages beyond the first; whoever opens such a page waits for it. */
  async loadPages(): Promise<void> {
    while (this.#loaded.pages === null) {
      const { language } = this.#loaded;
      const pages = await PAGES[language]();
      // The language may have been switched meanwhile.
      if (this.#loaded.language === language) this.#loaded = { ...this.#loaded, pages };
    }
  }

  /** The text of a key, with its places filled. */
  t<Key extends MessageKey>(key: Key, ...[params]: Params<Key>): string {
    const split = key.indexOf('.');
    const namespace = this.#texts[key.slice(0, split)];
    const values: Readonly<Record<string, string | number>> = params ?? {};
    const count = values['count'];
    const form = chooseForm(
      namespace?.[key.slice(split + 1)] ?? key,
      typeof count === 'number' ? count : undefined,
    );
    return fill(form, values, (value) => this.number(value));
  }

  /** What went wrong and what to do about it, as one text. */
  error(thrown: unknown): string {
    const { code, values } = AppError.from(thrown);
    const message: Message = this.#loaded.base.errors[code];
    return fill(chooseForm(message, undefined), values, (value) => this.number(value));
  }

  /** A pack's text in the page's language, else in the language it has; empty where it has none. */
  text(text: LocalizedText): string {
    return (
      text[this.language] ?? LANGUAGES.map((language) => text[language]).find((t) => t !== undefined) ?? ''
    );
  }

  /** `lang` of what `text` returns; undefined where it is the page's own. */
  textLanguage(text: LocalizedText): string | undefined {
    if (text[this.language] !== undefined) return undefined;
    const language = LANGUAGES.find((other) => text[other] !== undefined);
    return language === undefined ? undefined : LOCALES[language];
  }

  number(value: number, options?: Intl.NumberFormatOptions): string {
    return this.#numbers.format(value, options);
  }

  percent(share: number): string {
    return this.number(share, { style: 'percent', maximumFractionDigits: 0 });
  }

  /** An amount in major units of an ISO 4217 currency. */
  price(amount: number, currency: string): string {
    return this.number(amount, { style: 'currency', currency, currencyDisplay: 'narrowSymbol' });
  }

  /** Bytes in a readable unit (1 kB = 1,000 bytes). */
  bytes(bytes: number): string {
    const power = bytes < 1 ? 0 : Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
    const unit = BYTE_UNITS[power] ?? 'byte';
    return this.number(bytes / 1000 ** power, {
      style: 'unit',
      unit,
      unitDisplay: unit === 'byte' ? 'long' : 'short',
      maximumFractionDigits: power === 0 ? 0 : 1,
    });
  }

  /** A moment (milliseconds since the Unix epoch) as a date. */
  date(at: number, options: Intl.DateTimeFormatOptions = { dateStyle: 'medium' }): string {
    return new Intl.DateTimeFormat(this.#locale, options).format(at);
  }

  /** A day of community data (whole days since 1970-01-01 UTC). */
  day(day: number): string {
    return this.date(day * DAY_MS, { dateStyle: 'medium', timeZone: 'UTC' });
  }

  list(parts: readonly string[]): string {
    return this.#list.format(parts);
  }
}
