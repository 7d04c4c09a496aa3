import type { why as english } from '../en/why.ts';
import type { Translation } from '../messages.ts';

/** Texts of the "why this?" panel, in Simplified Chinese. */
export const why = {
  title: '为什么推荐{name}？',
  'intro.factors': '本机的模型根据你的举动给每件商品打分。这一件的分数由这些部分相加而成：',
  'intro.text': '训练好的模型还不认识这件商品，分数来自它和你喜欢的商品共有的词：',
  'intro.popularity': '你还没有表露过喜好，所以先看其他顾客喜欢什么。',
  'intro.popularitySimulated': '你还没有表露过喜好，所以先看模拟顾客喜欢什么。',
  rank: '在你还没处理过的 {candidates} 件商品里，它排第 {rank}。',
  rankNone: '这件你已经处理过，所以不会再推荐。',
  score: '分数',
  sum: '各部分之和',
  'term.background': '你没碰过的商品',
  'term.popularity': '喜欢它的顾客人数',
  'event.view': '看过',
  'event.click': '点开过',
  'event.dwell': '看了一会儿',
  'event.like': '喜欢',
  'event.rate': '打了 {stars} 分',
  'event.basket': '放进购物篮',
  'event.order': '买过',
  'event.hide': '隐藏',
  'event.review': '评论过（{stars} 分）',
  words: '共有的词：{words}',
  remove: '去掉这个理由',
  removeFor: '去掉这个理由：{name}',
  removed: '已去掉你对{name}的记录，货架也忘掉了。',
  none: '你做过的事对它没有影响。',
  more: '还有 {count} 个较小的部分',
  loading: '正在加总…',
} satisfies Translation<typeof english>;
