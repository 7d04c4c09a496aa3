import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantise, readFactors, rounded, writeFactors } from '../../../src/lib/pack/factors-file.ts';
import { parseManifest } from '../../../src/lib/pack/manifest.ts';
import type { PackFactors, PackManifest } from '../../../src/lib/pack/types.ts';
import { readSafetensors, tensorOfValues, writeSafetensors } from '../../../src/lib/safetensors.ts';
import { sampleFactors, samplePack } from './sample-pack.ts';

async function manifest(): Promise<PackManifest> {
  return parseManifest((await samplePack()).manifestText);
}

describe('factors of a pack', () => {
  it('come back as they were written in 32 bits', async () => {
    const model = sampleFactors();
    expect(readFactors(writeFactors(model, 32), await manifest())).toEqual(model);
  });

  it('come back in 8 bits within half a step of each row', async () => {
    const known = await manifest();
    // a step for smaller ones is nothing that a 32-bit float could hold
    const value = fc
      .float({ min: -1000, max: 1000, noNaN: true })
      .map((one) => (Math.abs(one) < 1e-6 ? 0 : one));
    fc.assert(
      fc.property(fc.array(value, { minLength: 12, maxLength: 12 }), (values) => {
        fc.pre(values.some((one) => one !== 0));
        const itemFactors = Float32Array.from(values);
        const model: PackFactors = { ...sampleFactors(), factors: 4, itemFactors };
        const read = readFactors(writeFactors(model, 8), known);
        expect(read.itemFactors).toEqual(rounded(itemFactors, 4));
        const { steps } = quantise(itemFactors, 4);
        read.itemFactors.forEach((kept, at) => {
          const step = steps[Math.floor(at / 4)]!;
          expect(Math.abs(kept - itemFactors[at]!)).toBeLessThanOrEqual(0.5001 * step);
        });
      }),
    );
  });

  it('take a quarter of the room in 8 bits', () => {
    const model = { ...sampleFactors(), factors: 64, itemFactors: new Float32Array(64_000).fill(0.5) };
    const [whole, small] = [writeFactors(model, 32).length, writeFactors(model, 8).length];
    expect(small / whole).toBeLessThan(0.28);
  });

  it.each<[string, (model: PackFactors) => object, RegExp]>([
    ['another model', () => ({ model: 'pagerank' }), /model/],
    ['a hyper-parameter that is no number', () => ({ hyperparameters: { alpha: 'x' } }), /hyperparameters/],
    ['a quality above 1', (model) => ({ quality: { ...model.quality, ndcgAt10: 1.5 } }), /quality/],
    ['a factor that is not finite', () => ({ itemFactors: Float32Array.of(1, 2, NaN, 4, 5, 6) }), /row 2/],
    ['nothing but zeros', () => ({ itemFactors: new Float32Array(6) }), /no factor but 0/],
    ['another number of rows', () => ({ itemFactors: new Float32Array(8).fill(1) }), /3 rows/],
  ])('are refused with %s', async (_name, change, reason) => {
    const model = sampleFactors();
    const bytes = writeFactors({ ...model, ...change(model) }, 32);
    const known = await manifest();
    expect(() => readFactors(bytes, known)).toThrow(
      expect.objectContaining({
        code: 'pack-file-invalid',
        values: { file: 'factors.safetensors', reason: expect.stringMatching(reason) as string },
      }),
    );
  });

  it('are refused in another format, and with steps that are missing', async () => {
    const known = await manifest();
    const { metadata } = readSafetensors(writeFactors(sampleFactors(), 8));
    const tensors = new Map([['item_factors', tensorOfValues([3, 2], new Int8Array(6).fill(1))]]);
    expect(() => readFactors(writeSafetensors({ metadata, tensors }), known)).toThrow(/item_steps/);
    const other = new Map([...metadata, ['format', 'pt']]);
    expect(() => readFactors(writeSafetensors({ metadata: other, tensors }), known)).toThrow(/format/);
    expect(() => readFactors(new Uint8Array(3), known)).toThrow(/cannot be read/);
  });
});
