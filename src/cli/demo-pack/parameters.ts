/** Every number of the community's generative model (docs/demo-pack.md), calibrated by tests/cli/demo-pack. */
export const COMMUNITY = {
  shoppers: 5200,
  /** First and last day of the simulated year: 2025-01-01 and 2025-12-31, in days since 1970-01-01. */
  firstDay: 20_089,
  lastDay: 20_453,

  /** Shares of shoppers with one, two and three tastes, and the Dirichlet concentration of their weights. */
  tasteCounts: [0.45, 0.35, 0.2],
  tasteConcentration: 4,
  /** Categories that a shopper likes on top of any taste. */
  likedCategories: 3,
  /** Share of shoppers who write Chinese. */
  chinese: 0.4,

  /** Popularity weight of the item of rank r among the touched ones: r^-exponent (Zipf-like, moderate). */
  zipfExponent: 0.95,

  /** Visits a shopper pays in the year: 1 + a geometric-like draw with this mean (gamma-mixed, so some come often). */
  meanVisits: 7.8,
  visitShape: 1.5,
  /** Products on the page of one visit, and the share of them that the visit's taste (not the front page) chose. */
  slate: 20,
  searchShare: 0.53,
  /** Chance to look at position k (from 0): 1 / (1 + positionDecay · k). */
  positionDecay: 0.18,

  /** Log-odds of opening a product that was looked at: base + taste match + liked category − price + noise. */
  baseAppeal: -1.0,
  tasteAppeal: 1.8,
  categoryAppeal: 0.6,
  /** Mean and spread over shoppers of what one standard deviation of log price costs. */
  priceEffect: 0.25,
  priceSpread: 0.25,
  /** Spread over shoppers and items of what nothing explains. */
  noise: 0.9,

  /** After opening: log-odds offsets of liking, of the basket and, from there, of buying. */
  likeOffset: -3.2,
  basketOffset: -2.2,
  orderOffset: 0.2,
  /** Share of buyers who rate, and of lookers who rate without buying (they know the thing already). */
  rateAfterOrder: 0.75,
  rateAfterView: 0.04,
  /** Share of ratings with words. */
  reviewShare: 0.65,
  /** Days from an order to its rating. */
  ratingDelay: [2, 14],
  /** Stars: centre + appeal and quality effects + noise, rounded and kept within 1–5. */
  starsCentre: 3.35,
  starsAppeal: 0.45,
  starsQuality: 0.45,
  starsNoise: 1.0,
} as const;
