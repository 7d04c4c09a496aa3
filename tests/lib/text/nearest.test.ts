import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/lib/model/matrix/random.ts';
import { nearestRows, postingsOf } from '../../../src/lib/text/nearest.ts';
import { buildTextVectors, rowCosine, type TextDocument } from '../../../src/lib/text/vectors.ts';

const WORDS = ['lamp', 'desk', 'steel', 'garden', 'tent', '咖啡壶', '帐篷', 'brass', 'oak', 'linen'];
const document = (text: string, ...labels: string[]): TextDocument => ({
  fields: [{ text, weight: 2 }],
  labels: labels.map((key) => ({ key: `label:${key}`, word: null, weight: 1 })),
});

/** Cosine by the formula, over plain maps, with the rows' document frequencies. */
function reference(rows: readonly TextDocument[], text: TextDocument): number[] {
  const keysOf = (one: TextDocument): Map<string, number> => {
    // a vocabulary of the document alone has the same terms and counts
    const alone = buildTextVectors([one]);
    const counts = new Map<string, number>();
    const unscaled = [...alone.vocabulary].map(([key, feature]) => {
      const at = alone.indices.indexOf(feature);
      return [key, alone.data[at] ?? 0] as const;
    });
    for (const [key, value] of unscaled) counts.set(key, value);
    return counts;
  };
  const all = rows.map(keysOf);
  const idf = (key: string): number => {
    const df = all.filter((row) => row.has(key)).length;
    return Math.log((1 + rows.length) / (1 + df)) + 1;
  };
  const weighted = (row: Map<string, number>): Map<string, number> =>
    new Map([...row].map(([key, value]) => [key, value * idf(key)]));
  const length = (row: Map<string, number>): number => Math.hypot(...row.values());
  const own = weighted(keysOf(text));
  return all.map((row) => {
    const other = weighted(row);
    let sum = 0;
    for (const [key, value] of own) sum += value * (other.get(key) ?? 0);
    return sum === 0 ? 0 : sum / (length(own) * length(other));
  });
}

describe('nearest rows', () => {
  it('are those of the greatest cosine by the plain formula, on random texts', () => {
    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const random = new Random(seed);
      const draw = (words: readonly string[]): TextDocument =>
        document(
          Array.from({ length: 1 + random.below(6) }, () => words[random.below(words.length)] ?? '').join(
            ' ',
          ),
          ...(random.below(2) === 0 ? ['oak'] : []),
        );
      const rows = Array.from({ length: 30 }, () => draw(WORDS));
      const text = draw([...WORDS, 'unheard', 'of']);
      const expected = reference(rows, text);
      const near = nearestRows(postingsOf(buildTextVectors(rows)), text, 30);
      expect(near).toHaveLength(expected.filter((cosine) => cosine > 0).length);
      for (const { row, cosine } of near) expect(Math.abs(cosine - (expected[row] ?? 0))).toBeLessThan(1e-12);
      expect(near).toEqual(near.toSorted((a, b) => b.cosine - a.cosine || a.row - b.row));
      expect(nearestRows(postingsOf(buildTextVectors(rows)), text, 3)).toEqual(near.slice(0, 3));
    }
  });

  it('agree with the cosine of rows for a text that is one of them', () => {
    const rows = ['lamp desk', 'desk desk oak', 'tent 帐篷', 'lamp'].map((text) => document(text));
    const vectors = buildTextVectors(rows);
    for (const { row, cosine } of nearestRows(postingsOf(vectors), rows[1]!, 4)) {
      expect(cosine).toBeCloseTo(rowCosine(vectors, 1, row), 12);
    }
  });

  it('grow less like a text with each word of it that is in none of them', () => {
    const postings = postingsOf(buildTextVectors([document('lamp'), document('desk')]));
    const cosineOf = (text: string): number => nearestRows(postings, document(text), 1)[0]?.cosine ?? 0;
    expect(cosineOf('lamp')).toBeCloseTo(1, 12);
    expect(cosineOf('lamp zeppelin')).toBeLessThan(cosineOf('lamp'));
    expect(nearestRows(postings, document('zeppelin'), 5)).toEqual([]);
  });
});
