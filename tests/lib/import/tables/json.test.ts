import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonRecords } from '../../../../src/lib/import/tables/json-records.ts';
import { importOf } from '../support.ts';

const records = [
  {
    reviewerID: 'A1',
    asin: 'B1',
    overall: 5,
    reviewText: 'Good "strings",\nlasting.',
    unixReviewTime: 1393545600,
  },
  { reviewerID: 'A2', asin: 'B1', overall: 2.0, reviewText: 'Bad [really] {so}', unixReviewTime: 1393545600 },
];

function cut(text: string, step: number): (string | null)[] {
  const found: (string | null)[] = [];
  const cutter = new JsonRecords((record) => found.push(record));
  for (let at = 0; at < text.length; at += step) cutter.push(text.slice(at, at + step));
  return found;
}

describe('JSON', () => {
  it.each([
    ['lines', records.map((record) => JSON.stringify(record)).join('\n')],
    [
      'lines with CRLF and blank ones',
      `${records.map((record) => JSON.stringify(record)).join('\r\n\r\n')}\r\n`,
    ],
    ['a list', JSON.stringify(records)],
    ['a list, indented', JSON.stringify(records, null, 2)],
    ['a list under a key', JSON.stringify({ count: 2, meta: { page: 1 }, reviews: records, next: null })],
  ])('reads records as %s', async (_name, text) => {
    const { content, report } = await importOf({ 'reviews.json': text });
    expect(report).toMatchObject({
      dataset: 'amazon-reviews',
      problems: { total: 0 },
      counts: { events: 2, users: 2, items: 1 },
    });
    expect(content.reviews.map(({ stars, text: words }) => [stars, words])).toEqual([
      [5, 'Good "strings",\nlasting.'],
      [2, 'Bad [really] {so}'],
    ]);
  });

  it('cuts the same records wherever the text is cut', () => {
    const value = fc.jsonValue({ maxDepth: 3 });
    fc.assert(
      fc.property(
        fc.array(fc.dictionary(fc.string(), value), { minLength: 1 }),
        fc.integer({ min: 1, max: 20 }),
        fc.boolean(),
        (list, step, wrapped) => {
          const text = JSON.stringify(wrapped ? { n: 1, list } : list, null, step % 3);
          expect(cut(text, step).map((record) => JSON.parse(record ?? 'null') as unknown)).toEqual(
            JSON.parse(JSON.stringify(list)),
          );
        },
      ),
    );
  });

  it('names lines that are no records, and a document that is cut off', async () => {
    const lines = records.map((record) => JSON.stringify(record));
    const { report } = await importOf({ 'a.jsonl': `${lines[0]!}\n{"reviewerID": \n[1]\n${lines[1]!}\n` });
    expect(report.counts.events).toBe(2);
    expect(report.problems.shown.map(({ line, reason }) => [line, reason])).toEqual([
      [2, 'json'],
      [3, 'json'],
    ]);
    await expect(importOf({ 'a.json': JSON.stringify(records).slice(0, -20) })).rejects.toThrow(
      /ends in the middle/u,
    );
  });

  it('bears a million levels', async () => {
    const deep = '['.repeat(1_000_000);
    const list = `[${JSON.stringify(records[0])},{"a":${deep}${']'.repeat(1_000_000)}},${JSON.stringify(records[1])}]`;
    const { report } = await importOf({ 'a.json': list });
    expect(report).toMatchObject({ counts: { events: 2 }, problems: { total: 1, byReason: { json: 1 } } });
    await expect(importOf({ 'a.json': `{"a":${deep}` })).rejects.toThrow();
    const { report: ofLines } = await importOf({
      'a.jsonl': `${JSON.stringify(records[0])}\n{"asin":${deep}\n${JSON.stringify(records[1])}\n`,
    });
    expect(ofLines).toMatchObject({ counts: { events: 2 }, problems: { total: 1 } });
  });

  it('leaves Object.prototype alone, and takes its names for names', async () => {
    const lines = ['__proto__', 'constructor', 'toString'].map(
      (id) =>
        `{"reviewerID":"${id}","asin":"${id}","overall":4,"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}`,
    );
    const { content } = await importOf({
      'a.jsonl': lines.join('\n'),
      '__proto__.csv': 'userId,movieId,rating,timestamp\n__proto__,7,4,964982703\n',
    });
    expect(content.items.map(({ id }) => id).sort()).toEqual(['7', '__proto__', 'constructor', 'toString']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(content.interactions?.users).toBe(3);
  });
});
