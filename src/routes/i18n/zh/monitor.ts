import type { monitor as en } from '../en/monitor.ts';
import type { Translation } from '../messages.ts';

/** “它猜你猜得准不准”一栏的文字。 */
export const monitor: Translation<typeof en> = {
  title: '它猜你猜得准不准',
  intro:
    '模型练好之后，你每看上一件商品，就回头查一查：就在那之前，它把这件商品排在第几？查的时候只让它看你此前的行为。',
  privacy: '每次都在这台设备上，用你留着的记录现算，不另存任何东西。删掉一条记录，这里也就没有它了。',
  noModel: '还没有模型，也就谈不上猜得准不准。',
  working: '正在回顾你的记录……',
  failed: '没能算出来。{reason}',
  tooFew: '需要 {needed} 件商品，目前有 {count} 件。去店里逛逛，曲线就会出现。',

  hitRate: '排进前十的',
  hitRateNote:
    '这些商品里，有多少当时排在全店前十。摆上货架的东西本来就更容易被点到，所以要跟热门榜对照着看。',
  model: '本模型',
  popularity: '热门榜',
  promised: '训练时的成绩',
  chance: '随手抽十件',
  interval: '大致在 {low} 到 {high}',
  reciprocalRank: '名次倒数的平均',
  reciprocalRankNote: '热门榜 {popularity}',
  chartLabel: '{count} 件商品里排进前十的：本模型 {model}，热门榜 {popularity}。下面的表格里逐件列出。',
  axis: '你先后看上的商品',
  table: '逐件看',
  tableProduct: '商品',
  tableWhen: '时间',
  tableRank: '名次',
  tablePopularityRank: '热门榜名次',
  tableCandidates: '共几件',
  gone: '已不在店里',

  calibration: '它知道你会喜欢什么吗？',
  calibrationFew: '需要 {needed} 个态度，目前有 {count} 个：训练之后的喜欢、下单、隐藏和评分都算，三星不算。',
  calibrationNote:
    '把你表态之前的预测分成几组，看每组里你后来真正喜欢的有多少。落在虚线上就是说准了；竖线是真实比例大致所在的范围。',
  calibrationIals: '这个模型给的是偏好的高低，不是概率：越高应该越常被喜欢，但数字可能整体偏低。',
  calibrationLabel: '预测与你真正喜欢的对照，分 {bins} 组。数字见表格。',
  calibrationX: '预测',
  calibrationY: '喜欢',
  binPredicted: '预测',
  binLiked: '喜欢的',
  binInterval: '大致范围',
  binCount: '态度数',
  brier: 'Brier 分数 {brier}（0 最好；每次都只报平均值的话是 {average}）。',
  concordance: '拿一件你喜欢的和一件不喜欢的比，它把喜欢的排在前面的占 {share}。',

  drift: '有什么变了',
  tasteFew: '你的口味：训练前有 {before} 件商品，训练后有 {since} 件，两边各要 {needed} 件才好比较。',
  tasteNone: '你的口味：有一边没有任何看得上的商品，没法比较。',
  tasteSame: '你的口味和训练那时差不多（相似度 {cosine}，1 为完全一样）。',
  tasteMoved: '训练之后，你的口味变了（相似度 {cosine}，1 为完全一样）。',
  tasteChance: '你的口味看上去变了（相似度 {cosine}，1 为完全一样），但商品还太少，也可能只是碰巧。',
  catalogueTrained: '商品目录：{items} 件商品，模型都从大家的选择里学过。',
  catalogueUntrained:
    '商品目录：{items} 件里有 {untrained} 件（{share}）还没人碰过，模型只能凭文字认识它们。',
  shopChanged:
    '你的模型练好之后，店里变了：那时有 {before} 件商品，现在有 {now} 件。重新训练之前，先不用它。',

  suggestion: '要重新训练吗？',
  keep: '不用，没看出有什么必要。',
  early: '现在说还太早。',
  reasonHitRate: '它猜你不如训练时那么准：训练时 {promised}，现在 {rate}。',
  reasonTaste: '你看上的东西和以前不一样了。',
  train: '带上新记录再练一次',
};
