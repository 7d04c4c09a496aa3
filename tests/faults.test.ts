import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** `tests/faults.json`: which tests show that a fault does what it must; `npm run test:faults` runs them. */
interface Fault {
  readonly row: number;
  readonly fault: string;
  /** `name` is a part of the test's title as its file spells it. */
  readonly tests: readonly { readonly file: string; readonly name: string }[];
  /** What no test of the list shows; there must be one where there is no test. */
  readonly gap?: string;
}
const faults = JSON.parse(await readFile('tests/faults.json', 'utf8')) as readonly Fault[];

describe('the list of faults', () => {
  it('names every row from 1 to 60 once, in order', () => {
    expect(faults.map(({ row }) => row)).toEqual(Array.from({ length: 60 }, (_, at) => at + 1));
  });

  it.each(faults)(
    'row $row ($fault) has tests that exist, or says what is missing',
    async ({ tests, gap }) => {
      if (tests.length === 0) expect(gap).toMatch(/\w{3}/);
      for (const { file, name } of tests) {
        expect(existsSync(file), file).toBe(true);
        expect((await readFile(file, 'utf8')).includes(name), `${file}: ${name}`).toBe(true);
      }
    },
  );

  it('misses no test that names a row in its title', async () => {
    const missing: string[] = [];
    for (const entry of await readdir('tests', { recursive: true })) {
      if (!/\.(test|spec)\.ts$/.test(entry) || entry === 'faults.test.ts') continue;
      const file = join('tests', entry).replaceAll('\\', '/');
      const text = await readFile(file, 'utf8');
      const titles = [
        ...text.matchAll(/\b(?:it|test|describe)(?:\.\w+(?:\([^()]*\))*)*\(\s*(['`"])(.*?)\1/g),
      ].map(([, , title = '']) => title);
      for (const title of titles) {
        for (const [, first, last] of title.matchAll(/(?:^|fault |\()rows? (\d+)(?:(?:,| to) (\d+))?/g)) {
          for (const row of [first, last].filter((it) => it !== undefined).map(Number)) {
            if (!faults[row - 1]?.tests.some((it) => it.file === file)) missing.push(`row ${row}: ${file}`);
          }
        }
      }
    }
    expect(missing).toEqual([]);
  });
});

/** What a tab says to another goes by IndexedDB and Web Locks: there is no message that could be malformed. */
it('row 17: nothing listens to a BroadcastChannel', async () => {
  const sources = (await readdir('src', { recursive: true })).filter((path) => /\.(ts|svelte)$/.test(path));
  expect(sources.length).toBeGreaterThan(200);
  for (const path of sources) {
    expect(await readFile(join('src', path), 'utf8'), path).not.toMatch(/BroadcastChannel/);
  }
});
