import { describe, expect, it } from 'vitest';
import { parseBenchOptions } from '../../../src/cli/bench/options.ts';

describe('parseBenchOptions', () => {
  it('has defaults for all but the suite', () => {
    expect(parseBenchOptions({ suite: 'als' })).toEqual({
      suite: 'als',
      device: 'cpu',
      data: { source: 'synthetic', interactions: 100_000 },
      factors: 64,
      threads: 1,
      cgSteps: 0,
      runs: 5,
      items: 100_000,
      untrained: false,
      validation: false,
      reference: 'auto',
      maxInteractions: 20_000_000,
      maxFactors: 512,
      sweep: false,
      json: false,
    });
    expect(parseBenchOptions({ suite: 'foldin' }).runs).toBe(100);
  });

  it('understands the three sources, paths with colons too', () => {
    const data = (text: string) => parseBenchOptions({ suite: 'als', data: text }).data;
    expect(data('lightgcn:data/gowalla')).toEqual({ source: 'lightgcn', path: 'data/gowalla' });
    expect(data('movielens:C:\\ml')).toEqual({ source: 'movielens', path: 'C:\\ml' });
    expect(data('synthetic:5000')).toEqual({ source: 'synthetic', interactions: 5000 });
  });

  it.each([
    [{}, '--suite must be one of als, topk, foldin, ease, gradient, quality, not nothing'],
    [{ suite: 'svd' }, 'not "svd"'],
    [{ suite: ['als', 'topk'] }, 'not ["als","topk"]'],
    [{ suite: 'als', device: 'tpu' }, '--device must be one of cpu, webgpu'],
    [{ suite: 'als', factors: 0 }, '--factors must be a whole number from 1 to 512'],
    [{ suite: 'als', factors: 513 }, 'not 513'],
    [{ suite: 'als', factors: 6.4 }, 'not 6.4'],
    [{ suite: 'als', factors: true }, '--factors must be a whole number from 1 to 512, not nothing'],
    [{ suite: 'als', solver: 'svd' }, '--solver must be one of exact, cg, not "svd"'],
    [{ suite: 'quality', reference: 'f16' }, '--reference must be one of auto, plain, exact, not "f16"'],
    [{ suite: 'als', threads: 'many' }, '--threads must be'],
    [{ suite: 'als', runs: 4 }, '--runs must be a whole number from 5'],
    [{ suite: 'foldin', items: -1 }, '--items must be'],
    [{ suite: 'als', maxFactors: 1000 }, '--max-factors must be'],
    [{ suite: 'als', maxInteractions: 0 }, '--max-interactions must be'],
    [{ suite: 'als', data: 'gowalla' }, '--data must name a source, not "gowalla"'],
    [{ suite: 'als', data: 'lightgcn:' }, 'not "lightgcn:"'],
    [{ suite: 'als', data: 'synthetic:1e6' }, 'not "synthetic:1e6"'],
    [{ suite: 'als', data: true }, 'not nothing'],
  ])('refuses %j', (options, message) => {
    expect(() => parseBenchOptions(options)).toThrow(message);
  });
});
