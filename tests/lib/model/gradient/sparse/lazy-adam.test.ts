import { expect, it } from 'vitest';
import { adamStep } from '../../../../../src/lib/model/gradient/adam.ts';
import { RowGrouper } from '../../../../../src/lib/model/gradient/sparse/batch-rows.ts';
import { lazyAdamStep } from '../../../../../src/lib/model/gradient/sparse/lazy-adam.ts';
import { normalMatrix, Random } from '../../../../../src/lib/model/matrix/random.ts';

const ROWS = 6;
const COLUMNS = 3;
const RATE = 0.1;

it('gives every row the course that Adam gives it alone, and leaves the others untouched', () => {
  const start = normalMatrix(ROWS, COLUMNS, 1, 1);
  const state = {
    values: start.slice(),
    moments: { first: new Float32Array(ROWS * COLUMNS), second: new Float32Array(ROWS * COLUMNS) },
    steps: new Int32Array(ROWS),
  };
  const alone = Array.from({ length: ROWS }, (_, row) => ({
    values: start.slice(row * COLUMNS, (row + 1) * COLUMNS),
    moments: { first: new Float32Array(COLUMNS), second: new Float32Array(COLUMNS) },
    steps: 0,
  }));
  const grouper = new RowGrouper(ROWS);
  const random = new Random(2);
  for (let step = 0; step < 50; step++) {
    // the last row never comes
    const ids = Int32Array.from({ length: random.below(5) }, () => random.below(ROWS - 1));
    const batch = grouper.group(ids);
    const gradient = Float64Array.from({ length: ids.length * COLUMNS }, () => random.normal());
    lazyAdamStep(state, COLUMNS, batch, gradient, RATE);
    for (let group = 0; group < batch.count; group++) {
      const row = alone[batch.rows[group]!]!;
      row.steps++;
      const own = gradient.slice(group * COLUMNS, (group + 1) * COLUMNS);
      adamStep(row.values, own, row.moments, row.steps, RATE);
    }
  }
  expect([...state.steps]).toEqual(alone.map(({ steps }) => steps));
  expect(state.steps[ROWS - 1]).toBe(0);
  const values = alone.flatMap((row) => [...row.values]);
  state.values.forEach((value, at) => expect(value).toBeCloseTo(values[at]!, 5));
  expect(state.values.slice(-COLUMNS)).toEqual(start.slice(-COLUMNS));
});
