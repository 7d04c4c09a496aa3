import type { base } from './en/index.ts';
import type { pages } from './en/pages.ts';

/** A text with `{name}` places, or its plural forms, chosen by `{count}`. */
export type Message = string | { readonly one?: string; readonly other: string };

/** The same keys as an English namespace, in another language. */
export type Translation<Namespace> = { readonly [Key in keyof Namespace]: Message };

/** Texts of the first load, in any language. */
export type BaseTexts = { readonly [Namespace in keyof typeof base]: Translation<(typeof base)[Namespace]> };

/** Texts of the pages that come when they are needed, in any language. */
export type PagesTexts = {
  readonly [Namespace in keyof typeof pages]: Translation<(typeof pages)[Namespace]>;
};

type Dictionary = typeof base & typeof pages;
type Namespaces = keyof Dictionary;

/** Every text of the page as `namespace.key`. English is the type; other languages must have every key. */
export type MessageKey = {
  [Namespace in Namespaces]: `${Namespace}.${Extract<keyof Dictionary[Namespace], string>}`;
}[Namespaces];

type MessageOf<Key extends MessageKey> = Key extends `${infer Namespace}.${infer Rest}`
  ? Namespace extends Namespaces
    ? Rest extends keyof Dictionary[Namespace]
      ? Dictionary[Namespace][Rest]
      : never
    : never
  : never;

type TextOf<M> = M extends string
  ? M
  : M extends { readonly other: infer Text extends string }
    ? Text
    : never;

type Places<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Places<Rest>
  : never;

type Names<Key extends MessageKey> =
  Places<TextOf<MessageOf<Key>>> | (MessageOf<Key> extends string ? never : 'count');

/** The parameters a message must be given: none where it has no places. */
export type Params<Key extends MessageKey> = [Names<Key>] extends [never]
  ? []
  : [params: Readonly<Record<Names<Key>, string | number>>];

/** Right-to-left letters and the characters that steer direction: a name with one is isolated from its sentence. */
const BIDI = /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc]/u;

/** Fills the places of a text. Numbers go through `formatNumber`; a place without a value shows as "?". */
export function fill(
  text: string,
  params: Readonly<Record<string, string | number>>,
  formatNumber: (value: number) => string,
): string {
  return text.replace(/\{(\w+)\}/g, (_place, name: string) => {
    const value = Object.hasOwn(params, name) ? params[name] : undefined;
    if (value === undefined) return '?';
    if (typeof value === 'number') return formatNumber(value);
    return BIDI.test(value) ? `\u2068${value}\u2069` : value;
  });
}

/**
 * The form of a message for a count. Both languages' plural rules in one comparison (CLDR: English whole numbers are
 * `one` at 1, Chinese has no `one`): the first use of Intl.PluralRules costs a phone as much as the page's header.
 */
export function chooseForm(message: Message, count: number | undefined): string {
  if (typeof message === 'string') return message;
  return count === 1 ? (message.one ?? message.other) : message.other;
}
