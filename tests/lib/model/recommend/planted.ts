import { normalMatrix, Random } from '../../../../src/lib/model/matrix/random.ts';
import type { ItemFactors } from '../../../../src/lib/model/recommend/item-factors.ts';
import type { ProfileEvent, RecommenderItem } from '../../../../src/lib/model/recommend/types.ts';
import {
  EVENT_KINDS,
  type ItemIndex,
  type ModelKind,
  type ModelSnapshot,
  type PackId,
} from '../../../../src/lib/types.ts';

/** Tastes of the planted shop, each with its own words. */
export const TASTES = [
  { category: 'coffee', en: 'coffee espresso grinder barista', zh: '咖啡壶 磨豆机 拿铁' },
  { category: 'camping', en: 'tent lantern trail outdoor', zh: '帐篷 露营灯 户外' },
  { category: 'music', en: 'guitar strings drum melody', zh: '吉他 琴弦 旋律' },
  { category: 'garden', en: 'soil seeds watering pruning', zh: '园艺 种子 浇水' },
] as const;

/** An item of taste `index % 4` with words drawn from it. */
export function plantedItem(index: number, change: Partial<RecommenderItem> = {}): RecommenderItem {
  const taste = TASTES[index % TASTES.length]!;
  const words = taste.en.split(' ');
  return {
    name: { en: `${words[index % 3]!} ${words[(index + 1) % 4]!}`, zh: taste.zh.split(' ')[index % 3]! },
    brand: `brand${index % 7}`,
    category: taste.category,
    description: { en: taste.en },
    attributes: [],
    popularity: 40 + ((index * 37) % 200),
    ratingCounts: [0, 0, 1, 2, 3],
    ...change,
  };
}

export function plantedItems(count: number): RecommenderItem[] {
  return Array.from({ length: count }, (_, index) => plantedItem(index));
}

/** Factors near the axis of each item's taste, with noise. */
export function plantedFactors(
  count: number,
  factors: number,
  seed = 1,
  noise = 0.1,
): Float32Array<ArrayBuffer> {
  const values = normalMatrix(count, factors, noise, seed);
  for (let item = 0; item < count; item++) {
    const at = item * factors + (item % TASTES.length);
    values[at] = (values[at] ?? 0) + 1;
  }
  return values;
}

export const HYPERPARAMETERS: Readonly<Record<ModelKind, Readonly<Record<string, number>>>> = {
  ials: {
    factors: 8,
    alpha: 0.5,
    unobservedWeight: 0.05,
    regularization: 0.01,
    frequencyScaling: 1,
    initialScale: 0.1,
    iterations: 16,
  },
  logistic: {
    factors: 8,
    alpha: 2,
    unobservedWeight: 0.2,
    intercept: -0.8,
    regularization: 2,
    learningRate: 0.05,
    iterations: 30,
  },
};

export function snapshotOf(
  itemFactors: Float32Array<ArrayBuffer>,
  factors: number,
  model: ModelKind = 'ials',
): ModelSnapshot {
  return {
    version: 1,
    packId: 'planted' as PackId,
    packFingerprint: '',
    model,
    items: itemFactors.length / factors,
    factors,
    hyperparameters: { ...HYPERPARAMETERS[model], factors },
    itemFactors,
    device: 'cpu',
    deviceName: 'test',
    seed: 1,
    iterations: 1,
    interactions: 1,
    trainedAt: 0,
    trainSeconds: 0,
    quality: { users: 0, ndcgAt10: 0, recallAt10: 0, popularityNdcgAt10: 0 },
    checksum: '',
  };
}

/** Factors as the fold-in takes them, all trained. */
export function trainedFactors(data: Float32Array, items: number, factors: number): ItemFactors {
  const norms = Float64Array.from({ length: items }, (_, item) =>
    Math.hypot(...data.subarray(item * factors, (item + 1) * factors)),
  );
  return { items, factors, data, fromText: new Uint8Array(items), norms };
}

let nextEvent = 0;

/** An event with an id of its own, a minute after the one made before it. */
export function event(item: number, change: Partial<ProfileEvent> = {}): ProfileEvent {
  nextEvent++;
  return {
    id: `event-${nextEvent}`,
    item: item as ItemIndex,
    kind: 'like',
    stars: 0,
    seconds: 0,
    at: 1_700_000_000_000 + nextEvent * 60_000,
    ...change,
  };
}

/** `count` events of all kinds on items below `items`. */
export function randomEvents(count: number, items: number, seed: number): ProfileEvent[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => {
    const kind = EVENT_KINDS[random.below(EVENT_KINDS.length)]!;
    return event(random.below(items), {
      kind,
      stars: kind === 'rate' || kind === 'review' ? 1 + random.below(5) : 0,
      seconds: kind === 'dwell' ? random.below(120) : 0,
    });
  });
}
