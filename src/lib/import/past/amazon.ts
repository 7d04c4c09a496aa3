import { parseNumber } from '../cells/number.ts';
import type { SourceTable } from '../tables/table.ts';
import { Columns } from './columns.ts';
import { isbn13 } from './isbn.ts';
import { BAD_TIME, fault, NO_TITLE, titleOf, type PastReader } from './rows.ts';
import type { PastId } from './types.ts';

/** How the privacy request writes an empty cell. */
const NOTHING = /^not (?:available|applicable)$/iu;
const CANCELLED = /^cancel/iu;
/** Amazon's own order of day and month in the reports of before 2023, where the dates leave it open. */
const US = /(?:^|\.)amazon\.com$/iu;

/**
 * Amazon's order history, a row a line of an order: the file of a privacy request (`Retail.OrderHistory.1.csv`, since 2025
 * `Order History.csv`), or the items report that could be downloaded until March 2023. Null for another table.
 */
export function amazonReader(table: SourceTable): PastReader | null {
  const columns = new Columns(table);
  if (!columns.has('orderid', 'orderdate')) return null;
  const isRequest = columns.has('asin', 'productname');
  if (!isRequest && !columns.has('asinisbn', 'title')) return null;
  const site = columns.reader('website');
  const isUs = table.sample.every((cells) => site(cells) === '' || US.test(site(cells)));
  const title = columns.reader('productname', 'title');
  const asin = columns.reader('asin', 'asinisbn');
  const order = columns.reader('orderid');
  const status = columns.reader('orderstatus');
  const quantity = columns.reader('quantity', 'originalquantity');
  const quantityColumn = columns.nameOf('quantity', 'originalquantity');
  const orderedAt = columns.timeReader(isUs ? 'mdy' : 'dmy', 'orderdate');
  const date = columns.reader('orderdate');
  return {
    source: 'amazon',
    wanted: columns.wanted,
    read(cells) {
      const name = NOTHING.test(title(cells)) ? '' : titleOf(title(cells));
      const number = NOTHING.test(asin(cells)) ? '' : asin(cells).toUpperCase();
      if (name === '' && number === '')
        return fault(columns.nameOf('productname', 'title'), '', 'title', NO_TITLE);
      const count = quantity(cells) === '' ? 1 : parseNumber(quantity(cells), '.');
      if (!Number.isInteger(count) || count < 0) {
        return fault(quantityColumn, quantity(cells), 'number', 'Write a whole number.');
      }
      // an order that was cancelled before it was sent has a quantity of 0
      if (count === 0 || CANCELLED.test(status(cells))) return { leftOut: 'cancelled' };
      const at = orderedAt(cells);
      if (Number.isNaN(at)) return fault('Order Date', date(cells), 'time', BAD_TIME);
      return {
        key: number === '' ? name : number,
        title: name,
        author: '',
        year: null,
        ids: idsOf(number),
        deeds: [{ type: 'bought', quantity: count, order: order(cells), at }],
      };
    },
  };
}

/** A book's ASIN is its ISBN-10. */
function idsOf(asin: string): PastId[] {
  if (asin === '') return [];
  const isbn = isbn13(asin);
  return [
    { scheme: 'asin', value: asin },
    ...(isbn === null ? [] : [{ scheme: 'isbn' as const, value: isbn }]),
  ];
}
