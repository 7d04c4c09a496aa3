import { expect, it } from 'vitest';
import { LatestWriter } from '../../../src/routes/state/latest-writer.ts';

function gate(): { readonly open: () => void; readonly opened: Promise<void> } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

it('writes one at a time and skips what a newer value made worthless', async () => {
  const first = gate();
  const written: number[] = [];
  const writer = new LatestWriter<number>(
    async (value) => {
      if (value === 1) await first.opened;
      written.push(value);
    },
    () => undefined,
  );
  for (const value of [1, 2, 3, 4]) writer.push(value);
  expect(written).toEqual([]);
  first.open();
  await writer.settle({ discard: false });
  expect(written).toEqual([1, 4]);
});

it('drops the waiting value on request', async () => {
  const first = gate();
  const written: number[] = [];
  const writer = new LatestWriter<number>(
    async (value) => {
      await first.opened;
      written.push(value);
    },
    () => undefined,
  );
  writer.push(1);
  writer.push(2);
  const settled = writer.settle({ discard: true });
  first.open();
  await settled;
  expect(written).toEqual([1]);
});

it('reports a failed write and goes on with the next', async () => {
  const errors: unknown[] = [];
  const written: number[] = [];
  const writer = new LatestWriter<number>(
    (value) => {
      if (value === 1) return Promise.reject(new Error('full'));
      written.push(value);
      return Promise.resolve();
    },
    (error) => errors.push(error),
  );
  writer.push(1);
  await writer.settle({ discard: false });
  writer.push(2);
  await writer.settle({ discard: false });
  expect(errors).toHaveLength(1);
  expect(written).toEqual([2]);
});
