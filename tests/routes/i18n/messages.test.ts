import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../../src/lib/errors.ts';
import { base as english } from '../../../src/routes/i18n/en/index.ts';
import { pages as englishPages } from '../../../src/routes/i18n/en/pages.ts';
import { chooseForm, fill, type Message } from '../../../src/routes/i18n/messages.ts';
import { base as chinese } from '../../../src/routes/i18n/zh/index.ts';
import { pages as chinesePages } from '../../../src/routes/i18n/zh/pages.ts';

type Texts = Readonly<Record<string, Readonly<Record<string, Message>>>>;
const ENGLISH: Texts = { ...english, ...englishPages };
const CHINESE: Texts = { ...chinese, ...chinesePages };

const forms = (message: Message): readonly string[] =>
  typeof message === 'string'
    ? [message]
    : [message.other, ...(message.one === undefined ? [] : [message.one])];
const places = (text: string): readonly string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!).sort();
const entries = (texts: Texts): [string, Message][] =>
  Object.entries(texts).flatMap(([space, messages]) =>
    Object.entries(messages).map(([key, message]): [string, Message] => [`${space}.${key}`, message]),
  );

describe('dictionaries', () => {
  const chineseByKey = new Map(entries(CHINESE));

  it('have the same keys', () => {
    expect([...chineseByKey.keys()].sort()).toEqual(
      entries(ENGLISH)
        .map(([key]) => key)
        .sort(),
    );
  });

  it.each(entries(ENGLISH))(
    '%s has no text left out and uses only places that English has',
    (key, message) => {
      const allowed = new Set(forms(message).flatMap(places));
      for (const text of [...forms(message), ...forms(chineseByKey.get(key)!)]) {
        expect(text.trim()).not.toBe('');
        expect(places(text).filter((place) => !allowed.has(place))).toEqual([]);
      }
    },
  );

  it('use Chinese punctuation after Chinese words', () => {
    const halfWidth = entries(CHINESE).filter(([, message]) =>
      forms(message).some((text) => /\p{Script=Han}[,;:!?]/u.test(text)),
    );
    expect(halfWidth.map(([key]) => key)).toEqual([]);
  });

  it('say every error', () => {
    expect(Object.keys(english.errors).sort()).toEqual([...ERROR_CODES].sort());
  });
});

describe('fill', () => {
  const format = (value: number): string => `#${value}`;

  it('puts values in their places and formats numbers', () => {
    expect(fill('{a} of {b}', { a: 2, b: 'ten' }, format)).toBe('#2 of ten');
  });

  it('shows a missing value as a question mark, also for names that every object has', () => {
    expect(fill('{file} {constructor}', {}, format)).toBe('? ?');
  });

  it('isolates a name that steers direction, and no other', () => {
    expect(fill('Liked {name}.', { name: 'abc\u202ecba' }, format)).toBe('Liked \u2068abc\u202ecba\u2069.');
    expect(fill('Liked {name}.', { name: 'Moka pot' }, format)).toBe('Liked Moka pot.');
  });

  it('does not read places out of values', () => {
    expect(fill('{a}', { a: '{b}', b: 'no' }, format)).toBe('{b}');
  });
});

describe('chooseForm', () => {
  it('takes the form of the count', () => {
    const message = { one: 'thing', other: 'things' };
    expect(chooseForm(message, 1)).toBe('thing');
    expect(chooseForm(message, 0)).toBe('things');
    expect(chooseForm({ other: 'things' }, 1)).toBe('things');
  });
});
