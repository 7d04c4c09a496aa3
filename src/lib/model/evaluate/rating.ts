/**
 * Accuracy of predicted values over pairs, as plain loops over the definitions. `predicted` and `actual` have one
 * entry a pair, at least one.
 */

/** √ mean (p − a)². */
export function rmse(predicted: ArrayLike<number>, actual: ArrayLike<number>): number {
  return Math.sqrt(mean(predicted, actual, (p, a) => (p - a) ** 2));
}

/** mean |p − a|. */
export function mae(predicted: ArrayLike<number>, actual: ArrayLike<number>): number {
  return mean(predicted, actual, (p, a) => Math.abs(p - a));
}

/** A probability of exactly 0 or 1 that is wrong would cost infinitely much. */
const CLIP = 1e-7;

/** −mean (a log p + (1 − a) log(1 − p)), a in {0, 1}, p cut to [1e-7, 1 − 1e-7]. In nats. */
export function logLoss(probability: ArrayLike<number>, positive: ArrayLike<number>): number {
  return mean(probability, positive, (p, a) => {
    const cut = Math.min(1 - CLIP, Math.max(CLIP, p));
    return a === 1 ? -Math.log(cut) : -Math.log1p(-cut);
  });
}

/**
 * Area under the ROC curve: the probability that a positive scores above a negative, ties counting half (Mann &
 * Whitney 1947, by mean ranks). NaN where one class is absent: nothing is to be told apart.
 */
export function auc(scores: ArrayLike<number>, positive: ArrayLike<number>): number {
  const order = Array.from({ length: scores.length }, (_, at) => at).sort(
    (a, b) => (scores[a] ?? 0) - (scores[b] ?? 0),
  );
  let positives = 0;
  let rankSum = 0;
  for (let begin = 0, end = 0; begin < order.length; begin = end) {
    const score = scores[order[begin] ?? 0];
    while (end < order.length && scores[order[end] ?? 0] === score) end++;
    const meanRank = (begin + 1 + end) / 2;
    for (let at = begin; at < end; at++) {
      if (positive[order[at] ?? 0] !== 1) continue;
      positives++;
      rankSum += meanRank;
    }
  }
  const negatives = scores.length - positives;
  if (positives === 0 || negatives === 0) return NaN;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** Of a decision "positive where the score is at least `threshold`". Precision, recall and F1 are 0 where undefined. */
export interface Decision {
  readonly accuracy: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

export function decisionQuality(
  scores: ArrayLike<number>,
  positive: ArrayLike<number>,
  threshold: number,
): Decision {
  let hits = 0;
  let correct = 0;
  let chosen = 0;
  let positives = 0;
  for (let at = 0; at < scores.length; at++) {
    const says = (scores[at] ?? 0) >= threshold;
    const is = positive[at] === 1;
    hits += Number(says && is);
    correct += Number(says === is);
    chosen += Number(says);
    positives += Number(is);
  }
  const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
  return {
    accuracy: ratio(correct, scores.length),
    precision: ratio(hits, chosen),
    recall: ratio(hits, positives),
    f1: ratio(2 * hits, chosen + positives),
  };
}

function mean(
  predicted: ArrayLike<number>,
  actual: ArrayLike<number>,
  term: (predicted: number, actual: number) => number,
): number {
  let sum = 0;
  for (let at = 0; at < predicted.length; at++) sum += term(predicted[at] ?? NaN, actual[at] ?? NaN);
  return sum / predicted.length;
}
