import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanText, isCleanKey } from '../../../src/lib/pack/text.ts';

/** Any UTF-16 at all: lone surrogates, controls and bidirectional marks included. */
const anyText = fc.string({
  unit: fc.oneof(
    fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
    fc.constantFrom('\0', '\u202E', '\u2066', '\uD800', '\uDC00', '😀', 'é', 'e\u0301', '\n', '<img>'),
  ),
  maxLength: 300,
});

describe('cleanText', () => {
  it('gives well-formed text within the cap, whatever comes in', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 100 }), (text, cap) => {
        const cleaned = cleanText(text, cap);
        expect(cleaned.length).toBeLessThanOrEqual(cap);
        expect(cleaned).not.toMatch(/\p{Surrogate}/u);
        expect(cleaned).not.toMatch(/\p{Cc}/u);
        expect(cleaned).not.toMatch(/[\u202A-\u202E\u2066-\u2069]/u);
        expect(() => encodeURIComponent(cleaned)).not.toThrow();
        expect(cleanText(cleaned, cap)).toBe(cleaned);
      }),
      { numRuns: 2000, seed: 11 },
    );
  });

  it('leaves ordinary text as it is', () => {
    for (const text of ['Moka pot, 300 ml', '手冲壶（600 毫升）', 'עברית', 'a<b>&"\'', '👩‍🍳 apron']) {
      expect(cleanText(text, 100)).toBe(text);
    }
  });

  it('clips a name of 10,000 characters and says so with an ellipsis', () => {
    const cleaned = cleanText('x'.repeat(10_000), 200);
    expect(cleaned).toBe(`${'x'.repeat(199)}…`);
  });

  it('never cuts an astral character in half', () => {
    expect(cleanText('😀'.repeat(10), 4)).toBe('😀…');
  });

  it('keeps line breaks only where asked', () => {
    expect(cleanText('a\r\nb\0', 10)).toBe('a b');
    expect(cleanText('a\r\nb\0', 10, 'keep')).toBe('a\nb');
  });
});

describe('isCleanKey', () => {
  it.each(['', ' a', 'a\0', '\uD800', 'a\u202Eb', 'x'.repeat(129)])('refuses %j', (key) => {
    expect(isCleanKey(key, 128)).toBe(false);
  });
  it.each(['a', '__proto__', 'constructor', '产品-1', '90002A'])('takes %j', (key) => {
    expect(isCleanKey(key, 128)).toBe(true);
  });
});
