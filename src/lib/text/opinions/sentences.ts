/** After a mark that ends a sentence, with its closing quotes; a line's end always ends one. */
const SENTENCE_END = /(?<=[.!?…]["'”’)]*)\s+|(?<=[。！？…~～][”’）」]*)|[\n\r]+/u;
/** Where a sentence turns: what stands on the two sides may be praise and blame. */
const TURN =
  /[,;:，；：]|\s[–—-]\s|——|\b(?:but|though|although|however|yet|except)\b|但是|可是|不过|然而|只是|可惜|就是|但|(?<=\p{Script=Han})\s+/u;
/** What is longer is cut to be shown, at a space where there is one. */
const MAX_SHOWN = 140;

/** The sentences of a text, trimmed, without empty ones. */
export function sentences(text: string): string[] {
  return text
    .split(SENTENCE_END)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');
}

/** The parts of a sentence between commas and words like "but", in order. */
export function turns(sentence: string): string[] {
  return sentence.split(TURN).filter((part) => part.trim() !== '');
}

/** What is shown of a sentence: all of it where it is short, else the part in question, else that part's beginning. */
export function shownSentence(sentence: string, part: string): string {
  if (Array.from(sentence).length <= MAX_SHOWN) return sentence;
  const at = sentence.indexOf(part);
  const inside = part.trim();
  const characters = Array.from(inside);
  const before = at > 0 ? '…' : '';
  const after = at + part.length < sentence.length ? '…' : '';
  if (characters.length <= MAX_SHOWN) return `${before}${inside}${after}`;
  const cut = characters.slice(0, MAX_SHOWN - 1).join('');
  const space = cut.lastIndexOf(' ');
  return `${before}${space > MAX_SHOWN / 2 ? cut.slice(0, space) : cut}…`;
}
