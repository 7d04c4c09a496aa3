import type { taste as english } from '../en/taste.ts';
import type { Translation } from '../messages.ts';

/** Texts about taste from outside a shop's events, in Simplified Chinese. */
export const taste = {
  say: '说说你喜欢什么',
  sayAsk: '写几个词，第一排就是你的。不想说也行，随便逛逛就好。',
  sayKnown: '这些抵得上几次“喜欢”；你在店里逛得越多，它们的分量越轻。',
  sayWords: '用自己的话说说喜好',
  sayPlaceholder: '越野跑、手冲咖啡',
  sayAdd: '看看',
  sayCategories: '或者挑几样合你心意的',
  saySaid: '你说过',
  sayUnheard: '店里没有对得上的',
  sayUnheardNote: '店里没有商品的介绍提到：{words}。换个说法也许能找到。',
  sayFull: '已经够多了。删掉一些才能再加。',
  sayClose: '不用了，别再问',
  sayPrivate: '和其他记录一样，只留在本机，随时可以删掉。',
  remove: '删除“{name}”',
  removed: '已收回“{name}”，推荐里不再有它。',
  removedShop: '已删除你在“{shop}”对{name}做过的事，推荐里不再有它。',
  cross: '几家店共用喜好',
  crossNote:
    '关着的时候，每家店只知道你在这家店里做过什么。打开以后，你在一家店喜欢的东西，会替另一家店里介绍相近的商品说话。全在本机计算，什么都不会发出去；一关上，推荐里马上就没有了。',
  crossSwitch: '让我的几家店共用喜好',
  crossNothing: '还没有可以共用的：你在本机保存的其他店里还什么都没做过。',
  crossFrom: { other: '来自{shops}的 {count} 件商品在这里起作用。' },
  termSaid: '你说过“{name}”',
  termShop: '在“{shop}”：{events}',
} as const satisfies Translation<typeof english>;
