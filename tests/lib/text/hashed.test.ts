import { describe, expect, it } from 'vitest';
import { hash32, hashedTextVectors } from '../../../src/lib/text/hashed.ts';

it('hashes by FNV-1a: its published values', () => {
  expect(hash32('')).toBe(0x811c9dc5);
  expect(hash32('a')).toBe(0xe40c292c);
  expect(hash32('foobar')).toBe(0xbf9cf968);
});

describe('hashedTextVectors', () => {
  it('has rows of length 1, of weights as by hand', () => {
    const { indptr, indices, data, documentFrequency } = hashedTextVectors(
      ['kettle kettle teapot', 'teapot'],
      1024,
    );
    const [kettle, teapot] = [hash32('kettl'), hash32('teapot')];
    // tf 2 in one of two documents, tf 1 in both
    const a = (1 + Math.log(2)) * (Math.log(3 / 2) + 1);
    const b = Math.log(3 / 3) + 1;
    const sign = (hash: number): number => (hash >>> 31 === 0 ? 1 : -1);
    const at = (hash: number): number => data[indices.indexOf(hash & 1023)]!;
    expect(at(kettle)).toBeCloseTo((sign(kettle) * a) / Math.hypot(a, b));
    expect(at(teapot)).toBeCloseTo((sign(teapot) * b) / Math.hypot(a, b));
    expect([...indptr]).toEqual([0, 2, 3]);
    expect(data[2]).toBeCloseTo(sign(teapot));
    expect(documentFrequency[teapot & 1023]).toBe(2);
  });

  it('is empty for a text without terms', () => {
    expect([...hashedTextVectors(['the', ''], 16).indptr]).toEqual([0, 0, 0]);
  });
});
