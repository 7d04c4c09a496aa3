import { entriesOf } from '../../src/lib/import/past/catalogue.ts';
import { Matcher } from '../../src/lib/import/past/match.ts';
import type { PastWork } from '../../src/lib/import/past/types.ts';
import { Random } from '../../src/lib/model/matrix/random.ts';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const WORDS = 20_000;

/** Matches `rows` made titles with `items` made products and prints how long it took. */
export function run(rows: number, items: number): void {
  const random = new Random(20_261_125);
  const below = (limit: number): number => random.below(limit);
  const vocabulary = Array.from({ length: WORDS }, () =>
    Array.from({ length: 3 + below(7) }, () => LETTERS[below(26)] ?? '').join(''),
  );
  // frequent words are a few: the square of an even draw leans to the first
  const word = (): string => vocabulary[Math.floor(WORDS * random.uniform() ** 3)] ?? '';
  const title = (): string => Array.from({ length: 2 + below(5) }, word).join(' ');
  const titles = Array.from({ length: items }, title);
  const column = (text: (item: number) => string): string =>
    titles.map((_, item) => `${text(item)}\n`).join('');
  const catalogue = {
    ids: column((item) => String(item)),
    en: column((item) => titles[item] ?? ''),
    zh: column(() => ''),
    brands: column((item) => `First Last${item % 5000}`),
    numbers: column(() => ''),
    years: column((item) => String(1950 + (item % 70))),
  };
  const works = Array.from({ length: rows }, (_, row): PastWork => {
    const own = titles[below(items)] ?? '';
    const text = row % 4 < 2 ? `The ${own} (Series, #${row})` : row % 4 === 2 ? `${own} ${word()}` : title();
    return { source: 'goodreads', title: text, author: '', year: null, ids: [], deeds: [] };
  });
  const timed = <Value>(name: string, work: () => Value): Value => {
    const [cpu, wall] = [process.cpuUsage(), performance.now()];
    const value = work();
    const { user, system } = process.cpuUsage(cpu);
    console.log(
      `${name}: processor ${((user + system) / 1e6).toFixed(2)} s, wall ${((performance.now() - wall) / 1000).toFixed(2)} s`,
    );
    return value;
  };
  const matcher = timed(`index of ${items} products`, () => new Matcher(entriesOf(catalogue)));
  const found = timed(`matching of ${rows} rows`, () => works.map((work) => matcher.match(work)));
  const certain = found.filter((match) => match.certain).length;
  const missing = found.filter(({ candidates }) => candidates.length === 0).length;
  console.log(`certain ${certain}, doubtful ${rows - certain - missing}, missing ${missing}`);
}
