/** Small exports, written by hand in the columns and with the quirks of the real ones. */

export const GOODREADS_HEADER =
  'Book Id,Title,Author,Author l-f,Additional Authors,ISBN,ISBN13,My Rating,Average Rating,Publisher,Binding,Number of Pages,Year Published,Original Publication Year,Date Read,Date Added,Bookshelves,Bookshelves with positions,Exclusive Shelf,My Review,Spoiler,Private Notes,Read Count,Owned Copies';

export interface GoodreadsBook {
  readonly id: number;
  readonly title: string;
  readonly author?: string;
  readonly isbn?: string;
  readonly rating?: number | string;
  readonly year?: number;
  readonly read?: string;
  readonly added?: string;
  readonly shelf?: string;
  readonly review?: string;
}

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** A line of a library export; ISBNs stand as formulas. */
export function goodreadsLine(book: GoodreadsBook): string {
  const {
    author = '',
    isbn = '',
    rating = 0,
    year = '',
    read = '',
    added = '',
    shelf = 'read',
    review = '',
  } = book;
  return [
    book.id,
    quoted(book.title),
    quoted(author),
    quoted(author.split(' ').reverse().join(', ')),
    '',
    quoted('=""'),
    quoted(`="${isbn}"`),
    rating,
    '4.01',
    'Some House',
    'Paperback',
    '183',
    year,
    year,
    read,
    added,
    '',
    '',
    shelf,
    quoted(review),
    '',
    '',
    read === '' ? 0 : 1,
    0,
  ].join(',');
}

export const goodreads = (...books: readonly GoodreadsBook[]): string =>
  [GOODREADS_HEADER, ...books.map(goodreadsLine), ''].join('\n');

export const LETTERBOXD = {
  'ratings.csv':
    'Date,Name,Year,Letterboxd URI,Rating\n2024-07-01,Alien,1979,https://boxd.it/a,5\n2022-05-10,Parasite,2019,https://boxd.it/b,4.5\n2022-05-11,"Crying of Lot 49, The",2020,https://boxd.it/z,0.5\n',
  'watched.csv':
    'Date,Name,Year,Letterboxd URI\n2021-02-01,Alien,1979,https://boxd.it/a\n2023-01-15,Amélie,2001,https://boxd.it/c\n',
  'diary.csv':
    'Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date\n2021-02-01,Alien,1979,https://boxd.it/d1,4,,,2021-01-31\n',
  'reviews.csv':
    'Date,Name,Year,Letterboxd URI,Rating,Rewatch,Review,Tags,Watched Date\n2022-05-10,Parasite,2019,https://boxd.it/r,4.5,,"Brilliant.<br/>And <i>funny</i> &amp; sad.",,2022-05-09\n',
  'watchlist.csv': 'Date,Name,Year,Letterboxd URI\n2023-03-03,Stalker,1979,https://boxd.it/s\n',
  'likes/films.csv': 'Date,Name,Year,Letterboxd URI\n2023-03-04,Amélie,2001,https://boxd.it/c\n',
  'deleted/diary.csv':
    'Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date\n2020-02-01,Regretted,1999,https://boxd.it/x,1,,,2020-01-31\n',
  'profile.csv': 'Date Joined,Username,Location\n2019-01-01,someone,\n',
} as const;

export const AMAZON_REQUEST = [
  '"Website","Order ID","Order Date","Purchase Order Number","Currency","Unit Price","Unit Price Tax","Shipping Charge","Total Discounts","Total Owed","Shipment Item Subtotal","Shipment Item Subtotal Tax","ASIN","Product Condition","Quantity","Payment Instrument Type","Order Status","Shipment Status","Ship Date","Shipping Option","Shipping Address","Billing Address","Carrier Name & Tracking Number","Product Name","Gift Message","Gift Sender Name","Gift Recipient Contact Details","Item Serial Number"',
  amazonLine('111-1', '2019-12-11T04:33:11Z', 'B00004TXYZ', 2, 'Closed', 'Moka Pot, 6 Cups'),
  amazonLine('111-1', '2019-12-11T04:33:11Z', 'B00004TXYZ', 1, 'Closed', 'Moka Pot, 6 Cups'),
  amazonLine('111-2', '2020-01-02T10:00:00.123Z', '0547773749', 1, 'Closed', 'A Wizard of Earthsea'),
  amazonLine('111-3', '2020-02-02T10:00:00Z', 'B0CANCELED', 0, 'Cancelled', 'Never Came'),
  amazonLine('111-4', 'Not Available', 'B0BADTIME0', 1, 'Closed', 'No Day'),
  '',
].join('\r\n');

function amazonLine(
  order: string,
  date: string,
  asin: string,
  quantity: number,
  status: string,
  name: string,
): string {
  const none = 'Not Available';
  return [
    'Amazon.com',
    order,
    date,
    'Not Applicable',
    'USD',
    '24.95',
    '2.06',
    '0',
    '0',
    '27.01',
    '24.95',
    '2.06',
    asin,
    'New',
    quantity,
    'Visa - 1234',
    status,
    'Shipped',
    date,
    'std-us',
    none,
    none,
    none,
    name,
    none,
    none,
    none,
    none,
  ]
    .map((cell) => `"${cell}"`)
    .join(',');
}

export const AMAZON_REPORT = [
  'Order Date,Order ID,Title,Category,ASIN/ISBN,UNSPSC Code,Website,Release Date,Condition,Seller,Seller Credentials,List Price Per Unit,Purchase Price Per Unit,Quantity,Payment Instrument Type,Purchase Order Number,PO Line Number,Ordering Customer Email,Shipment Date,Shipping Address Name,Shipping Address Street 1,Shipping Address Street 2,Shipping Address City,Shipping Address State,Shipping Address Zip,Order Status,Carrier Name & Tracking Number,Item Subtotal,Item Subtotal Tax,Item Total,Tax Exemption Applied,Tax Exemption Type,Exemption Opt-Out,Buyer Name,Currency,Group Name',
  '07/01/22,113-1,"Lithium Coin Cell, 2 Pack",BATTERY,B07JLN1WXT,26111700,Amazon.com,,new,Amazon.com,,$6.29,$6.29,3,Visa - 1234,,,someone@example.com,07/02/22,Someone,1 Road,,Town,CA,90000,Shipped,AMZN_US(TBA1),$6.29,$0.49,$6.78,,,,Someone,USD,',
  '',
].join('\n');

export const STEAM_JSON = JSON.stringify({
  response: {
    game_count: 3,
    games: [
      {
        appid: 220,
        name: 'Half-Life 2',
        playtime_forever: 600,
        img_icon_url: 'x',
        playtime_windows_forever: 600,
        rtime_last_played: 1_600_000_000,
        content_descriptorids: [2],
      },
      { appid: 400, name: 'Portal™', playtime_forever: 0, rtime_last_played: 0 },
      { appid: 620, playtime_forever: 30 },
    ],
  },
});

export const STEAM_CSV = 'game;id;hours;last_played\nHalf-Life 2;220;10.5;2020-09-13\nPortal;400;0;\n';
