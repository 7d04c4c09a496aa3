import type { SourceTable } from '../tables/table.ts';
import type { TableMapping } from '../types.ts';
import { isTime, numbersOf, valuesOf } from './content.ts';
import { MOVIELENS_100K_FLAGS } from '../items/genres.ts';
import { IGNORED, tableMapping } from './mapping.ts';

/** Data sets that are read without a question. */
export const DATASETS = [
  'movielens-100k',
  'movielens-1m',
  'movielens-10m',
  'movielens',
  'movietweetings',
  'lightgcn',
  'goodbooks',
  'amazon-reviews',
  'online-retail',
  'yelp',
  'restaurants',
  'womens-clothing',
  'labelled-texts',
  'shopify',
  'woocommerce',
  'magento',
] as const;
export type Dataset = (typeof DATASETS)[number];

/** What one table of a data set looks like, and how it is read. */
export interface Signature {
  readonly dataset: Dataset;
  /** Null where the table is another one. */
  readonly match: (table: SourceTable) => TableMapping | null;
}

/** Tables by names of their columns, all of which must be there; the first column list that fits decides. */
const HEADED: readonly (readonly [
  Dataset,
  readonly string[],
  TableMapping | ((table: SourceTable) => TableMapping),
])[] = [
  [
    'movielens',
    ['userId', 'movieId', 'rating', 'timestamp'],
    tableMapping('events', { user: 'userId', item: 'movieId', rating: 'rating', time: 'timestamp' }),
  ],
  [
    'movielens',
    ['movieId', 'title', 'genres'],
    tableMapping('items', { item: 'movieId', title: 'title', category: 'genres' }),
  ],
  ['movielens', ['userId', 'movieId', 'tag', 'timestamp'], IGNORED],
  ['movielens', ['movieId', 'imdbId', 'tmdbId'], IGNORED],
  ['movielens', ['movieId', 'tagId', 'relevance'], IGNORED],
  ['movielens', ['tagId', 'tag'], IGNORED],

  [
    'goodbooks',
    ['user_id', 'book_id', 'rating'],
    tableMapping('events', { user: 'user_id', item: 'book_id', rating: 'rating' }),
  ],
  [
    'goodbooks',
    ['book_id', 'work_id', 'authors', 'title'],
    ({ columns }) =>
      tableMapping('items', {
        // before 2017-09 the ratings' key was called id, and book_id was Goodreads' own
        item: columns.includes('goodreads_book_id') ? 'book_id' : 'id',
        title: 'title',
        brand: 'authors',
        year: 'original_publication_year',
      }),
  ],
  ['goodbooks', ['book_id', 'genres'], tableMapping('items', { item: 'book_id', category: 'genres' })],
  ['goodbooks', ['goodreads_book_id', 'tag_id', 'count'], IGNORED],
  ['goodbooks', ['tag_id', 'tag_name'], IGNORED],

  [
    'amazon-reviews',
    ['reviewerID', 'asin', 'overall'],
    ({ columns }) =>
      tableMapping('events', {
        user: 'reviewerID',
        item: 'asin',
        rating: 'overall',
        ...present(columns, { time: 'unixReviewTime', review: 'reviewText', summary: 'summary' }),
      }),
  ],
  [
    'amazon-reviews',
    ['user_id', 'parent_asin', 'rating', 'timestamp'],
    ({ columns }) =>
      tableMapping('events', {
        user: 'user_id',
        item: 'parent_asin',
        rating: 'rating',
        time: 'timestamp',
        ...present(columns, { review: 'text', summary: 'title' }),
      }),
  ],
  [
    'amazon-reviews',
    ['parent_asin', 'title', 'main_category'],
    ({ columns }) =>
      tableMapping('items', {
        item: 'parent_asin',
        title: 'title',
        ...present(columns, {
          category: 'main_category',
          price: 'price',
          brand: 'store',
          description: 'description',
        }),
      }),
  ],
  [
    'amazon-reviews',
    ['asin', 'title'],
    ({ columns }) =>
      tableMapping('items', {
        item: 'asin',
        title: 'title',
        ...present(columns, {
          category: columns.includes('main_cat') ? 'main_cat' : 'category',
          price: 'price',
          brand: 'brand',
          description: 'description',
        }),
      }),
  ],

  [
    'online-retail',
    ['InvoiceNo', 'StockCode', 'Description', 'Quantity', 'InvoiceDate', 'UnitPrice', 'CustomerID'],
    tableMapping('events', {
      user: 'CustomerID',
      item: 'StockCode',
      title: 'Description',
      quantity: 'Quantity',
      time: 'InvoiceDate',
      price: 'UnitPrice',
      order: 'InvoiceNo',
    }),
  ],
  [
    'online-retail',
    ['Invoice', 'StockCode', 'Description', 'Quantity', 'InvoiceDate', 'Price', 'Customer ID'],
    tableMapping('events', {
      user: 'Customer ID',
      item: 'StockCode',
      title: 'Description',
      quantity: 'Quantity',
      time: 'InvoiceDate',
      price: 'Price',
      order: 'Invoice',
    }),
  ],

  [
    'yelp',
    ['review_id', 'user_id', 'business_id', 'stars', 'text', 'date'],
    tableMapping('events', {
      user: 'user_id',
      item: 'business_id',
      rating: 'stars',
      time: 'date',
      review: 'text',
    }),
  ],
  [
    'yelp',
    ['business_id', 'name', 'categories'],
    tableMapping('items', { item: 'business_id', title: 'name', category: 'categories' }),
  ],
  ['yelp', ['user_id', 'business_id', 'text', 'date', 'compliment_count'], IGNORED],
  ['yelp', ['business_id', 'date'], IGNORED],
  ['yelp', ['user_id', 'review_count', 'yelping_since'], IGNORED],

  [
    'restaurants',
    ['userID', 'placeID', 'rating', 'food_rating', 'service_rating'],
    tableMapping('events', { user: 'userID', item: 'placeID', rating: 'rating' }),
  ],
  [
    'restaurants',
    ['placeID', 'name', 'city', 'price'],
    // its price is a word: low, medium, high
    tableMapping('items', { item: 'placeID', title: 'name' }),
  ],
  ['restaurants', ['placeID', 'Rcuisine'], tableMapping('items', { item: 'placeID', category: 'Rcuisine' })],
  ['restaurants', ['placeID', 'Rpayment'], IGNORED],
  ['restaurants', ['placeID', 'hours', 'days'], IGNORED],
  ['restaurants', ['placeID', 'parking_lot'], IGNORED],
  ['restaurants', ['userID', 'Rcuisine'], IGNORED],
  ['restaurants', ['userID', 'Upayment'], IGNORED],
  ['restaurants', ['userID', 'latitude', 'longitude', 'smoker'], IGNORED],

  [
    'womens-clothing',
    ['Clothing ID', 'Title', 'Review Text', 'Rating', 'Class Name'],
    tableMapping('events', {
      item: 'Clothing ID',
      rating: 'Rating',
      review: 'Review Text',
      summary: 'Title',
      category: 'Class Name',
    }),
  ],

  [
    'labelled-texts',
    ['cat', 'label', 'review'],
    tableMapping('events', { item: 'cat', rating: 'label', review: 'review' }),
  ],
  ['labelled-texts', ['label', 'review'], tableMapping('events', { rating: 'label', review: 'review' })],

  [
    'shopify',
    ['Name', 'Email', 'Financial Status', 'Lineitem quantity', 'Lineitem name'],
    ({ columns }) =>
      tableMapping(
        'events',
        {
          user: 'Email',
          email: 'Email',
          title: 'Lineitem name',
          quantity: 'Lineitem quantity',
          order: 'Name',
          status: 'Financial Status',
          ...present(columns, {
            item: 'Lineitem sku',
            price: 'Lineitem price',
            time: columns.includes('Created at') ? 'Created at' : 'Paid at',
          }),
        },
        { fillDown: true },
      ),
  ],
  [
    'shopify',
    ['Handle', 'Title', 'Vendor'],
    ({ columns }) =>
      tableMapping('items', {
        item: 'Handle',
        title: 'Title',
        brand: 'Vendor',
        ...present(columns, {
          category: columns.includes('Type') ? 'Type' : 'Product Category',
          price: 'Variant Price',
          description: 'Body (HTML)',
          alias: 'Variant SKU',
        }),
      }),
  ],

  [
    'woocommerce',
    ['ID', 'Type', 'SKU', 'Name', 'Regular price', 'Categories'],
    ({ columns }) =>
      tableMapping('items', {
        item: 'ID',
        alias: 'SKU',
        title: 'Name',
        price: 'Regular price',
        category: 'Categories',
        ...present(columns, { description: 'Short description', parent: 'Parent' }),
      }),
  ],
  // Customer/Order/Coupon Export, a row a line item
  [
    'woocommerce',
    ['order_id', 'order_number', 'item_name', 'item_quantity'],
    ({ columns }) =>
      tableMapping('events', {
        order: 'order_id',
        title: 'item_name',
        quantity: 'item_quantity',
        ...firstOf(columns, 'user', ['billing_email', 'customer_email', 'customer_id']),
        ...firstOf(columns, 'email', ['billing_email', 'customer_email']),
        ...firstOf(columns, 'item', ['item_sku', 'item_product_id']),
        ...firstOf(columns, 'time', ['date', 'order_date']),
        ...firstOf(columns, 'status', ['status', 'order_status']),
        ...firstOf(columns, 'price', ['item_price', 'item_subtotal', 'item_total']),
      }),
  ],
  // Advanced Order Export
  [
    'woocommerce',
    ['Order Number', 'Order Status', 'Order Date', 'Item Name'],
    ({ columns }) =>
      tableMapping('events', {
        order: 'Order Number',
        status: 'Order Status',
        time: 'Order Date',
        title: 'Item Name',
        ...firstOf(columns, 'user', ['Email (Billing)', 'Customer User ID', 'Customer Username']),
        ...firstOf(columns, 'email', ['Email (Billing)']),
        ...firstOf(columns, 'item', ['SKU', 'Product Id', 'Product ID']),
        ...firstOf(columns, 'quantity', ['Quantity', 'Quantity (- Refund)']),
        ...firstOf(columns, 'price', ['Item Cost', 'Product Current Price']),
      }),
  ],

  [
    'magento',
    ['sku', 'attribute_set_code', 'product_type', 'name', 'price'],
    ({ columns }) =>
      tableMapping('items', {
        item: 'sku',
        title: 'name',
        price: 'price',
        ...present(columns, { category: 'categories', description: 'short_description' }),
      }),
  ],
  // sales_order_item alone, or joined with its order
  [
    'magento',
    ['sku', 'qty_ordered', 'name'],
    ({ columns }) =>
      tableMapping('events', {
        item: 'sku',
        title: 'name',
        quantity: 'qty_ordered',
        ...firstOf(columns, 'order', ['order_id', 'increment_id']),
        ...firstOf(columns, 'user', ['customer_email', 'customer_id']),
        ...firstOf(columns, 'email', ['customer_email']),
        ...present(columns, { price: 'price', time: 'created_at', status: 'status' }),
      }),
  ],
  // sales_order
  [
    'magento',
    ['entity_id', 'increment_id', 'status', 'created_at', 'customer_email'],
    tableMapping('orders', {
      order: 'entity_id',
      user: 'customer_email',
      email: 'customer_email',
      status: 'status',
      time: 'created_at',
    }),
  ],
];

const HEADERLESS: readonly Signature[] = [
  {
    dataset: 'lightgcn',
    match: ({ format }) =>
      format === 'rows' ? tableMapping('events', { user: 'user', item: 'item' }) : null,
  },
  {
    dataset: 'lightgcn',
    // user_list.txt and item_list.txt: the ids before they were numbered
    match: ({ columns }) => (sameNames(columns, ['org_id remap_id']) ? IGNORED : null),
  },
  {
    dataset: 'movielens-100k',
    match: (table) => (isRatings(table, '\t', 5) ? RATING_COLUMNS : null),
  },
  {
    dataset: 'movielens-100k',
    match: (table) =>
      bare(table, '|', 24) && numbersOf(table, '24').every((flag) => flag === 0 || flag === 1)
        ? tableMapping('items', { item: '1', title: '2' }, { flags: MOVIELENS_100K_FLAGS })
        : null,
  },
  {
    dataset: 'movielens-100k',
    match: (table) => {
      if (bare(table, '|', 5) && valuesOf(table, '3').every((sex) => sex === 'M' || sex === 'F'))
        return IGNORED;
      return bare(table, '|', 2) && valuesOf(table, '1').includes('Film-Noir') ? IGNORED : null;
    },
  },
  {
    dataset: 'movielens-1m',
    match: (table) =>
      isRatings(table, '::', 5) && numbersOf(table, '3').every(Number.isInteger) ? RATING_COLUMNS : null,
  },
  { dataset: 'movielens-10m', match: (table) => (isRatings(table, '::', 5) ? RATING_COLUMNS : null) },
  { dataset: 'movietweetings', match: (table) => (isRatings(table, '::', 10) ? RATING_COLUMNS : null) },
  {
    dataset: 'movielens-1m',
    match: (table) =>
      bare(table, '::', 3) && valuesOf(table, '1').every((id) => /^\d+$/u.test(id))
        ? tableMapping('items', { item: '1', title: '2', category: '3' })
        : null,
  },
  {
    dataset: 'movielens-1m',
    match: (table) => {
      const isUsers = bare(table, '::', 5) && valuesOf(table, '2').every((sex) => sex === 'M' || sex === 'F');
      // users of MovieTweetings, tags of MovieLens 10M
      return isUsers || bare(table, '::', 2) || bare(table, '::', 4) ? IGNORED : null;
    },
  },
  {
    dataset: 'labelled-texts',
    match: (table) => {
      if (!bare(table, '\t', 2) || !numbersOf(table, '2').every((label) => label === 0 || label === 1))
        return null;
      return valuesOf(table, '1').some((text) => text.includes(' '))
        ? tableMapping('events', { review: '1', rating: '2' })
        : null;
    },
  },
];

const RATING_COLUMNS = tableMapping('events', { user: '1', item: '2', rating: '3', time: '4' });

/** All signatures, the narrower ones first. */
export const SIGNATURES: readonly Signature[] = [
  ...HEADED.toSorted(([, a], [, b]) => b.length - a.length).map(([dataset, names, mapping]): Signature => ({
    dataset,
    match(table) {
      if (!table.header || !names.every((name) => table.columns.includes(name))) return null;
      return typeof mapping === 'function' ? mapping(table) : mapping;
    },
  })),
  ...HEADERLESS,
];

/** user, item, rating up to `top`, Unix seconds: four bare columns. */
function isRatings(table: SourceTable, delimiter: string, top: number): boolean {
  if (!bare(table, delimiter, 4)) return false;
  const ratings = numbersOf(table, '3');
  return (
    ratings.length > 0 &&
    ratings.every((rating) => rating >= 0 && rating <= top) &&
    isTime(valuesOf(table, '4'), 'unix-s') &&
    valuesOf(table, '1').every((id) => /^\d+$/u.test(id)) &&
    valuesOf(table, '2').every((id) => /^\d+$/u.test(id))
  );
}

function bare(table: SourceTable, delimiter: string, columns: number): boolean {
  return !table.header && table.delimiter === delimiter && table.columns.length === columns;
}

function sameNames(columns: readonly string[], names: readonly string[]): boolean {
  return columns.length === names.length && names.every((name, position) => columns[position] === name);
}

/** Of the roles, those whose column the table has. */
function present<Roles extends Readonly<Record<string, string>>>(
  columns: readonly string[],
  roles: Roles,
): Partial<Roles> {
  return Object.fromEntries(
    Object.entries(roles).filter(([, name]) => columns.includes(name)),
  ) as Partial<Roles>;
}

/** The first of the columns that the table has, as this role. */
function firstOf(columns: readonly string[], role: string, names: readonly string[]): Record<string, string> {
  const found = names.find((name) => columns.includes(name));
  return found === undefined ? {} : { [role]: found };
}
