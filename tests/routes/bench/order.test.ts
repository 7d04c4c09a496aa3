import { describe, expect, it } from 'vitest';
import { BENCH_LIMITS, numbersOf, readOrder, type BenchForm } from '../../../src/routes/bench/order.ts';

const FORM: BenchForm = {
  ...{ suite: 'als', device: 'cpu', solver: 'exact' },
  ...{ interactions: ' 20000 ', items: '1000', factors: '16', threads: '2', runs: '5' },
};

describe('readOrder', () => {
  it('reads the numbers that the measurement takes', () => {
    expect(readOrder(FORM, null)).toEqual({
      ...{
        suite: 'als',
        device: 'cpu',
        factors: 16,
        threads: 2,
        runs: 5,
        items: BENCH_LIMITS.items.min,
        cgSteps: 0,
      },
      data: { type: 'synthetic', interactions: 20_000 },
    });
  });

  it('takes the solver where there is a choice', () => {
    expect(readOrder({ ...FORM, solver: 'cg' }, null).cgSteps).toBeGreaterThan(0);
    expect(readOrder({ ...FORM, solver: 'cg', device: 'webgpu' }, null).cgSteps).toBe(0);
  });

  it('does not look at numbers that are not asked for', () => {
    const order = readOrder({ ...FORM, device: 'webgpu', items: 'many', threads: 'all' }, null);
    expect(order).toMatchObject({ threads: 1 });
    expect(numbersOf('foldin', 'cpu', true)).toContain('items');
    expect(numbersOf('ease', 'webgpu', false)).toEqual(['runs']);
  });

  it.each([
    ['factors', ''],
    ['factors', '0'],
    ['factors', '513'],
    ['runs', '4'],
    ['runs', '5.5'],
    ['interactions', '1e5'],
    ['threads', '-1'],
  ] as const)('names %s where it is %j', (name, value) => {
    expect(() => readOrder({ ...FORM, [name]: value }, null)).toThrow(
      expect.objectContaining({
        code: 'hyperparameter-invalid',
        values: { name, value, ...BENCH_LIMITS[name] },
      }) as Error,
    );
  });
});
