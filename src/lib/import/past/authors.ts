import { fold } from './titles.ts';

/** Whether two texts name a common author; `unknown` where one is empty or they are written in different scripts. */
export type AuthorAgreement = 'agree' | 'differ' | 'unknown';

const SUFFIX = /\s(?:jr|sr|phd|md|2|3|ii|iii)$/u;

/** Names of authors, several between commas, semicolons or "and". */
export interface AuthorNames {
  /** Last words of the names, by which they are known. */
  readonly last: ReadonlySet<string>;
  readonly words: ReadonlySet<string>;
  readonly han: boolean;
}

export function authorNames(text: string): AuthorNames {
  const names = text
    .split(/[,;/|&、]|\s(?:and|und|et|y|with)\s/iu)
    .map((name) => fold(name).replace(SUFFIX, ''))
    .filter((name) => name !== '');
  const words = names.flatMap((name) => name.split(' ')).filter(({ length }) => length > 1);
  return {
    last: new Set(names.map((name) => name.slice(name.lastIndexOf(' ') + 1))),
    words: new Set(words),
    han: /\p{Script=Han}/u.test(text),
  };
}

/** Agree where the last word of a name of one side is a word of the other: "Liu Cixin" is "Cixin Liu". */
export function compareAuthors(a: AuthorNames, b: AuthorNames): AuthorAgreement {
  if (a.last.size === 0 || b.last.size === 0 || a.han !== b.han) return 'unknown';
  const meets = (last: ReadonlySet<string>, words: ReadonlySet<string>): boolean =>
    [...last].some((word) => words.has(word));
  return meets(a.last, b.words) || meets(b.last, a.words) ? 'agree' : 'differ';
}
