import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Backend, TopK } from '../../../../../src/lib/model/backends/backend.ts';
import { CpuBackend } from '../../../../../src/lib/model/backends/cpu.ts';
import { WebGpuBackend } from '../../../../../src/lib/model/backends/webgpu.ts';
import { GpuContext } from '../../../../../src/lib/model/gpu/context.ts';
import type { DispatchTime } from '../../../../../src/lib/model/gpu/dispatch-clock.ts';
import type { CsrMatrix } from '../../../../../src/lib/model/matrix/csr.ts';
import { Random } from '../../../../../src/lib/model/matrix/random.ts';
import { hasGpu, openTestGpu } from '../../support/gpu.ts';
import { randomFactors, relativeError } from '../../support/random-matrices.ts';

const ITEMS = 1_000_000;
const FACTORS = 40;
const LENGTHS = [3, 700, ITEMS, 1, 0, 50, 20_000, 39];
const K = 20;
const TOLERANCE = 1e-4;
/** What every WebGPU device binds: the item factors come in two parts. */
const DEFAULT_BINDING_BYTES = 128 * 2 ** 20;

const observed = spread(LENGTHS, ITEMS);
const items = randomFactors(ITEMS, FACTORS, 1);
const users = randomFactors(LENGTHS.length, FACTORS, 2);
const ridge = Float32Array.from(LENGTHS, (_, row) => 0.5 + row);

/** Rows of these lengths whose columns are spread over all, without a set of a million. */
function spread(lengths: readonly number[], columns: number): CsrMatrix {
  const random = new Random(5);
  const indptr = new Int32Array(lengths.length + 1);
  lengths.forEach((length, row) => (indptr[row + 1] = indptr[row]! + length));
  const indices = new Int32Array(indptr[lengths.length]!);
  lengths.forEach((length, row) => {
    for (let at = 0; at < length; at++) {
      const [low, high] = [at, at + 1].map((place) => Math.floor((place * columns) / length));
      indices[indptr[row]! + at] = low! + random.below(high! - low!);
    }
  });
  const data = Float32Array.from(indices, () => (random.uniform() < 0.2 ? -1 : 1) * (0.1 + random.uniform()));
  return { rows: lengths.length, columns, indptr, indices, data };
}

/** What an engine makes of it. */
async function compute(backend: Backend): Promise<{ solved: Float32Array; loss: number; top: TopK }> {
  const held = {
    observed: backend.uploadSparse(observed),
    fixed: backend.upload(ITEMS, FACTORS, items),
    ridge: backend.upload(LENGTHS.length, 1, ridge),
    solved: backend.upload(LENGTHS.length, FACTORS, users),
  };
  const loss = await backend.observedLoss(held.observed, held.solved, held.fixed);
  const seen = held.observed;
  const top = await backend.topK({ users: held.solved, itemFactors: held.fixed, seen, k: K });
  const gram = await backend.gram(held.fixed);
  await backend.solveRows({ ...held, gram, unobservedWeight: 0.01 });
  const solved = await backend.read(held.solved);
  for (const matrix of [...Object.values(held), gram]) matrix.release();
  return { solved, loss, top };
}

describe.skipIf(!hasGpu)('a row of a million entries among ordinary ones, default limits', () => {
  let context: GpuContext;
  const dispatches: DispatchTime[] = [];
  let actual: Awaited<ReturnType<typeof compute>>;
  let expected: typeof actual;
  beforeAll(async () => {
    const opened = await openTestGpu();
    context = new GpuContext(opened.device, opened.info, { maxBindingBytes: DEFAULT_BINDING_BYTES });
    const settle = context.settle.bind(context);
    context.settle = async () => {
      const longest = await settle();
      if (longest !== null) dispatches.push(longest);
      return longest;
    };
    actual = await compute(new WebGpuBackend(context));
    expected = await compute(await CpuBackend.open({ threads: 1 }));
  }, 300_000);
  afterAll(() => context.destroy());

  it('solves every row as the CPU engine does', () => {
    LENGTHS.forEach((_, row) => {
      const [from, to] = [row * FACTORS, (row + 1) * FACTORS];
      const [gpu, cpu] = [actual.solved.subarray(from, to), expected.solved.subarray(from, to)];
      expect(relativeError(gpu, cpu), `row ${row}`).toBeLessThan(TOLERANCE);
    });
  });

  it('sums the loss as the CPU engine does', () => {
    expect(actual.loss / expected.loss).toBeCloseTo(1, 4);
  });

  it('ranks a million items as the CPU engine does', () => {
    // who has seen everything gets nothing
    expect([...actual.top.items.subarray(2 * K, 3 * K)]).toEqual(Array.from({ length: K }, () => -1));
    expect(relativeError(actual.top.scores, expected.top.scores)).toBeLessThan(1e-6);
    // scores that differ in the last digit may change places
    const same = actual.top.items.filter((item, place) => item === expected.top.items[place]);
    expect(same.length).toBeGreaterThanOrEqual(0.95 * actual.top.items.length);
  });

  it('takes the device in many short dispatches', (test) => {
    if (!context.device.features.has('timestamp-query')) test.skip('the adapter has no timestamp-query');
    const longest = dispatches.toSorted((one, other) => other.milliseconds - one.milliseconds);
    const total = longest.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
    console.info(
      `longest dispatches: ${longest.slice(0, 5).map(textOf).join(', ')}; ${longest.length} settled`,
    );
    expect(dispatches.length).toBeGreaterThan(10);
    // a share, since other programs make all of them longer
    expect(longest[0]!.milliseconds).toBeLessThan(0.25 * total);
  });
});

function textOf({ name, milliseconds }: DispatchTime): string {
  return `${name} ${milliseconds.toFixed(1)} ms`;
}
