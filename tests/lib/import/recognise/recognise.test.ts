import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { inspectFiles } from '../../../../src/lib/import/index.ts';
import { eventsOf, file, importOf } from '../support.ts';

const rows = (count: number, row: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => row(at)).join('');

const ML100K = {
  'u.data': rows(
    60,
    (at) => `${1 + (Math.floor(at / 3) % 9)}\t${1 + (at % 3)}\t${1 + (at % 5)}\t${881_250_949 + at}\n`,
  ),
  'u1.base': rows(
    30,
    (at) => `${1 + (Math.floor(at / 3) % 9)}\t${1 + (at % 3)}\t${1 + (at % 5)}\t${881_250_949 + at}\n`,
  ),
  'u.item': rows(
    3,
    (at) =>
      `${1 + at}|Film ${at} (1995)|01-Jan-1995||http://x/${at}|0|1|0|0|0|${at}`.replace(/\|\d$/u, '|0') +
      `${'|0'.repeat(11)}|1|0\n`,
  ),
  'u.user': '1|24|M|technician|85711\n2|53|F|other|94043\n',
  'u.genre': 'unknown|0\nAction|1\nFilm-Noir|10\n',
};
const ML1M = {
  'ratings.dat': rows(30, (at) => `${1 + (at % 5)}::${1 + (at % 3)}::${1 + (at % 5)}::${978_300_760 + at}\n`),
  'movies.dat': '1::Toy Story (1995)::Animation|Comedy\n2::"Q" (1996)::Drama\n3::Heat (1995)::Action\n',
  'users.dat': '1::F::1::10::48067\n2::M::56::16::70072\n',
};
const MOVIETWEETINGS = {
  'ratings.dat': '1::0074638::7::1365029107\n1::1853728::8::1366576639\n2::0104257::10::1364690142\n',
  'movies.dat':
    '0074638::Fantômas (1976)::Crime|Drama\n1853728::Django (2012)::Western\n0104257::Men (1992)::Drama\n',
  'users.dat': '1::17528189\n2::522540374\n',
};
const LATEST = {
  'ratings.csv': 'userId,movieId,rating,timestamp\n4,7,0.5,964990000\n4,1,4.5,964900000\n2,1,3.0,86399\n',
  'movies.csv':
    'movieId,title,genres\n1,Paper Kites (1995),Adventure|Animation\n7,"Quiet Harbour, The (1996)",Comedy|Drama\n9,No Year,(no genres listed)\n',
  'tags.csv': 'userId,movieId,tag,timestamp\n4,7,funny,1445714994\n',
  'links.csv': 'movieId,imdbId,tmdbId\n1,0114709,862\n',
};
const GOODBOOKS = {
  'ratings.csv': 'user_id,book_id,rating\n1,258,5\n2,4081,4\n2,260,5\n',
  'books.csv':
    'book_id,goodreads_book_id,work_id,authors,original_publication_year,title\n258,1,1,A,2001.0,One\n260,2,2,B,1936.0,Two\n4081,3,3,C,,Three\n',
  'to_read.csv': 'user_id,book_id\n9,8\n',
  'book_tags.csv': 'goodreads_book_id,tag_id,count\n1,30574,167697\n',
};
const YELP = {
  'review.json':
    '{"review_id":"r","user_id":"u","business_id":"b","stars":4.0,"useful":0,"text":"Nice.","date":"2018-07-07 22:09:11"}\n{"review_id":"s","user_id":"v","business_id":"b","stars":2.0,"useful":0,"text":"Not so.","date":"2018-07-08 22:09:11"}\n',
  'business.json':
    '{"business_id":"b","name":"Bar","city":"X","stars":3.5,"review_count":2,"categories":"Bars, Food"}\n',
  'tip.json':
    '{"user_id":"u","business_id":"b","text":"Go","date":"2018-01-01 00:00:00","compliment_count":0}\n',
  'user.json': '{"user_id":"u","name":"A","review_count":1,"yelping_since":"2010-01-01 00:00:00"}\n',
};
const AMAZON_2023 = {
  'reviews.jsonl':
    '{"rating":5.0,"title":"Great","text":"Works well.","asin":"V1","parent_asin":"P1","user_id":"U1","timestamp":1588687728923}\n{"rating":1.0,"title":"No","text":"Broke.","asin":"V2","parent_asin":"P1","user_id":"U2","timestamp":1588687728923}\n',
  'meta.jsonl':
    '{"main_category":"All Beauty","title":"Soap","price":3.5,"store":"S","parent_asin":"P1","description":["Clean.","Very."]}\n',
};
const SHOPIFY = {
  'orders_export.csv': `Name,Email,Financial Status,Paid at,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku
#1001,ann@shop.test.org,paid,2025-10-07 09:50:26 +0200,2025-10-07 09:50:26 +0200,1,Mug - Blue,12.00,MUG-B
#1001,,,,,2,Tea,4.50,TEA
#1002,bob@mail.org,refunded,2025-10-08 09:50:26 +0200,2025-10-08 09:50:26 +0200,1,Tea,4.50,TEA
#1003,bob@mail.org,paid,2025-10-09 09:50:26 +0200,2025-10-09 09:50:26 +0200,1,Shipping,4.50,
#1004,test@mail.org,paid,2025-10-09 09:50:26 +0200,2025-10-09 09:50:26 +0200,1,Tea,4.50,TEA
#1005,bob@mail.org,paid,2025-10-09 09:50:26 +0200,2025-10-09 09:50:26 +0200,1,Gone,9.50,OLD
#1005,,,,,1,Tea,4.50,
`,
  'products_export.csv': `Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Variant SKU,Variant Price
mug,Mug,<p>A <b>mug</b> &amp; more.</p>,Clay,Kitchen,,true,MUG-R,12.00
mug,,,,,,,MUG-B,12.00
tea,Tea,Leaves,Leaf,Food,,true,TEA,4.50
`,
};
const WOOCOMMERCE = {
  'orders.csv': `order_id,order_number,date,status,customer_id,billing_email,item_id,item_product_id,item_name,item_sku,item_quantity,item_total
7,7,2016-09-06 06:29:00,completed,3,ann@mail.org,1,12,Hoodie,HOOD-L,1,40
7,7,2016-09-06 06:29:00,completed,3,ann@mail.org,2,13,Cap,CAP,1,10
8,8,2016-09-07 06:29:00,cancelled,0,bob@mail.org,3,13,Cap,CAP,1,10
`,
  'products.csv': `ID,Type,SKU,Name,Published,Short description,Regular price,Categories,Parent
12,variable,HOOD,Hoodie,1,Warm,40,"Clothing > Hoodies",
14,variation,HOOD-L,Hoodie - L,1,,40,,id:12
13,simple,CAP,Cap,1,,10,Clothing,
`,
};
const MAGENTO = {
  'sales_order.csv':
    'entity_id,increment_id,status,created_at,customer_email\n1,000000001,complete,2019-01-02 03:04:05,ann@mail.org\n2,000000002,canceled,2019-01-03 03:04:05,bob@mail.org\n',
  'sales_order_item.csv':
    'item_id,order_id,sku,name,qty_ordered,price\n1,1,24-MB01,Duffle Bag,1.0000,34.0000\n2,1,24-WG02,Bottle,2.0000,7.0000\n3,2,24-MB01,Duffle Bag,1.0000,34.0000\n',
  'catalog_product.csv':
    'sku,attribute_set_code,product_type,categories,name,short_description,price\n24-MB01,Bag,simple,"Default Category/Gear,Default Category/Gear/Bags",Duffle Bag,,34.0000\n24-WG02,Gear,simple,Default Category/Gear,Bottle,,7.0000\n',
};
const RETAIL = {
  'retail.csv':
    'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n536365,85123A,HOLDER,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom\n',
};

describe('recognise', () => {
  it.each([
    ['movielens-100k', ML100K, { events: 27, users: 9, items: 3, products: 3 }],
    ['movielens-1m', ML1M, { events: 15, users: 5, items: 3, products: 3 }],
    ['movietweetings', MOVIETWEETINGS, { events: 3, users: 2, items: 3, products: 3 }],
    ['movielens', LATEST, { events: 3, users: 2, items: 2, products: 3 }],
    [
      'lightgcn',
      { 'train.txt': '0 1 2\n1 2\n2\n', 'test.txt': '0 0\n1 0 1\n' },
      { events: 6, users: 2, items: 3, products: 3 },
    ],
    ['goodbooks', GOODBOOKS, { events: 3, users: 2, items: 3, products: 3 }],
    ['yelp', YELP, { events: 2, users: 2, items: 1, products: 1, reviews: 2 }],
    ['amazon-reviews', AMAZON_2023, { events: 2, users: 2, items: 1, products: 1, reviews: 2 }],
    ['online-retail', RETAIL, { events: 1, users: 1, items: 1, products: 1 }],
    ['shopify', SHOPIFY, { events: 3, users: 2, items: 2, products: 2 }],
    ['woocommerce', WOOCOMMERCE, { events: 2, users: 1, items: 2, products: 2 }],
    ['magento', MAGENTO, { events: 2, users: 1, items: 2, products: 2 }],
  ])('knows %s by its content, as files and as a ZIP, and asks nothing', async (dataset, files, counts) => {
    const sources = Object.entries(files).map(([name, text]) => file(name, text));
    expect(await inspectFiles(sources)).toMatchObject({ recognised: true, mapping: { dataset } });
    const plain = await importOf(files);
    expect(plain.report).toMatchObject({ dataset, problems: { total: 0 }, counts });
    const bytes = zipSync(
      Object.fromEntries(Object.entries(files).map(([name, text]) => [`set/${name}`, strToU8(text)])),
    );
    const zipped = await importOf({ 'set.zip': new Uint8Array(bytes) });
    expect(zipped.content).toEqual(plain.content);
  });

  it('reads the genres of MovieLens 100K from its columns of flags', async () => {
    const { content } = await importOf(ML100K);
    expect(content.items[0]).toMatchObject({ name: { en: 'Film 0 (1995)' } });
    expect(content.items[0]?.attributes.map(({ value }) => value.en)).toEqual(['1995', 'Action, War']);
  });

  it('joins lines of orders with their heads, names of variants with their products', async () => {
    const shopify = await importOf(SHOPIFY);
    expect(
      eventsOf(shopify)
        .map((event) => event.split(' ').slice(1, 3).join(' '))
        .sort(),
    ).toEqual(['mug order', 'tea order', 'tea order']);
    const left = Object.fromEntries(shopify.report.steps.map(({ step, events }) => [step, events]));
    expect(left).toMatchObject({ returned: 1, 'test-orders': 1, 'non-products': 1, 'not-in-catalogue': 1 });
    expect(shopify.content.items[0]).toMatchObject({
      id: 'mug',
      description: { en: 'A mug & more.' },
      brand: 'Clay',
      price: 12,
    });
    const magento = await importOf(MAGENTO);
    expect(magento.report.steps.find(({ step }) => step === 'cancelled')?.events).toBe(1);
    expect(magento.content.interactions?.day[0]).toBe(17_898);
    expect(magento.content.about.categories.map(({ name }) => name.en)).toEqual(['Gear']);
  });

  it('guesses the columns of a table that nobody knows, and says that it is a guess', async () => {
    const text =
      'Customer;Artikel;Bewertung;Datum;Preis\nK1;A1;4,5;13.02.2020;9,90\nK2;A1;3,5;14.02.2020;9,90\n';
    const inspection = await inspectFiles([file('log.csv', text)]);
    expect(inspection).toMatchObject({
      recognised: false,
      mapping: {
        dataset: 'mapped',
        tables: {
          'log.csv': {
            table: 'events',
            roles: { user: 'Customer', item: 'Artikel', rating: 'Bewertung', time: 'Datum', price: 'Preis' },
          },
        },
      },
    });
    expect(inspection.tables[0]?.preview).toEqual([
      ['K1', 'A1', '4,5', '13.02.2020', '9,90'],
      ['K2', 'A1', '3,5', '14.02.2020', '9,90'],
    ]);
    const { content, report } = await importOf({ 'log.csv': text });
    expect(report.problems.total).toBe(0);
    expect([...(content.interactions?.stars ?? [])].sort()).toEqual([4, 5]);
    expect([...(content.interactions?.day ?? [])].sort()).toEqual([18_305, 18_306]);
  });

  it('takes a bare table in the usual order', async () => {
    const { report, content } = await importOf({
      'log.csv': 'alice,mug,5,2020-01-02\nbob,mug,1,2020-01-03\nbob,cup,3,2020-01-03\n',
    });
    expect(report).toMatchObject({ counts: { events: 3, users: 2, items: 2 }, problems: { total: 0 } });
    expect(content.items.map(({ id }) => id)).toEqual(['cup', 'mug']);
  });

  it('reads kinds of events by their many names', async () => {
    const text =
      'timestamp,visitorid,event,itemid\n1433221332117,1,view,5\n1433224214164,1,addtocart,5\n1433224214999,1,transaction,5\n1433224215000,2,jump,5\n';
    const result = await importOf({ 'events.csv': text });
    expect(eventsOf(result).map((event) => event.split(' ')[2])).toEqual(['view', 'basket', 'order']);
    expect(result.report.problems.shown).toMatchObject([{ line: 5, reason: 'kind', value: 'jump' }]);
  });
});
