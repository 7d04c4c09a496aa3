import process from 'node:process';
import { Recommender } from '../../src/lib/model/recommend/recommender.ts';
import { MODEL_KINDS } from '../../src/lib/types.ts';
import { plantedFactors, plantedItems, randomEvents, snapshotOf } from '../lib/model/recommend/planted.ts';

const FACTORS = 64;
const RUNS = 7;

/** Prints milliseconds of the thread's processor and of the clock for one report, medians of seven, as a line of JSON each. */
export async function run(): Promise<void> {
  for (const items of [420, 10_000]) {
    const catalogue = plantedItems(items);
    for (const model of MODEL_KINDS) {
      const snapshot = { ...snapshotOf(plantedFactors(items, FACTORS), FACTORS, model), trainedAt: 0 };
      const recommender = new Recommender(catalogue, snapshot);
      for (const count of [40, 400]) {
        const events = randomEvents(count, items, 7);
        const cpu: number[] = [];
        const wall: number[] = [];
        let points = 0;
        for (let run = 0; run <= RUNS; run++) {
          const [used, began] = [process.cpuUsage(), performance.now()];
          const report = await recommender.monitor(events);
          const { user, system } = process.cpuUsage(used);
          points = report?.points.length ?? 0;
          if (run === 0) continue; // the first compiles
          cpu.push((user + system) / 1_000);
          wall.push(performance.now() - began);
        }
        const figures = { cpuMs: median(cpu), wallMs: median(wall) };
        console.log(JSON.stringify({ model, items, factors: FACTORS, events: count, points, ...figures }));
      }
    }
  }
}

function median(values: readonly number[]): number {
  return Number((values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN).toFixed(1));
}
