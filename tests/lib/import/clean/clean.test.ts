import { describe, expect, it } from 'vitest';
import { scaleOf, starsOf } from '../../../../src/lib/import/clean/scale.ts';
import { MAX_BARE_VIEWS } from '../../../../src/lib/import/clean/steps.ts';
import type { CleaningStepName, ImportReport } from '../../../../src/lib/import/index.ts';
import { eventsOf, importOf } from '../support.ts';

const RETAIL_HEADER = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n';
const RETAIL = `${RETAIL_HEADER}1,90001,BLUE CAKESTAND 3 TIER,2,2010-12-01 08:26:00,12.50,101.0,United Kingdom
2,90001,BLUE CAKESTAND 3 TIER,1,2010-12-02 08:26:00,10.50,102.0,United Kingdom
2,90001,cakestand,1,2010-12-02 08:26:00,10.50,102.0,United Kingdom
3,POST,POSTAGE,1,2010-12-02 08:26:00,18.00,102.0,France
C4,90001,BLUE CAKESTAND 3 TIER,-1,2010-12-03 08:26:00,12.50,101.0,United Kingdom
5,90001,BLUE CAKESTAND 3 TIER,1,2010-12-03 08:26:00,12.50,,United Kingdom
6,90002A,"PAPER MOON, T-LIGHT HOLDER",1,2010-12-03 08:26:00,0,101.0,United Kingdom
7,90002A,"PAPER MOON, T-LIGHT HOLDER",6,2010-12-03 08:26:00,2.55,101.0,United Kingdom
8,90002A,"PAPER MOON, T-LIGHT HOLDER",-6,2010-12-04 08:26:00,2.55,101.0,United Kingdom
`;

function stepOf(report: ImportReport, name: CleaningStepName) {
  return report.steps.find(({ step }) => step === name);
}

describe('cleaning', () => {
  it('takes Online Retail apart step by step', async () => {
    const { report, content } = await importOf({ 'retail.csv': RETAIL });
    expect(report.read).toEqual({ events: 9, users: 2, items: 3, pairs: 4 });
    expect(report.steps.map(({ step, events, after }) => [step, events, after.events])).toEqual([
      ['missing-user', 1, 8],
      ['missing-item', 0, 8],
      ['cancelled', 1, 7],
      ['returned', 1, 6],
      ['impossible', 1, 5],
      ['test-orders', 0, 5],
      ['non-products', 1, 4],
      ['duplicates', 1, 3],
      ['time-order', 0, 3],
    ]);
    expect(stepOf(report, 'cancelled')?.examples).toEqual([
      'retail.csv, line 6: C4 90001 BLUE CAKESTAND 3 TIER',
    ]);
    expect(stepOf(report, 'duplicates')?.examples).toEqual(['90001: 1']);
    expect(report.counts).toEqual({
      events: 3,
      users: 2,
      items: 2,
      pairs: 3,
      products: 2,
      reviews: 0,
      reviewsBeyondCap: 0,
    });
    expect(content.items.map(({ id, name, price, category }) => [id, name.en, price, category])).toEqual([
      ['90001', 'Blue cakestand 3 tier', 11.5, 'baking'],
      ['90002A', 'Paper moon, t-light holder', 2.55, 'lights'],
    ]);
    expect(content.about).toMatchObject({ currency: 'GBP', languages: ['en'] });
  });

  it('keeps the last rating of a pair, whatever the order of the rows', async () => {
    const rows = ['1,7,2,300', '1,7,5,100', '1,7,3,200', '2,7,4,100'];
    for (const order of [rows, rows.toReversed()]) {
      const result = await importOf({
        'ratings.csv': `userId,movieId,rating,timestamp\n${order.join('\n')}\n`,
      });
      expect(
        eventsOf(result)
          .map((event) => event.split(' ')[3])
          .sort(),
      ).toEqual(['2', '4']);
      expect(stepOf(result.report, 'duplicates')?.events).toBe(2);
    }
  });

  it('sorts by time and counts what stood before something earlier', async () => {
    const text = 'userId,movieId,rating,timestamp\n1,7,2,864000\n1,8,5,86400\n1,9,3,172800\n2,7,4,0\n';
    const result = await importOf({ 'ratings.csv': text });
    expect(stepOf(result.report, 'time-order')?.events).toBe(2);
    const days = eventsOf(result)
      .filter((event) => event.split(' ').at(-1) !== '0')
      .map((event) => event.split(' ').at(-1));
    expect(days).toEqual(['1', '2', '10']);
  });

  it('drops a k-core round by round', async () => {
    // user 3 has one event, without whom item c has one, without which user 2 has one …
    const text = 'user,item\n1,a\n1,b\n2,b\n2,c\n3,c\n4,a\n4,b\n5,a\n';
    const { report } = await importOf({ 'log.csv': text }, { minEvents: 2 });
    expect(stepOf(report, 'min-events')).toMatchObject({ events: 4, examples: ['2-core, 3 rounds'] });
    expect(report.counts).toMatchObject({ events: 4, users: 2, items: 2 });
  });

  it('drops bursts of looks, and machines, and leaves ratings and orders alone', async () => {
    const start = 1_600_000_000;
    const look = (user: string, item: number, second: number, kind = 'view'): string =>
      `${user},${item},${kind},${start + second}`;
    const lines = [
      ...Array.from({ length: 200 }, (_, at) => look('burst', at, Math.floor(at / 10))),
      ...Array.from({ length: 50 }, (_, at) => look('burst', at, 1000 + 60 * at)),
      look('burst', 1, 5000, 'purchase'),
      ...Array.from({ length: MAX_BARE_VIEWS + 1 }, (_, at) => look('machine', at % 300, 100 * at)),
      ...Array.from({ length: 200 }, (_, at) => look('buyer', at, 0, 'purchase')),
      ...Array.from({ length: 120 }, (_, at) => look('person', at, Math.floor(at / 3))),
    ];
    const { report } = await importOf({ 'log.csv': `user,item,event,time\n${lines.join('\n')}\n` });
    expect(stepOf(report, 'bots')).toMatchObject({
      events: 200 + MAX_BARE_VIEWS + 1,
      examples: [`machine: ${MAX_BARE_VIEWS + 1}`, 'burst: 200'],
    });
    expect(report.counts.events).toBe(51 + 200 + 120);
  });

  it('does not call repeated things duplicates where no time tells them apart', async () => {
    const orders = await importOf({ 'log.csv': 'user,item,quantity\na,x,1\na,x,1\nb,x,2\n' });
    expect(orders.report.counts.events).toBe(3);
    const likes = await importOf({ 'log.csv': 'user,item\na,x\na,x\nb,x\n' });
    expect(likes.report.counts.events).toBe(2);
  });

  it('leaves out what the catalogue does not have', async () => {
    const { report } = await importOf({
      'ratings.csv': 'userId,movieId,rating,timestamp\n1,1,3,5\n1,99,3,5\n',
      'movies.csv': 'movieId,title,genres\n1,A,Drama\n',
    });
    expect(stepOf(report, 'not-in-catalogue')).toMatchObject({ events: 1, examples: ['99: 1'] });
  });

  it('says so where nothing is left', async () => {
    await expect(
      importOf({ 'retail.csv': `${RETAIL_HEADER}5,90001,X,1,2010-12-03 08:26:00,12.50,,UK\n` }),
    ).rejects.toThrow(
      expect.objectContaining({
        code: 'import-invalid',
        message: 'No product is left after cleaning.',
      }) as Error,
    );
  });
});

describe('scales', () => {
  it('lays half stars on whole ones as MovieLens packs always had them', () => {
    const halves = [0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5];
    expect(halves.map((rating) => starsOf(rating, { min: 0.5, max: 5 }))).toEqual([
      1, 1, 2, 2, 3, 3, 4, 4, 5, 5,
    ]);
  });

  it('keeps stars, spreads other scales, and keeps their order', () => {
    expect([1, 2, 3, 4, 5].map((rating) => starsOf(rating, { min: 1, max: 5 }))).toEqual([1, 2, 3, 4, 5]);
    expect([0, 1, 2].map((rating) => starsOf(rating, { min: 0, max: 2 }))).toEqual([1, 3, 5]);
    expect([0, 5, 7, 10].map((rating) => starsOf(rating, { min: 0, max: 10 }))).toEqual([1, 3, 4, 5]);
    expect(starsOf(7, { min: 7, max: 7 })).toBe(5);
  });

  it('finds the usual scale that holds what was seen', () => {
    expect(scaleOf({ min: 2, max: 4 })).toEqual({ min: 1, max: 5 });
    expect(scaleOf({ min: 0.5, max: 5 })).toEqual({ min: 0.5, max: 5 });
    expect(scaleOf({ min: 0, max: 1 })).toEqual({ min: 0, max: 1 });
    expect(scaleOf({ min: 0, max: 9 })).toEqual({ min: 0, max: 10 });
    expect(scaleOf({ min: -3, max: 2000 })).toEqual({ min: -3, max: 2000 });
  });
});
