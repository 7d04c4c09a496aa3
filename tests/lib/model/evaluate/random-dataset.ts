import { datasetOf, type Dataset } from '../../../../src/lib/model/evaluate/dataset.ts';
import { Random } from '../../../../src/lib/model/matrix/random.ts';

/** Random ratings 1–5 with times, popular items more often. */
export function randomDataset(users: number, items: number, entries: number, seed: number): Dataset {
  const random = new Random(seed);
  const numbers = (value: () => number) => Array.from({ length: entries }, value);
  return datasetOf({
    users,
    items,
    user: Int32Array.from(numbers(() => random.below(users))),
    item: Int32Array.from(numbers(() => Math.floor(items * random.uniform() ** 2))),
    value: Float32Array.from(numbers(() => 1 + random.below(5))),
    time: Float64Array.from(numbers(() => random.below(1_000_000))),
  }).dataset;
}
