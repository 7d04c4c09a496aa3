import { describe, expect, it } from 'vitest';
import {
  bprFromState,
  cclFromState,
  fitBpr,
  fitCcl,
  type ContrastiveState,
} from '../../../../src/lib/model/contrastive/fit.ts';
import type { CclHyperparameters } from '../../../../src/lib/model/contrastive/hyperparameters.ts';
import { rankTopK } from '../../../../src/lib/model/evaluate/rank.ts';
import type { CsrMatrix } from '../../../../src/lib/model/matrix/csr.ts';
import { Random } from '../../../../src/lib/model/matrix/random.ts';
import { sparseOf } from '../support/random-matrices.ts';

const GROUPS = 4;
const ITEMS = 80;
const USERS = 120;
/** Nobody's row, behind the planted users. */
const EMPTY = USERS;

/** Users like half of the items of one group each; the other half of the group's items is what is to be found. */
function planted(seed: number): { train: CsrMatrix; held: CsrMatrix } {
  const random = new Random(seed);
  const [train, held] = [0, 1].map(() =>
    Array.from({ length: USERS + 1 }, () => new Array<number>(ITEMS).fill(0)),
  ) as [number[][], number[][]];
  for (let user = 0; user < USERS; user++) {
    for (let item = user % GROUPS; item < ITEMS; item += GROUPS) {
      (random.uniform() < 0.6 ? train : held)[user]![item] = 1;
    }
  }
  return { train: sparseOf(train), held: sparseOf(held) };
}

const { train, held } = planted(5);
const itemsOf = (matrix: CsrMatrix, user: number): Int32Array =>
  matrix.indices.subarray(matrix.indptr[user], matrix.indptr[user + 1]);

/** Share of the first 8 unseen items that are of the user's group, over all users: 1/4 by chance. */
function precision(scoresOf: (user: number) => Float64Array): number {
  let hits = 0;
  for (let user = 0; user < USERS; user++) {
    const ranked = rankTopK(scoresOf(user), itemsOf(train, user), 8);
    hits += ranked.filter((item) => item % GROUPS === user % GROUPS).length;
  }
  return hits / (8 * USERS);
}

const FITS = [
  {
    name: 'CCL',
    fit: fitCcl,
    fromState: cclFromState,
    hyper: { factors: 8, epochs: 40, batchUsers: 16, negatives: 60 },
  },
  {
    name: 'BPR',
    fit: fitBpr,
    fromState: bprFromState,
    hyper: { factors: 8, epochs: 40, batchUsers: 16, candidates: 2, popularityExponent: 0.5 },
  },
] as const;

describe.each(FITS)('$name', ({ fit, fromState, hyper }) => {
  // one signature for both: what differs is the type of the hyper-parameters alone
  const run = fit as typeof fitCcl;
  const load = fromState as typeof cclFromState;

  it('finds planted groups, for its users and for new ones', async () => {
    const losses: number[] = [];
    const model = await run(train, hyper, { seed: 3, onProgress: ({ loss }) => losses.push(loss) });
    expect(losses).toHaveLength(40);
    expect(losses.at(-1)!).toBeLessThan(losses[0]! / 2);
    const found = precision((user) => model.scoresOf(user));
    expect(found).toBeGreaterThan(0.7);
    const folded = precision((user) => model.scoresOfRow(model.foldIn(itemsOf(train, user))));
    expect(folded).toBeGreaterThan(0.7);
    expect([...model.scoresOf(EMPTY)].every((score) => score === 0)).toBe(true);
    expect(model.foldIn([])).toEqual(new Float64Array(8));
  });

  it('is the same for the same seed, another for another', async () => {
    const of = async (seed: number) => (await run(train, { ...hyper, epochs: 3 }, { seed })).itemFactors;
    expect(await of(3)).toEqual(await of(3));
    expect(await of(3)).not.toEqual(await of(4));
  });

  it('goes on from a state saved half-way as if nothing had happened', async () => {
    let saved: ContrastiveState<CclHyperparameters> | undefined;
    const controller = new AbortController();
    const interrupted = run(
      train,
      { ...hyper, epochs: 6 },
      {
        seed: 3,
        signal: controller.signal,
        onProgress: ({ epoch, state }) => {
          if (epoch !== 2) return;
          saved = structuredClone(state());
          controller.abort();
        },
      },
    );
    await expect(interrupted).rejects.toMatchObject({ code: 'cancelled' });
    const whole = await run(train, { ...hyper, epochs: 6 }, { seed: 3 });
    const resumed = await run(train, { ...hyper, epochs: 6 }, { seed: 9, from: saved! });
    expect(resumed.itemFactors).toEqual(whole.itemFactors);
    expect(resumed.userFactors).toEqual(whole.userFactors);
    const loaded = load(structuredClone(whole.toState()));
    expect(loaded.scoresOf(5)).toEqual(whole.scoresOf(5));
  });

  it('takes in new users and items when it goes on', async () => {
    const before = await run(train, { ...hyper, epochs: 10 }, { seed: 3 });
    const dense = Array.from({ length: USERS + 3 }, (_, user) =>
      Array.from({ length: ITEMS + 2 }, (_, item) =>
        Number(item % GROUPS === user % GROUPS && item % 3 !== user % 3),
      ),
    );
    const after = await run(sparseOf(dense), { ...hyper, epochs: 20 }, { seed: 3, from: before.toState() });
    expect(after.epochs).toBe(20);
    const ranked = rankTopK(after.scoresOf(USERS + 2), [], 8);
    expect(ranked.filter((item) => item % GROUPS === (USERS + 2) % GROUPS).length).toBeGreaterThan(5);
  });

  it('keeps the best model on validation and stops once it gets no better', async () => {
    const measured: number[] = [];
    const model = await run(
      train,
      { ...hyper, epochs: 200 },
      {
        seed: 3,
        validation: { held, every: 5, patience: 2 },
        onProgress: ({ ndcg }) => {
          if (ndcg !== null) measured.push(ndcg);
        },
      },
    );
    const best = measured.indexOf(Math.max(...measured));
    expect(best).toBe(measured.length - 3);
    expect(model.epochs).toBe(5 * (best + 1));
  });

  it('names what is wrong with its input', async () => {
    const empty = sparseOf([[0, 0]]);
    const error = (code: string) => expect.objectContaining({ code }) as unknown;
    await expect(run(empty, {}, { seed: 1 })).rejects.toEqual(error('not-enough-data'));
    for (const wrong of [{ factors: 81 }, { factors: 2.5 }, { epochs: Number.NaN }, { nonsense: 1 }]) {
      await expect(run(train, wrong, { seed: 1 })).rejects.toEqual(error('hyperparameter-invalid'));
    }
    await expect(run(train, {}, { seed: 1.5 })).rejects.toEqual(error('input-invalid'));
    await expect(run(train, {}, { seed: 1, validation: { held: train } })).rejects.toEqual(
      error('input-invalid'),
    );
    const model = await run(train, { ...hyper, epochs: 1 }, { seed: 1 });
    expect(() => model.scoresOf(USERS + 1)).toThrow(error('input-invalid'));
    expect(() => model.foldIn([80])).toThrow(error('input-invalid'));
    const other = run(train, { ...hyper, factors: 4 }, { seed: 1, from: model.toState() });
    await expect(other).rejects.toEqual(error('input-invalid'));
    const state = model.toState();
    const cut = {
      ...state,
      sides: { ...state.sides, items: { ...state.sides.items, steps: new Int32Array(3) } },
    };
    expect(() => load(cut)).toThrow();
  });
});

it('learns likes from positive entries alone', async () => {
  const matrix = sparseOf([
    [2, 0, -1, 1],
    [0, 3, 1, -2],
  ]);
  const likes = sparseOf([
    [1, 0, 0, 1],
    [0, 1, 1, 0],
  ]);
  const hyper = { factors: 2, epochs: 4 };
  const [signed, plain] = await Promise.all(
    [matrix, likes].map((train) => fitCcl(train, hyper, { seed: 2 })),
  );
  expect(signed!.itemFactors).toEqual(plain!.itemFactors);
});
