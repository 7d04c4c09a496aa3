/**
 * Chinese words of praise and blame in shop reviews, written for this project; 4 and 2 are their strengths on AFINN's
 * scale from −5 to 5. A longer word wins over a shorter one in it (不错 is praise, 错 is blame).
 */
const WORDS: readonly (readonly [strength: number, words: string])[] = [
  [
    4,
    `太棒 超棒 真棒 很棒 棒极了 完美 极好 超好 超赞 点赞 很赞 太赞 惊艳 惊喜 超值 物超所值 物美价廉 性价比高 爱不释手 强烈推荐 值得推荐
    非常满意 超级满意 十分满意 无可挑剔 五星好评 一流 顶级 经典 精彩 震撼 感人 引人入胜 受益匪浅 回味无穷 大爱 最爱 超爱`,
  ],
  [
    2,
    `好 好吃 好喝 好用 好看 好听 好闻 好评 好玩 好穿 好书 好文 好货 好多了 很好 挺好 真好 更好 最好 良好 美好 美味 美观 美丽 漂亮 精美
    精致 精细 细腻 细致 细心 贴心 用心 耐心 热心 热情 周到 友好 友善 礼貌 亲切 客气 专业 认真 负责 可靠 放心 安心 省心 舒心 开心 高兴
    快乐 愉快 幸福 喜欢 喜爱 热爱 爱 爱上 爱吃 爱看 满意 满足 知足 感谢 谢谢 感动 感激 感恩 赞 棒 不错 不赖 不亏 不贵 不坑 不刺激 没毛病
    没问题 没得说 没的说 值 值得 值了 划算 实惠 便宜 优惠 超低价 合算 公道 优秀 优质 优雅 优美 优良 出色 出彩 卓越 突出 给力 牛 厉害
    强大 强悍 流畅 顺畅 顺滑 丝滑 柔顺 柔软 柔和 舒服 舒适 透气 轻便 轻巧 轻薄 方便 便捷 便利 简单易用 快捷 快速 迅速 及时 准时 神速
    很快 真快 挺快 高效 稳定 稳固 结实 坚固 牢固 耐用 扎实 厚实 正品 正宗 地道 新鲜 鲜美 香甜 清香 清爽 清甜 香 甜 脆 嫩 多汁 饱满
    够味 入味 干净 整洁 整齐 卫生 明亮 清晰 清楚 逼真 合身 合适 合脚 合体 修身 显瘦 显白 百搭 时尚 时髦 大方 大气 上档次 高档 高端
    有档次 有品位 温馨 温暖 温柔 保暖 暖和 安静 宁静 安全 宽敞 推荐 支持 回购 再来 还会来 会再 再买 常来 信赖 信任 相信 惊叹 佩服
    敬佩 欣赏 享受 有趣 有意思 有用 实用 实在 丰富 深刻 深入 生动 启发 启迪 启示 获益 受益 帮助 收获 进步 成功 成长 智慧 幽默
    真实 真诚 诚信 真挚 独特 独到 新颖 创新 灵活 灵敏 巧妙 合理 到位 齐全 完整 完好 一致 相符 符合 如期 靠谱 良心 良品 超出预期 好感
    可爱 萌 酷 帅 帅气 精神 体面 养眼 提神 解渴 滋润 保湿 去屑 蓬松 柔亮 顺口 爽口 爽 顺利 省电 省力 省事 省钱 静音 大屏 高清 通透 动人 难忘 名副其实`,
  ],
  [
    -2,
    `差 差评 差劲 差点 太差 很差 较差 不好 不行 不值 不佳 不良 不满 不爽 不快 不够 不足 不便 不适 不当 不合 不合适 不合身 不符 不一致 不一样
    不新鲜 不好吃 不好用 不好看 不好闻 不好喝 不舒服 不满意 不喜欢 不推荐 不建议 不会再 不再 不想 不如 不及 不值得 不靠谱 不专业 不耐烦
    不负责 不实用 不稳定 不清楚 不清晰 不灵敏 不流畅 不干净 不卫生 不透气 不耐用 不结实 不划算 不知所云 没用 没有用 没味道 没效果 没意思 没新意
    没意义 没法用 没法看 没人 没货 没送 没收到 没给 没有收到 无语 无聊 无趣 无味 无奈 无用 无效 错 错误 错字 错别字 错发 发错 送错 漏发 漏送 少发 少送
    少给 少了 慢 太慢 很慢 缓慢 迟到 超时 晚点 晚到 拖延 拖沓 等了 贵 太贵 偏贵 坑 坑人 坑爹 坑钱 骗 骗人 骗子 欺骗 忽悠 上当 虚假 假 假货 假的 赝品 盗版
    仿品 冒牌 山寨 劣质 次品 残次 瑕疵 缺陷 毛病 问题 故障 损坏 坏 坏了 坏的 破 破了 破损 破洞 裂 裂了 断 断了 碎 碎了 掉色 褪色 掉漆 掉毛 起球
    缩水 变形 变质 变味 漏 漏水 漏液 漏油 漏光 渗漏 生锈 发霉 霉 烂 烂了 腐烂 臭 异味 怪味 难闻 刺鼻 腥 馊 酸了 苦 难吃 难喝 难看 难用 难受 难懂 难以
    难闻 油腻 太油 太咸 太辣 太淡 太甜 太硬 太软 太小 太大 太薄 太短 太长 太紧 偏小 偏大 偏硬 凉了 冷了 冰冷 生硬 粗糙 毛糙 简陋 简单粗暴 马虎 敷衍 潦草
    草率 丑 土 土气 廉价 低档 低劣 脏 脏乱 污渍 灰尘 头发丝 虫 虫子 蟑螂 苍蝇 拉肚子 过敏 发痒 痒 头屑更多 干涩 打结 卡 卡顿 卡死 死机 黑屏 花屏 蓝屏 白屏
    闪退 重启 发热 发烫 烫手 噪音 噪声 吵 嘈杂 太吵 刺耳 模糊 失真 断断续续 失灵 失望 失败 后悔 遗憾 可惜 郁闷 生气 气愤 愤怒 恼火 烦 烦人 麻烦 讨厌 反感
    恶心 冷淡 冷漠 傲慢 粗鲁 恶劣 态度差 推脱 推卸 推诿 踢皮球 拒绝 投诉 退货 退款 退了 退换 换货 维修 返修 赔 赔偿 纠纷 抱怨 怀疑 怀疑是 慎买 慎重 小心 别买
    别信 警告 浪费 白花 亏 亏了 缺货 缺斤 缺少 短斤 名不副实 言过其实 夸大 夸张 言不由衷 空洞 空泛 乏味 枯燥 晦涩 肤浅 浅薄 幼稚 啰嗦 罗嗦 重复 凑字数 拼凑 东拼西凑 抄袭 牵强
    胡扯 胡说 矫情 做作 无病呻吟 看不下去 读不下去 看不懂 昏昏欲睡 一般 一般般 凑合 将就 勉强 普通 平庸 平淡 马马虎虎 鸡肋 多余`,
  ],
  [
    -4,
    `极差 超差 最差 差极了 垃圾 太烂 烂透 糟糕 糟透 糟 恶劣至极 奇差 非常差 差到极点 千万别买 千万不要 再也不 绝不再 永远不会 上当受骗 黑店 黑心 奸商 无良 诈骗 骗钱 无耻
    气死 恶心死 难吃死 难吃到 一塌糊涂 非常失望 太失望 很失望 极其失望 大失所望 非常不满 十分不满 极其恶劣`,
  ],
];

/** Words right before a word of praise or blame that turn it over. */
const NEGATIONS =
  '并没有 没有 没什么 并不 不是 不太 不怎么 不算 不够 毫无 谈不上 称不上 算不上 从不 不 没 无 未 非';
/** Words between a negation and what it turns over, the longer first. */
const DEGREES = '特别 非常 十分 那么 这么 怎么 什么 太 很 挺 够 是 大 多 再 的 得 能 会 挑 选 买 看 出';

export interface ChineseLexicon {
  readonly strengths: ReadonlyMap<string, number>;
  /** Characters of the longest word. */
  readonly longest: number;
  readonly negations: readonly string[];
  readonly degrees: readonly string[];
}

let lexicon: ChineseLexicon | null = null;

/** Made at the first call, so that whoever imports this without asking does not carry it along. */
export function chineseLexicon(): ChineseLexicon {
  if (lexicon !== null) return lexicon;
  const strengths = new Map(
    WORDS.flatMap(([strength, words]) =>
      words.split(/\s+/u).map((word): [string, number] => [word, strength]),
    ),
  );
  const longest = Math.max(...Array.from(strengths.keys(), (word) => Array.from(word).length));
  lexicon = { strengths, longest, negations: NEGATIONS.split(' '), degrees: DEGREES.split(' ') };
  return lexicon;
}
