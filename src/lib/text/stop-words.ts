// Named imports: the bundler keeps these two of the 57 lists (17 kB of 207 kB).
import { en, zh } from 'stopwords-iso/stopwords-iso.json';

/** English entries of the list that name things a shop sells; here they carry meaning. */
const SHOP_WORDS =
  'computer face fire keys mill novel ring rings room rooms shed line lines page pages copy thick thin';

/** Units and counters: they stand in every specification, and two products are not alike for being measured. */
const UNITS =
  'mm cm km ml cl kg mg gram grams litre litres liter liters inch inches oz lb lbs metre metres meter meters ' +
  'piece pieces set sets pack packs pair pairs ' +
  '毫米 厘米 公分 公里 克 千克 公斤 斤 毫升 升 英寸 寸 瓦 件 只 个 条 张 片 套 双 对 支 枚 把 台 款 种 根 颗 次';

/** A Chinese number, alone or with its counter, as the dictionary cuts it: 一只, 两片, 十二. */
const CHINESE_AMOUNT = /^[一二两三四五六七八九十百千半几]+\p{Script=Han}?$/u;

let stopWords: ReadonlySet<string> | null = null;

/** Whether a lower-case word says nothing about a product, in English or Chinese (stopwords-iso 1.1, and units). */
export function isStopWord(word: string): boolean {
  // Made at the first call: a page that imports this without asking leaves the lists out.
  stopWords ??= listed();
  return stopWords.has(word) || CHINESE_AMOUNT.test(word);
}

function listed(): ReadonlySet<string> {
  const shop = new Set(SHOP_WORDS.split(' '));
  return new Set([...en.filter((word) => !shop.has(word)), ...zh, ...UNITS.split(' ')]);
}
