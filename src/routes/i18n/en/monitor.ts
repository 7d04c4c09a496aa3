/** Texts of the card that says how well the model in use predicts the visitor. */
export const monitor = {
  title: 'How well it predicts you',
  intro:
    'For each product you turned to since the model was trained: where had it put that product just before? It was shown only what you had done until then.',
  privacy:
    'Worked out on this device from the events you keep, anew each time. Nothing further is stored: erase an event, and it is gone from here too.',
  noModel: 'There is no model yet that could have predicted anything.',
  working: 'Looking back over your events …',
  failed: 'This could not be worked out. {reason}',
  tooFew: '{count} of the {needed} products needed so far. Look around the shop, and the chart begins here.',

  // Hit rate
  hitRate: 'Among the first ten',
  hitRateNote:
    'Share of those products that stood among the first ten of all. What a shelf shows is picked more easily, so read it beside popularity, not alone.',
  model: 'this model',
  popularity: 'popularity',
  promised: 'promised by training',
  chance: 'ten drawn by chance',
  interval: 'likely {low} to {high}',
  reciprocalRank: 'mean of 1 ÷ rank',
  reciprocalRankNote: 'popularity {popularity}',
  chartLabel:
    'Among the first ten, over {count} products: this model {model}, popularity {popularity}. The table below has every product.',
  axis: 'products you turned to, in order',
  table: 'Product by product',
  tableProduct: 'Product',
  tableWhen: 'When',
  tableRank: 'Rank',
  tablePopularityRank: 'By popularity',
  tableCandidates: 'Of',
  gone: 'no longer here',

  // Calibration
  calibration: 'Does it know what you will like?',
  calibrationFew:
    '{count} of the {needed} opinions needed so far: likes, orders, hides and ratings since training, but for three stars.',
  calibrationNote:
    'What it predicted before you said, in groups, against the share you then liked. On the dashed line both are the same; the bars show where the true share is likely to be.',
  calibrationIals:
    'This model predicts a preference, not a probability: higher should mean liked more often, but its figures may all lie low.',
  calibrationLabel: 'Prediction against what you liked, in {bins} groups. The table has the figures.',
  calibrationX: 'predicted',
  calibrationY: 'liked',
  binPredicted: 'Predicted',
  binLiked: 'Liked',
  binInterval: 'Likely',
  binCount: 'Opinions',
  brier: 'Brier score {brier} (0 is perfect; always saying your average has {average}).',
  concordance: 'A product you liked had been put above one you disliked {share} of the time.',

  // Drift
  drift: 'What has changed',
  tasteFew:
    'Your taste: {before} products from before training and {since} from after it; {needed} each are needed to compare.',
  tasteNone: 'Your taste: one side has nothing that speaks for a product, so it cannot be compared.',
  tasteSame: 'Your taste is much as it was when the model was trained (likeness {cosine}, 1 is the same).',
  tasteMoved: 'Your taste has moved since the model was trained (likeness {cosine}, 1 is the same).',
  tasteChance:
    'Your taste looks different (likeness {cosine}, 1 is the same), but so few products can by chance.',
  catalogueTrained: 'The catalogue: the model has learnt all {items} products from what people chose.',
  catalogueUntrained:
    'The catalogue: {untrained} of {items} products ({share}) nobody has touched; the model knows them by their words.',
  shopChanged:
    'The shop has changed since your model was trained: it knew {before} products, now there are {now}. It is set aside until you train again.',

  // Suggestion
  suggestion: 'Train again?',
  keep: 'No need: nothing here speaks for it.',
  early: 'Too early to say.',
  reasonHitRate: 'It predicts you less well than training promised: {rate} instead of {promised}.',
  reasonTaste: 'You turn to other things than before.',
  train: 'Train with what is new',
} as const;
