import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserBlocks } from '../../../../src/lib/model/gradient/blocks.ts';
import { CpuLogisticEngine } from '../../../../src/lib/model/gradient/engine-cpu.ts';
import type { LogisticState } from '../../../../src/lib/model/gradient/engine.ts';
import { logisticHyperparameters } from '../../../../src/lib/model/gradient/hyperparameters.ts';
import type { GpuContext } from '../../../../src/lib/model/gpu/context.ts';
import { strengthMatrix } from '../../../../src/lib/model/matrix/interactions.ts';
import { normalMatrix } from '../../../../src/lib/model/matrix/random.ts';
import { hasGpu, openTestGpu } from '../support/gpu.ts';
import { plantedCommunity } from '../support/planted.ts';

// Fault row 58: set before tfjs is loaded, as an address with these flags would.
history.replaceState(null, '', '?tfjsflags=WEBGPU_CPU_FORWARD:true,WEBGPU_ENGINE_COMPILE_ONLY:true');
const { TfjsLogisticEngine } = await import('../../../../src/lib/model/gradient/engine-tfjs.ts');
const tf = await import('@tensorflow/tfjs-core');

// 100 users in blocks of 64: the second block is filled up.
const strengths = strengthMatrix(plantedCommunity(100, 40, 4).columns, null);
const hyper = logisticHyperparameters(strengths, { factors: 7, learningRate: 0.05 });
const blocks = new UserBlocks(strengths, hyper, 1);

function freshState(): LogisticState {
  const users = normalMatrix(strengths.rows, hyper.factors, 0.2, 1);
  const items = normalMatrix(strengths.columns, hyper.factors, 0.2, 2);
  return {
    userFactors: users,
    itemFactors: items,
    optimizer: {
      userFirstMoment: new Float32Array(users.length),
      userSecondMoment: new Float32Array(users.length),
      itemFirstMoment: new Float32Array(items.length),
      itemSecondMoment: new Float32Array(items.length),
    },
  };
}

function allValues({ userFactors, itemFactors, optimizer }: LogisticState): Record<string, Float32Array> {
  return { userFactors, itemFactors, ...optimizer };
}

/** ‖a − b‖ / ‖b‖. */
function relativeError(actual: Float32Array, expected: Float32Array): number {
  let [difference, norm] = [0, 0];
  expected.forEach((value, index) => {
    difference += (actual[index]! - value) ** 2;
    norm += value ** 2;
  });
  return Math.sqrt(difference / norm);
}

async function steps(engine: { step: CpuLogisticEngine['step'] }, count: number): Promise<void> {
  const cells = new Float32Array(blocks.rows * blocks.items);
  for (let step = 0; step < count; step++) {
    const block = step % blocks.count;
    blocks.fill(block, cells);
    await engine.step(block, cells);
  }
}

describe.skipIf(!hasGpu)('TfjsLogisticEngine', () => {
  let gpu: GpuContext;
  beforeEach(async () => {
    gpu = await openTestGpu();
  });
  afterEach(() => gpu.destroy());

  it('agrees with the CPU engine after 30 steps, moments and loss included (row 49)', async () => {
    const start = { state: freshState(), epochs: 0 };
    const cpu = new CpuLogisticEngine(blocks, hyper, start);
    const engine = await TfjsLogisticEngine.open(gpu, blocks, hyper, start);
    await steps(cpu, 30);
    await steps(engine, 30);
    const expected = allValues(await cpu.read());
    for (const [name, values] of Object.entries(allValues(await engine.read()))) {
      expect(relativeError(values, expected[name]!), name).toBeLessThan(1e-4);
    }
    const loss = await cpu.takeLoss();
    expect(Math.abs((await engine.takeLoss()) - loss) / loss).toBeLessThan(1e-4);
    expect(await engine.takeLoss()).toBe(0);
    engine.dispose();
  });

  it('goes on from a state that either engine read', async () => {
    const first = await TfjsLogisticEngine.open(gpu, blocks, hyper, { state: freshState(), epochs: 0 });
    await steps(first, 2 * blocks.count);
    const state = await first.read();
    await steps(first, 2 * blocks.count);
    const whole = await first.read();
    first.dispose();
    const second = await TfjsLogisticEngine.open(gpu, blocks, hyper, { state, epochs: 2 });
    await steps(second, 2 * blocks.count);
    const resumed = allValues(await second.read());
    second.dispose();
    for (const [name, values] of Object.entries(allValues(whole))) {
      expect(relativeError(resumed[name]!, values), name).toBeLessThan(1e-5);
    }
  });

  it('keeps tensors and allocated bytes flat over 1,000 steps, and leaves none behind (row 50)', async () => {
    const before = tf.engine().state.numTensors;
    const engine = await TfjsLogisticEngine.open(gpu, blocks, hyper, { state: freshState(), epochs: 0 });
    await steps(engine, 20);
    const warm = { tensors: tf.engine().state.numTensors, bytes: engine.deviceBytes };
    await steps(engine, 480);
    await engine.read();
    await engine.takeLoss();
    await steps(engine, 480);
    const reads = { tensors: tf.engine().state.numTensors, bytes: engine.deviceBytes };
    await steps(engine, 20);
    await engine.read();
    await engine.takeLoss();
    expect(tf.engine().state.numTensors).toBe(warm.tensors);
    expect(reads.tensors).toBe(warm.tensors);
    // Read-back takes staging buffers once; they are pooled.
    expect(engine.deviceBytes).toBeLessThanOrEqual(2 * warm.bytes);
    expect(engine.deviceBytes).toBe(reads.bytes);
    engine.dispose();
    expect(tf.engine().state.numTensors).toBe(before);
  });

  it('finds a NaN in the weights though the device computes on with it', async () => {
    const state = freshState();
    state.itemFactors[5] = NaN;
    const engine = await TfjsLogisticEngine.open(gpu, blocks, hyper, { state, epochs: 0 });
    await steps(engine, 1);
    await expect(engine.read()).rejects.toMatchObject({ code: 'training-diverged' });
    await expect(engine.readItemFactors()).rejects.toMatchObject({ code: 'training-diverged' });
    engine.dispose();
  });

  it('never gives out what a lost device left behind (row 45)', async () => {
    const engine = await TfjsLogisticEngine.open(gpu, blocks, hyper, { state: freshState(), epochs: 0 });
    await steps(engine, 2);
    gpu.device.destroy();
    await expect(steps(engine, 1)).rejects.toMatchObject({ code: 'gpu-lost' });
    await expect(engine.read()).rejects.toMatchObject({ code: 'gpu-lost' });
    await expect(engine.takeLoss()).rejects.toMatchObject({ code: 'gpu-lost' });
    engine.dispose();
    // A new device takes over in the same worker.
    const next = await openTestGpu();
    const second = await TfjsLogisticEngine.open(next, blocks, hyper, { state: freshState(), epochs: 0 });
    await steps(second, 1);
    expect((await second.readItemFactors()).every(Number.isFinite)).toBe(true);
    second.dispose();
    next.destroy();
  });

  it('ignores flags in the address, and has no CPU backend to fall back to silently (row 58)', async () => {
    expect(location.search).toContain('tfjsflags');
    const engine = await TfjsLogisticEngine.open(gpu, blocks, hyper, { state: freshState(), epochs: 0 });
    expect(tf.env().getBool('WEBGPU_CPU_FORWARD')).toBe(false);
    expect(tf.env().getBool('WEBGPU_ENGINE_COMPILE_ONLY')).toBe(false);
    expect(Object.keys(tf.engine().registryFactory)).toEqual(['webgpu']);
    engine.dispose();
  });
});
