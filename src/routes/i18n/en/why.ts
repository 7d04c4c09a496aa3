/** Texts of the "why this?" panel. */
export const why = {
  title: 'Why {name}?',
  'intro.factors':
    'The model on this device gives every product a score from what you did here. These parts add up to this one’s:',
  'intro.text':
    'No trained model knows this product, so its score rests on the words it shares with what you liked:',
  'intro.popularity': 'You have not shown any taste yet, so this rests on what other shoppers liked.',
  'intro.popularitySimulated':
    'You have not shown any taste yet, so this rests on what simulated shoppers liked.',
  rank: 'It stands at {rank} of {candidates} products that you have not dealt with.',
  rankNone: 'It is not suggested, because you have dealt with it already.',
  score: 'Score',
  sum: 'Sum of the parts',
  'term.background': 'What you have not touched',
  'term.popularity': 'How many shoppers liked it',
  'event.view': 'viewed',
  'event.click': 'opened',
  'event.dwell': 'looked at for a while',
  'event.like': 'liked',
  'event.rate': 'rated {stars}',
  'event.basket': 'in the basket',
  'event.order': 'bought',
  'event.hide': 'hidden',
  'event.review': 'reviewed ({stars})',
  words: 'Shared words: {words}',
  remove: 'Remove this reason',
  removeFor: 'Remove this reason: {name}',
  removed: 'Removed what you did with {name}; the shelves forgot it.',
  none: 'Nothing you did speaks for or against it.',
  more: { one: '{count} smaller part', other: '{count} smaller parts' },
  loading: 'Adding it up…',
} as const;
