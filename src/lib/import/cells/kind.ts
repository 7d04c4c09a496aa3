import { EVENT_KINDS, type EventKind } from '../../types.ts';
import { plainName } from '../recognise/column-names.ts';

/** What logs call the kinds (RetailRocket, Taobao, Google Analytics, Matomo, hand-made ones). */
const NAMES: ReadonlyMap<string, EventKind> = new Map<string, EventKind>([
  ...EVENT_KINDS.map((kind): [string, EventKind] => [kind, kind]),
  ...list('view', 'pv pageview viewitem productview itemview visit impression 浏览 点击浏览'),
  ...list('click', 'clk selectitem 点击'),
  ...list('like', 'fav favorite favourite wishlist addtowishlist save bookmark toread 收藏 喜欢'),
  ...list('rate', 'rating rated 评分'),
  ...list('basket', 'cart addtocart addtobasket add 加购 加入购物车'),
  ...list('order', 'buy purchase purchased transaction sale checkout 购买 下单'),
  ...list('hide', 'dislike block remove 不喜欢'),
  ...list('review', 'comment 评论'),
]);

/** The kind that a cell names; undefined for none that is known. */
export function parseKind(cell: string): EventKind | undefined {
  return NAMES.get(plainName(cell));
}

function list(kind: EventKind, names: string): [string, EventKind][] {
  return names.split(' ').map((name) => [name, kind]);
}
