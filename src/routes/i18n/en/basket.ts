/** Texts of the Basket page. */
export const basket = {
  title: 'Basket',
  'empty.title': 'The basket is empty',
  'empty.text': 'Nothing waits for you here, and nothing runs out.',
  'empty.shop': 'Go to the shop',
  each: '{price} each',
  quantity: 'Quantity of {name}',
  more: 'One more {name}',
  less: 'One {name} fewer',
  remove: 'Take {name} out',
  removed: '{name} is out of the basket.',
  total: 'Total',
  totalNote: {
    one: '{count} thing. Prices of the sample shop.',
    other: '{count} things. Prices of the sample shop.',
  },
  unpriced: { one: '{count} thing has no price.', other: '{count} things have no price.' },
  checkout: 'Place a pretend order',
  checkoutNote:
    'No address, no payment, nothing is delivered: the order is only stored on this device, so that the shelves can learn from it.',
  ordered: 'The pretend order is stored on this device.',
  'orders.title': 'Your pretend orders',
  'orders.of': 'Order of {date}',
  'orders.line': '{quantity} × {name}',
  'orders.unknown': 'a product that is no longer in the shop',
  unknown: {
    one: '{count} thing is not in this shop any more and is kept aside.',
    other: '{count} things are not in this shop any more and are kept aside.',
  },
} as const;
