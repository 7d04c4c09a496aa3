import type { Language, LocalizedText } from '../../types.ts';

/** Chinese where a fifth of the letters are Han: brand names stand in Latin letters there too. */
export function languageOf(text: string): Language {
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  return han > 0 && han >= 0.2 * letters ? 'zh' : 'en';
}

/** A text under its language; nothing for an empty one. */
export function localized(text: string): LocalizedText {
  return text === '' ? {} : { [languageOf(text)]: text };
}
