import type { basket as english } from '../en/basket.ts';
import type { Translation } from '../messages.ts';

/** Texts of the Basket page, in Simplified Chinese. */
export const basket = {
  title: '购物篮',
  'empty.title': '购物篮还空着',
  'empty.text': '不急，没有什么会卖光。',
  'empty.shop': '去逛逛',
  each: '单价 {price}',
  quantity: '{name}的数量',
  more: '{name}加一件',
  less: '{name}减一件',
  remove: '拿出{name}',
  removed: '{name}已拿出购物篮。',
  total: '合计',
  totalNote: '共 {count} 件，示例价格。',
  unpriced: '其中 {count} 件没有标价。',
  checkout: '下一张模拟订单',
  checkoutNote: '不填地址、不付款、不发货：订单只存在这台设备上，好让货架从中学习。',
  ordered: '模拟订单已存在这台设备上。',
  'orders.title': '你的模拟订单',
  'orders.of': '{date}的订单',
  'orders.line': '{name} × {quantity}',
  'orders.unknown': '一件已下架的商品',
  unknown: '有 {count} 件已不在本店，替你另外留着。',
} satisfies Translation<typeof english>;
