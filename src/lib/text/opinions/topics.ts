import { isStopWord } from '../stop-words.ts';
import { isOpinionWord } from '../sentiment/lexicon.ts';
import { stem } from '../terms.ts';
import { runs, segment } from '../words.ts';

/** A word that may be what a sentence is about. */
export interface Topic {
  /** The same for "strap" and "straps". */
  readonly key: string;
  readonly word: string;
  /** Whether the words beside it show that it names a thing. */
  readonly noun: boolean;
}

const BEFORE_NOUN = new Set(
  'the a an its their this that these those my your his her our of no some any such much every each more most'.split(
    ' ',
  ),
);
const AFTER_NOUN = new Set(
  "is was are were isn't wasn't aren't weren't seems seemed feels felt looks looked has had could would should stays fits works".split(
    ' ',
  ),
);
/** Words that stand where nouns do and name no part of a product. */
const EMPTY = new Set(
  `one thing things something anything everything lot lots bit way ways time times day days week weeks month months year years
  people person someone anyone everyone guy kind sort type part rest side item items product products star stars review reviews
  purchase buy order morning afternoon evening night summer winter hurry minute ones eye thought reason reasons fact case problem problems issue issues point points use
  东西 时候 时间 感觉 问题 方面 地方 情况 商品 产品 宝贝 卖家 店家 大家 朋友 家人 孩子 老婆 老公 自己 评价 评论 这个 那个 这种 样子 一点
  有点 有些 还有 还是 就是 不是 没有 可以 可能 应该 觉得 发现 知道 希望 使用 购买 收到 打开 拿到 比较 特别 非常 确实 真的 其实 当然
  总体 整体 总的 今天 昨天 现在 以后 之前 以前 根本 绝对 总算 待客 终于 刚好 正好 极差 极好 纯属 属于 拥有 入手 送货员 建议 看到 第一 第二 一次 两次 几天 一天 个月 个星期 星期 下次 上次 别人 别的 所以 因为 但是 不过 虽然 如果 而且`.split(
    /\s+/u,
  ),
);
const HAN = /^\p{Script=Han}{2,4}$/u;
/** Words that do not name things: 都是, 也不, 没有, 找到, 做得, 十分钟. */
const NO_CHINESE_NOUN =
  /^[一二两三四五六七八九十百千半几]|[到得]$|[都也不没很太就还又再才是了着过被把让给最更且]/u;
const WORD = /^[a-z]{3,}$/u;
/** Endings of words that are rarely nouns: adverbs, participles, superlatives. */
const NO_NOUN = /(?:ly|ed|est)$/u;
/** What follows the subject of a judgement in Chinese (质量很好, 物流也快). */
const AFTER_TOPIC =
  /^(?:很|太|非常|也|都|挺|真|特别|比较|还|不|有点|十分|超|够|更|偏|稍|略|没|一般|是|有|极)/u;

/** The words of a part of a sentence that may be its topics, in order, repeats kept. */
export function topics(part: string): Topic[] {
  const all = runs(part);
  const found: Topic[] = [];
  all.forEach((run, at) => {
    if (run.unspaced) found.push(...unspacedTopics(run.text));
    else if (isTopicWord(run.text)) {
      const before = all[at - 1]?.text ?? '';
      const after = all[at + 1]?.text ?? '';
      // "good sound", "the sound", "sound is"
      const noun = BEFORE_NOUN.has(before) || AFTER_NOUN.has(after) || isOpinionWord(before);
      found.push({ key: stem(run.text), word: run.text, noun });
    }
  });
  return found;
}

function unspacedTopics(run: string): Topic[] {
  const words = segment(run);
  const found: Topic[] = [];
  let rest = run;
  words.forEach((word, at) => {
    rest = rest.slice(word.length);
    if (!HAN.test(word) || NO_CHINESE_NOUN.test(word) || isEmpty(word)) return;
    const before = words[at - 1] ?? '';
    const judged = AFTER_TOPIC.test(rest) || isOpinionWord(words[at + 1] ?? '');
    found.push({ key: word, word, noun: judged || before === '的' || before === '好' });
  });
  return found;
}

function isTopicWord(word: string): boolean {
  return WORD.test(word) && !NO_NOUN.test(word) && !isEmpty(word);
}

function isEmpty(word: string): boolean {
  return isStopWord(word) || EMPTY.has(word) || isOpinionWord(word);
}
