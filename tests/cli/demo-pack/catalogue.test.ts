import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../src/cli/demo-pack/catalogue/index.ts';
import { TASTES } from '../../../src/cli/demo-pack/catalogue/types.ts';

const { icons } = createRequire(import.meta.url)('@iconify-json/fluent-emoji-flat/icons.json') as {
  icons: Record<string, unknown>;
};

const products = CATALOGUE.flatMap((category) => category.products);
const HAN = /\p{Script=Han}/u;
/** An ASCII punctuation mark that is not inside a number or between Latin letters: it should be full-width. */
const HALF_WIDTH = /(?<![\dA-Za-z])[.,;:?!()]|[.,;:?!()](?![\dA-Za-z])/;

/** Values that occur more than once, so that a failure names them. */
function repeated(values: readonly string[]): string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}

describe('demo catalogue', () => {
  it('has fourteen departments of thirty products', () => {
    expect(CATALOGUE.map(({ key, products: { length } }) => [key, length])).toHaveLength(14);
    for (const { key, products: own } of CATALOGUE) expect(own.length, key).toBe(30);
  });

  it('repeats no key, id or name in either language', () => {
    expect(repeated(CATALOGUE.map(({ key }) => key))).toEqual([]);
    expect(repeated(products.map(({ id }) => id))).toEqual([]);
    expect(repeated(products.map(({ name }) => name.en.toLowerCase()))).toEqual([]);
    expect(repeated(products.map(({ name }) => name.zh))).toEqual([]);
    expect(repeated(products.map(({ description }) => description.en))).toEqual([]);
    expect(repeated(products.map(({ description }) => description.zh))).toEqual([]);
  });

  it.each(products.map((product) => [product.id, product] as const))('%s is complete', (id, product) => {
    expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(product.brand.trim()).not.toBe('');
    expect(product.name.en.length).toBeLessThanOrEqual(48);
    expect(product.name.zh.length).toBeLessThanOrEqual(20);
    expect(product.name.en).not.toMatch(HAN);
    expect(product.description.en).not.toMatch(HAN);
    expect(product.description.en).toMatch(/^[A-Z].{30,}[.?]$/);
    expect(product.name.zh).toMatch(HAN);
    expect(product.description.zh).toMatch(HAN);
    expect(product.description.zh).toMatch(/。$/);
    expect(product.name.zh + product.description.zh).not.toMatch(HALF_WIDTH);
    expect(product.price).toBeGreaterThanOrEqual(5);
    expect(product.price).toBeLessThanOrEqual(800);
    expect(product.attributes.length).toBeGreaterThanOrEqual(2);
    expect(product.attributes.length).toBeLessThanOrEqual(4);
    expect(repeated(product.attributes.map(([name]) => name))).toEqual([]);
    for (const [nameEn, valueEn, nameZh, valueZh] of product.attributes) {
      expect(nameEn).toMatch(/^[A-Z]/);
      expect(nameZh).toMatch(HAN);
      expect(valueEn.trim()).not.toBe('');
      expect(valueEn).not.toMatch(HAN);
      expect(valueZh.trim()).not.toBe('');
      expect(valueZh).not.toMatch(HALF_WIDTH);
    }
  });

  it('says the same attribute name in Chinese wherever it says it in English', () => {
    const names = new Map<string, Set<string>>();
    for (const [nameEn, , nameZh] of products.flatMap(({ attributes }) => attributes)) {
      names.set(nameEn, (names.get(nameEn) ?? new Set()).add(nameZh));
    }
    expect([...names].filter(([, translations]) => translations.size > 1)).toEqual([]);
  });

  it('draws every product and department with an icon that exists, varied inside a department', () => {
    const used = [...products.map(({ art }) => art), ...CATALOGUE.map(({ art }) => art)];
    expect(used.filter((art) => !Object.hasOwn(icons, art))).toEqual([]);
    expect(new Set(products.map(({ art }) => art)).size).toBeGreaterThanOrEqual(200);
    for (const { key, products: own } of CATALOGUE) {
      expect(repeated(own.map(({ art }) => art)).length, key).toBeLessThanOrEqual(1);
    }
  });

  it.each(TASTES)('plants the taste %s across departments', (taste) => {
    const perDepartment = CATALOGUE.map(
      ({ products: own }) => own.filter((product) => product.taste === taste).length,
    );
    expect(perDepartment.reduce((sum, count) => sum + count)).toBeGreaterThanOrEqual(22);
    expect(perDepartment.filter((count) => count > 0).length).toBeGreaterThanOrEqual(3);
    // No department is a taste: each holds at least two.
    expect(Math.max(...perDepartment)).toBeLessThan(30);
  });

  it('keeps twelve products untouched, at most one a department', () => {
    const fresh = CATALOGUE.map(({ products: own }) => own.filter((product) => product.fresh).length);
    expect(fresh.reduce((sum, count) => sum + count)).toBe(12);
    expect(Math.max(...fresh)).toBe(1);
  });

  it('names about sixty brands', () => {
    const brands = new Set(products.map(({ brand }) => brand));
    expect(brands.size).toBeGreaterThanOrEqual(55);
    expect(brands.size).toBeLessThanOrEqual(65);
  });
});
