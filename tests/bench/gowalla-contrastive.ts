/**
 * MF with the cosine contrastive loss, or BPR, on the LightGCN split of Gowalla: trains on all of train.txt and ranks
 * all items for all users of test.txt; with `--validate` instead on nine tenths of train, measured on the rest, to
 * tune on. Run by gowalla-contrastive.mjs.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CpuBackend } from '../../src/lib/model/backends/cpu.ts';
import { fitBpr, fitCcl } from '../../src/lib/model/contrastive/fit.ts';
import { evaluateRankings } from '../../src/lib/model/evaluate/evaluate.ts';
import { rowLength, type CsrMatrix } from '../../src/lib/model/matrix/csr.ts';
import { Random } from '../../src/lib/model/matrix/random.ts';
import { loadGowalla } from './gowalla.ts';

const K = 20;
const SPLIT_SEED = 20;

interface Split {
  readonly train: CsrMatrix;
  readonly targets: ReadonlyMap<number, ReadonlySet<number>>;
}

/** Options as `--name value`: model (ccl, bpr), seed, validate, and any hyper-parameter. */
export async function run(options: ReadonlyMap<string, string>): Promise<void> {
  const all = loadGowalla();
  if (all === null) {
    console.log('skipped: no gowalla/train.txt under FAIRSHELF_DATA');
    return;
  }
  const { model = 'ccl', seed = '1', validate, ...rest } = Object.fromEntries(options);
  const { train, targets } = validate === undefined ? { train: all, targets: testTargets() } : tenthOf(all);
  const overrides = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, Number(value)]));
  const began = performance.now();
  const fitOptions = {
    seed: Number(seed),
    onProgress: ({ epoch, loss }: { epoch: number; loss: number }) =>
      console.error(
        `epoch ${epoch} loss ${loss.toFixed(4)} ${((performance.now() - began) / 1_000).toFixed(0)} s`,
      ),
  };
  const startedCpu = process.cpuUsage();
  const fitted =
    model === 'bpr' ? await fitBpr(train, overrides, fitOptions) : await fitCcl(train, overrides, fitOptions);
  const { user, system } = process.cpuUsage(startedCpu);
  const fitSeconds = (performance.now() - began) / 1_000;
  const quality = await rank(fitted, { train, targets });
  console.log(
    JSON.stringify({
      model,
      seed: Number(seed),
      part: validate === undefined ? 'test' : 'validation tenth of train',
      users: quality.users,
      'recall@20': quality.recall,
      'ndcg@20': quality.ndcg,
      fitSeconds,
      cpuSeconds: (user + system) / 1e6,
      hyperparameters: fitted.hyperparameters,
    }),
  );
}

function testTargets(): Split['targets'] {
  const path = join(process.env['FAIRSHELF_DATA'] ?? '../shared/data', 'gowalla/test.txt');
  if (!existsSync(path)) throw new Error(`${path} is missing.`);
  const targets = new Map<number, ReadonlySet<number>>();
  for (const line of readFileSync(path, 'utf8').trim().split('\n')) {
    const [user, ...items] = line.trim().split(/\s+/).map(Number);
    if (items.length > 0) targets.set(user!, new Set(items));
  }
  return targets;
}

/** Of each user a seeded tenth, rounded, of the items is kept back. */
function tenthOf(all: CsrMatrix): Split {
  const random = new Random(SPLIT_SEED);
  const targets = new Map<number, ReadonlySet<number>>();
  const rows = Array.from({ length: all.rows }, (_, user) => {
    const own = random.shuffle([...all.indices.subarray(all.indptr[user], all.indptr[user + 1])]);
    const held = own.splice(0, Math.round(own.length / 10));
    if (held.length > 0) targets.set(user, new Set(held));
    return own.sort((first, second) => first - second);
  });
  const indptr = new Int32Array(all.rows + 1);
  rows.forEach((row, user) => (indptr[user + 1] = indptr[user]! + row.length));
  const indices = Int32Array.from(rows.flat());
  return { train: { ...all, indptr, indices, data: new Float32Array(indices.length).fill(1) }, targets };
}

async function rank(
  { userFactors, itemFactors }: { userFactors: Float32Array; itemFactors: Float32Array },
  { train, targets }: Split,
) {
  const backend = await CpuBackend.open({ threads: 1 });
  const factors = userFactors.length / train.rows;
  const users = backend.upload(train.rows, factors, userFactors);
  const items = backend.upload(train.columns, factors, itemFactors);
  const top = await backend.topK({ users, itemFactors: items, seen: backend.uploadSparse(train), k: K });
  backend.dispose();
  const heldOut = [...targets]
    .filter(([user]) => rowLength(train, user) > 0)
    .map(([user, wanted]) => ({
      user,
      item: new Int32Array(0),
      strength: new Float32Array(0),
      targets: wanted,
    }));
  return evaluateRankings(heldOut, ({ user }) => top.items.subarray(user * K, (user + 1) * K), K);
}
