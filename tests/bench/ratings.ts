/**
 * RMSE and MAE of the models of explicit ratings on given folds: files NAME.base and NAME.test of MovieLens' tab
 * separated user, item, rating, time. Run by ratings.mjs.
 *
 *     FOLDER [--model biased|als|svdpp|bayesian] [--folds u1,u2] [--seed 1] [--set factors=64] [--hold-out 0.1]
 *
 * With --hold-out a share of each base file (seed 1) takes the place of the test file, which is not read: for choosing
 * hyper-parameters.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fitBayesian } from '../../src/lib/model/explicit/bayesian.ts';
import { fitBiased } from '../../src/lib/model/explicit/biased.ts';
import { holdOutRatings, ratingErrors } from '../../src/lib/model/explicit/options.ts';
import type { RatingColumns } from '../../src/lib/model/explicit/ratings.ts';
import { fitSvdpp } from '../../src/lib/model/explicit/svdpp.ts';

const SCALE = { min: 1, max: 5 };

type Predict = (user: number, item: number, time?: number) => number;

/** Trains a model of a name. */
async function fit(
  model: string,
  train: RatingColumns,
  set: Readonly<Record<string, number>>,
  seed: number,
): Promise<{ predict: Predict }> {
  const options = { seed, scale: SCALE };
  switch (model) {
    case 'biased':
      return fitBiased(train, set, options);
    case 'als':
      return fitBiased(train, set, { ...options, solver: 'als' });
    case 'svdpp':
      return fitSvdpp(train, set, options);
    case 'bayesian':
      return fitBayesian(train, set, options);
    default:
      throw new Error(`There is no model ${model}.`);
  }
}

export async function run(args: readonly string[]): Promise<void> {
  const [folder = '', ...rest] = args;
  const option = (name: string, fallback: string): string => {
    const at = rest.indexOf(`--${name}`);
    return at === -1 ? fallback : (rest[at + 1] ?? fallback);
  };
  const set = Object.fromEntries(
    rest.flatMap((word, at) => {
      const [name = '', value = ''] = rest[at - 1] === '--set' ? word.split('=') : [];
      return name === '' ? [] : [[name, Number(value)] as const];
    }),
  );
  const model = option('model', 'biased');
  const seed = Number(option('seed', '1'));
  const share = Number(option('hold-out', '0'));
  console.log(`${model}, seed ${seed}${share > 0 ? `, ${share} of each base file held out` : ''}`);
  const rows: { rmse: number; mae: number; seconds: number }[] = [];
  for (const fold of option('folds', 'u1,u2,u3,u4,u5').split(',')) {
    const base = join(folder, `${fold}.base`);
    const { train, test } = share > 0 ? heldOut(base, share) : given(base, join(folder, `${fold}.test`));
    const [began, used] = [performance.now(), process.cpuUsage().user];
    const fitted = await fit(model, train, set, seed);
    const seconds = (performance.now() - began) / 1_000;
    const processor = (process.cpuUsage().user - used) / 1e6;
    const { rmse, mae } = ratingErrors(test, SCALE, (user, item, time) => fitted.predict(user, item, time));
    // with times, what the model makes of a pair whose time is not known
    const timeless = ratingErrors(test, SCALE, (user, item) => fitted.predict(user, item));
    rows.push({ rmse, mae, seconds });
    console.log(
      `${fold}  RMSE ${rmse.toFixed(4)}  MAE ${mae.toFixed(4)}  fit ${seconds.toFixed(3)} s (processor ${processor.toFixed(3)} s)` +
        (model === 'bayesian' ? `  without the time of the rating RMSE ${timeless.rmse.toFixed(4)}` : ''),
    );
  }
  const mean = (of: (row: (typeof rows)[number]) => number): number =>
    rows.reduce((sum, row) => sum + of(row), 0) / rows.length;
  console.log(
    `mean RMSE ${mean((row) => row.rmse).toFixed(4)}  MAE ${mean((row) => row.mae).toFixed(4)}  fit ${mean((row) => row.seconds).toFixed(3)} s`,
  );
}

/** Users and items of both files, so that those only in test are there, without ratings. */
function given(base: string, testFile: string): { train: RatingColumns; test: RatingColumns } {
  const [train, test] = [read(base), read(testFile)];
  const users = Math.max(train.users, test.users);
  const items = Math.max(train.items, test.items);
  return { train: { ...train, users, items }, test: { ...test, users, items } };
}

function heldOut(base: string, share: number): { train: RatingColumns; test: RatingColumns } {
  const parts = holdOutRatings(read(base), share, 1);
  return { train: parts.train, test: parts.heldOut };
}

function read(file: string): RatingColumns {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  const cells = lines.map((line) => line.split('\t').map(Number));
  const column = (at: number): number[] => cells.map((row) => row[at] ?? Number.NaN);
  const [user, item] = [
    Int32Array.from(column(0), (id) => id - 1),
    Int32Array.from(column(1), (id) => id - 1),
  ];
  return {
    users: 1 + user.reduce((most, id) => Math.max(most, id), -1),
    items: 1 + item.reduce((most, id) => Math.max(most, id), -1),
    user,
    item,
    rating: Float32Array.from(column(2)),
    time: Float64Array.from(column(3)),
  };
}
