/** A title in the forms by which titles are compared. */
export interface TitleForms {
  /** Without brackets, edition and leading article. */
  readonly full: string;
  /** The same before a colon or dash; `full` where there is none. */
  readonly main: string;
  /** Other titles that stand in brackets: "Seven (a.k.a. Se7en)". */
  readonly others: readonly string[];
  /** A year in brackets at the end; null without one. */
  readonly year: number | null;
}

const MARKS = /[™®©]/gu;
/** Quotation marks around a title, as 《三体》 has them. */
const TITLE_QUOTES = /[《》〈〉「」『』“”„"]/gu;
const BRACKETS = /[([{【]([^()[\]{}【】]*)[)\]}】]/gu;
const YEAR = /^(?:18|19|20)\d\d$/u;
const AKA = /^a\.?\s?k\.?\s?a\.?:?\s+/iu;
/** A place in a series, as Goodreads writes it ("Dune, #1"), or a volume. */
const SERIES =
  /#\s*\d|\b(?:book|volume|vol\.?|part|series|trilogy|saga)\b|系列|三部曲|[第全]?[\d一二三四五六七八九十]+[部卷册冊集]/iu;
/** What sellers and publishers add to a title. */
const EDITION =
  /\b(?:edition|paperback|hardcover|kindle|audiobook|unabridged|abridged|illustrated|remaster(?:ed)?|director'?s cut|extended cut|final cut|goty|blu-?ray|dvd|4k|uhd|widescreen|imax|box set|reissue|reprint|import)\b|[版装裝]$|蓝光|电子书/iu;
/** The same at the end of a title, after a dash, colon, comma or nothing. */
const EDITION_TAIL =
  /[\s,:–—-]+(?:the\s+)?(?:(?:\d+(?:st|nd|rd|th)|special|deluxe|limited|collector'?s|anniversary|definitive|complete|ultimate|enhanced|legendary|gold|standard|premium|extended|revised|updated|expanded|international|movie tie-in|game of the year|goty|kindle|first|second|third|new|illustrated|digital|year)\s+)+edition\s*$|[\s,:–—-]+(?:remastered|director'?s cut|extended cut|the final cut|goty|paperback|hardcover|kindle|unabridged)\s*$/iu;
const EDITION_TAIL_ZH =
  /[\s,:：·-]*(?:(?:珍藏|典藏|精装|平装|修订|增订|纪念|豪华|全新|新|插图|注音|终极|加长|导演剪辑|未删减|重制|年度|黄金|完整|完全|特别|限量)+版|第[\d一二三四五六七八九十]+版)\s*$/u;
const SUBTITLE = /:\s|:(?=[^\d\s])|\s[–—|-]\s|——/u;
const ARTICLE_LAST = /^(.*),\s(the|an?|les?|la|l'|los|las|el|un|une|der|die|das|il|lo|gli)$/iu;
const ARTICLE_FIRST = /^(?:the|an?|les?|la|los|las|el|un|une|der|die|das|il|lo|gli)\s+(?=\S)|^l'(?=\S)/u;
/** Letters that no decomposition takes apart. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};
const LETTER = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'gu');
/** Sequels are numbered either way; single letters are left alone, since they are words too. */
const ROMAN: Readonly<Record<string, string>> = {
  ii: '2',
  iii: '3',
  iv: '4',
  vi: '6',
  vii: '7',
  viii: '8',
  ix: '9',
};

/** The forms of a title as somebody wrote it. Every form is folded (`fold`); `full` is empty for a text without letters. */
export function titleForms(title: string): TitleForms {
  const plain = title
    .replaceAll(MARKS, '')
    .normalize('NFKC')
    .replaceAll(/[’‘`´]/gu, "'");
  let year: number | null = null;
  const others: string[] = [];
  const outside = plain.replaceAll(TITLE_QUOTES, ' ').replaceAll(BRACKETS, (_all, inside: string) => {
    const text = inside.trim();
    if (YEAR.test(text)) year = Number(text);
    else if (!SERIES.test(text) && !EDITION.test(text)) others.push(formOf(text.replace(AKA, '')));
    return ' ';
  });
  // a title that is all brackets, "[REC]", is what stands in them
  const whole = outside.trim() === '' ? plain.replaceAll(/[()[\]{}【】]/gu, ' ') : outside;
  const full = formOf(whole);
  const cut = SUBTITLE.exec(whole);
  const main = cut === null ? '' : formOf(whole.slice(0, cut.index));
  return {
    full,
    main: main.length < 2 ? full : main,
    others: others.filter((other) => other !== '' && other !== full),
    year,
  };
}

function formOf(text: string): string {
  const lean = withoutEdition(text.trim());
  const turned = ARTICLE_LAST.exec(lean)?.[1] ?? lean;
  const bare = turned.toLowerCase().replace(ARTICLE_FIRST, '');
  return fold(bare);
}

/** Cuts editions off the end, one after the other, as long as something is left. */
function withoutEdition(text: string): string {
  const shorter = text.replace(EDITION_TAIL, '').replace(EDITION_TAIL_ZH, '').trim();
  return shorter === '' || shorter === text ? text : withoutEdition(shorter);
}

/**
 * A text in lower case without accents and signs: words between single blanks, Chinese without any. `&` is "and", Roman
 * numbers of sequels are digits.
 */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(LETTER, (letter) => LETTERS[letter] ?? letter)
    .replaceAll(/['’]/gu, '')
    .replaceAll('&', ' and ')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .replaceAll(/(?<=[ \p{Script=Han}])(?:i{2,3}|iv|vi{1,3}|ix)(?= |$)/gu, (roman) => ROMAN[roman] ?? roman)
    .replaceAll(/(?<=\p{Script=Han})\s+(?=[\p{Script=Han}\d])|(?<=\d)\s+(?=\p{Script=Han})/gu, '');
}
