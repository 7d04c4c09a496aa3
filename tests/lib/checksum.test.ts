import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checksumOf, sha256Hex } from '../../src/lib/checksum.ts';

describe('sha256Hex', () => {
  it('gives the published digests (FIPS 180-2, appendix B)', async () => {
    expect(await sha256Hex(new TextEncoder().encode('abc'))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
    expect(await sha256Hex(new Uint8Array())).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
  });
});

const record = {
  version: 1,
  name: 'a',
  factors: new Float32Array([1, 2, 3]),
  optimizer: { m: new Float32Array([0.5]) },
  history: [{ iteration: 1, ndcgAt10: null }],
  checksum: 'x',
};

describe('checksumOf', () => {
  it('ignores the order of keys and the checksum itself', async () => {
    const reversed = Object.fromEntries(Object.entries({ ...record, checksum: 'another' }).reverse());
    expect(await checksumOf(reversed)).toBe(await checksumOf(record));
  });

  it.each([
    ['a number', { ...record, version: 2 }],
    ['the type of a value', { ...record, version: '1' }],
    ['a text', { ...record, name: 'b' }],
    ['a field more', { ...record, seed: 1 }],
    ['a matrix cell', { ...record, factors: new Float32Array([1, 2, 3.0000002]) }],
    ['the length of a matrix', { ...record, factors: new Float32Array([1, 2, 3, 0]) }],
    ['an array for a matrix', { ...record, factors: [1, 2, 3] }],
    ['a nested cell', { ...record, optimizer: { m: new Float32Array([0]) } }],
    ['a nested value', { ...record, history: [{ iteration: 1, ndcgAt10: 0 }] }],
    ['a nested checksum', { ...record, history: [{ iteration: 1, ndcgAt10: null, checksum: '' }] }],
  ])('changes with %s', async (_, changed) => {
    expect(await checksumOf(changed)).not.toBe(await checksumOf(record));
  });

  it('sees every flipped bit of a matrix', async () => {
    const sound = await checksumOf(record);
    await fc.assert(
      fc.asyncProperty(fc.nat(11), fc.nat(7), async (byte, bit) => {
        const factors = record.factors.slice();
        const bytes = new Uint8Array(factors.buffer);
        bytes[byte]! ^= 1 << bit;
        expect(await checksumOf({ ...record, factors })).not.toBe(sound);
      }),
      { seed: 1, numRuns: 50 },
    );
  });

  it('reads only the view of a matrix that shares a larger buffer', async () => {
    const view = new Float32Array([9, 1, 2, 3, 9]).subarray(1, 4);
    expect(await checksumOf({ ...record, factors: view })).toBe(await checksumOf(record));
  });

  it.each([
    ['undefined', undefined],
    ['a Date', new Date(0)],
    ['a Map', new Map()],
    ['another typed array', new Float64Array(1)],
    ['a function', () => 0],
  ])('refuses %s, naming where it is', async (_, value) => {
    await expect(checksumOf({ nested: { value } })).rejects.toMatchObject({
      code: 'input-invalid',
      values: { path: 'record.nested.value' },
    });
  });
});
