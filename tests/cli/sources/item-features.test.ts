import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { movielensFeatures, readItemFeatures } from '../../../src/cli/sources/item-features.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'fairshelf-features-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const rowsOf = ({ matrix }: ReturnType<typeof readItemFeatures>) =>
  Array.from({ length: matrix.rows }, (_, row) => [
    ...matrix.indices.slice(matrix.indptr[row], matrix.indptr[row + 1]),
  ]);

describe('readItemFeatures', () => {
  it.each([
    ['u.item', '7|A (1995)|01-Jan-1995||http://x|0|1|1\n9|B|||y|1|0|0\n8|C|||z|0|0|1\n'],
    ['movies.csv', 'movieId,title,genres\n7,"A, the",Drama|Comedy\n9,B,War\n8,C,Comedy\n'],
    ['movies.dat', '7::A (1995)::Drama|Comedy\n9::B::War\n8::C::Comedy\n'],
    ['books.csv', 'book_id,genres\n7,"drama,comedy"\n9,war\n8,comedy\n'],
  ])('reads %s', (name, text) => {
    const read = readItemFeatures(file(name, text), ['7', '8', '5', '9']);
    // categories in the order of their first item; item 5 is not in the file
    const [both, one, none, other] = rowsOf(read);
    expect([both, none]).toEqual([[0, 1], []]);
    expect(one).toEqual([1]);
    expect(other).toEqual([2]);
    expect(read).toMatchObject({ unknown: 1, matrix: { rows: 4, columns: 3 } });
  });

  it('counts a category once, and none for "(no genres listed)"', () => {
    const path = file('m.csv', 'item,categories\na,x|x|y\nb,(no genres listed)\na,z\n');
    expect(rowsOf(readItemFeatures(path, ['a', 'b']))).toEqual([[0, 1, 2], []]);
  });

  it.each([
    ['u.item', '7|A|x|y|z|0|2\n', /line 1.*flag/su],
    ['u.item', '7|A\n', /line 1/u],
    ['m.csv', 'a,b\n1,2\n', /column item/u],
    ['m.csv', 'item,categories\na,x\nb\n', /line 3.*2 cells/su],
    ['m.csv', 'item,categories\n"a,x\n', /quotation mark/u],
  ])('names what is wrong in %s', (name, text, message) => {
    expect(() => readItemFeatures(file(name, text), ['a'])).toThrow(
      expect.objectContaining({ code: 'import-invalid' }) as Error,
    );
    try {
      readItemFeatures(file(name, text), ['a']);
    } catch (error) {
      const { message: said, remedy } = error as Error & { readonly remedy: string };
      expect(`${said} ${remedy}`).toMatch(message);
    }
  });

  it('refuses more categories than pairs can carry', () => {
    const many = Array.from({ length: 1001 }, (_, at) => `c${at}`).join('|');
    expect(() => readItemFeatures(file('m.csv', `item,categories\na,${many}\n`), ['a'])).toThrow(
      '1001 categories',
    );
  });

  it('finds the genres beside MovieLens’s ratings', () => {
    file('u.item', '');
    const ratings = file('u1.base', '');
    expect(movielensFeatures(ratings, 'movielens')).toBe(join(folder, 'u.item'));
    expect(movielensFeatures(folder, 'movielens')).toBe(join(folder, 'u.item'));
    expect(movielensFeatures(ratings, 'csv')).toBeNull();
    expect(movielensFeatures('nowhere/at/all', 'movielens')).toBeNull();
  });
});
