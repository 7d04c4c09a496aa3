import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CpuBackend } from '../../../../src/lib/model/backends/cpu.ts';
import { evaluateRankings, evaluateScores } from '../../../../src/lib/model/evaluate/evaluate.ts';
import { foldedMatrix, holdOutUsers } from '../../../../src/lib/model/evaluate/split.ts';
import { IalsFit } from '../../../../src/lib/model/ials/fit.ts';
import { ialsHyperparameters } from '../../../../src/lib/model/ials/hyperparameters.ts';
import { strengthMatrix } from '../../../../src/lib/model/matrix/interactions.ts';
import { popularityScores } from '../../../../src/lib/model/popularity/popularity.ts';
import { EVENT_KINDS, type InteractionColumns } from '../../../../src/lib/types.ts';

const ratings = `${process.env['FAIRSHELF_DATA'] ?? '../shared/data'}/ml-latest-small/ratings.csv`;

/** Ratings .5–5 as `rate` events, half stars rounded up; users and items numbered as they come. */
function readRatings(): InteractionColumns {
  const lines = readFileSync(ratings, 'utf8').trim().split(/\r?\n/).slice(1);
  const rows = lines.map((line) => line.split(','));
  const positions = (column: number) => {
    const known = new Map<string, number>();
    const values = rows.map((row) => {
      const key = row[column]!;
      const position = known.get(key) ?? known.size;
      known.set(key, position);
      return position;
    });
    return { values: Int32Array.from(values), count: known.size };
  };
  const [user, item] = [positions(0), positions(1)];
  return {
    users: user.count,
    items: item.count,
    length: rows.length,
    user: user.values,
    item: item.values,
    kind: new Uint8Array(rows.length).fill(EVENT_KINDS.indexOf('rate')),
    stars: Uint8Array.from(rows, (row) => Math.ceil(Number(row[2]))),
    day: new Int32Array(rows.length),
  };
}

describe.skipIf(!existsSync(ratings))('iALS on MovieLens latest-small', () => {
  it('finds held-out favourites at least 1.3 times as well as popularity', async () => {
    const strengths = strengthMatrix(readRatings(), null);
    const { train, heldOut } = holdOutUsers(strengths, { seed: 1, candidates: strengths.rows });
    const popularity = popularityScores(train);
    const baseline = evaluateScores(heldOut, () => popularity, 10).ndcg;

    const backend = await CpuBackend.open({ threads: 1 });
    // fewer factors and iterations than the defaults, for the time of a test
    const hyperparameters = ialsHyperparameters(train, { factors: 32, iterations: 4 });
    const fit = IalsFit.start(backend, train, hyperparameters, 1);
    for (let iteration = 0; iteration < hyperparameters.iterations; iteration++) await fit.iterate();
    const folded = foldedMatrix(heldOut, strengths.columns);
    const { items } = await backend.topK({
      users: await fit.foldIn(folded),
      itemFactors: fit.itemFactors,
      seen: backend.uploadSparse(folded),
      k: 10,
    });
    const ndcg = evaluateRankings(heldOut, (_, row) => items.subarray(row * 10, (row + 1) * 10), 10).ndcg;
    expect(ndcg).toBeGreaterThan(1.3 * baseline);
  });
});
