import fc from 'fast-check';
import { expect } from 'vitest';
import { AppError, type ErrorCode } from '../../src/lib/errors.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** Far more than any reader needs for some kilobytes, on a machine that does other things too. */
const LIMIT_MS = 20_000;
const SEED = 20_260;

/**
 * Gives a reader what it may get: a result, which `check` then looks at, or an `AppError` of one of `codes` that says something.
 * Any other error, and a reader that takes too long, fails the test.
 */
export async function survives<Result>(
  read: () => Promise<Result> | Result,
  codes: readonly ErrorCode[],
  check: (result: Result) => Promise<void> | void,
): Promise<'read' | 'refused'> {
  const began = performance.now();
  let result: Result;
  try {
    result = await read();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    expect(codes).toContain(error.code);
    expect(error.message).toMatch(/\S/u);
    return 'refused';
  } finally {
    expect(performance.now() - began).toBeLessThan(LIMIT_MS);
  }
  await check(result);
  return 'read';
}

/** A file's beginnings: of every length up to `most` of them, else evenly chosen ones. */
export function truncations(whole: Bytes, most: number): readonly Bytes[] {
  const step = Math.max(1, Math.ceil(whole.length / most));
  return Array.from({ length: Math.ceil(whole.length / step) }, (_, at) => whole.slice(0, at * step));
}

/** Some bytes changed, a stretch left out, doubled, or put elsewhere; now and then nothing but noise. */
export function damaged(whole: Bytes): fc.Arbitrary<Bytes> {
  const place = fc.nat(Math.max(0, whole.length - 1));
  const bytes = fc.array(fc.tuple(place, fc.nat(255)), { minLength: 1, maxLength: 8 }).map((changes) => {
    const copy = whole.slice();
    for (const [at, value] of changes) copy[at] = value;
    return copy;
  });
  const stretches = fc.tuple(place, place, place).map(([a, b, to]) => {
    const [from, end] = [Math.min(a, b), Math.max(a, b)];
    return joined([whole.subarray(0, to), whole.subarray(from, end), whole.subarray(to)]);
  });
  const gaps = fc
    .tuple(place, place)
    .map(([a, b]) => joined([whole.subarray(0, Math.min(a, b)), whole.subarray(Math.max(a, b))]));
  const noise = fc.uint8Array({ maxLength: 400 }).map((values) => new Uint8Array(values));
  const headed = noise.map((tail) => joined([whole.subarray(0, 8), tail]));
  return fc.oneof(
    { weight: 6, arbitrary: bytes },
    { weight: 3, arbitrary: stretches },
    { weight: 3, arbitrary: gaps },
    noise,
    headed,
  );
}

/** Runs `property` on `runs` damaged forms of a file; the seed is fixed, and a failure names the bytes. */
export function onDamaged(
  whole: Bytes,
  runs: number,
  property: (bytes: Bytes) => Promise<void>,
): Promise<void> {
  return fc.assert(fc.asyncProperty(damaged(whole), property), { numRuns: runs, seed: SEED });
}

function joined(parts: readonly Uint8Array[]): Bytes {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}
