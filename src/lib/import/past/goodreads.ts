import type { SourceTable } from '../tables/table.ts';
import { Columns } from './columns.ts';
import { isbn13 } from './isbn.ts';
import {
  BAD_TIME,
  fault,
  isStars,
  NO_TITLE,
  ratingOf,
  reviewText,
  titleOf,
  yearOf,
  type PastReader,
} from './rows.ts';
import type { PastDeed, PastId } from './types.ts';

const SCALE = { min: 1, max: 5 };
/** Goodreads has one shelf of these for each book; readers add others of their own, as "dnf". */
const READING_SHELVES: ReadonlySet<string> = new Set(['read', 'currently-reading']);

/**
 * The library export of Goodreads (My Books, Import and export): a row a book. ISBNs are written as formulas,
 * `="0547773749"`, and a rating of 0 is none. Null for another table.
 */
export function goodreadsReader(table: SourceTable): PastReader | null {
  const columns = new Columns(table);
  if (!columns.has('bookid', 'title', 'author', 'myrating', 'exclusiveshelf')) return null;
  const bookId = columns.reader('bookid');
  const title = columns.reader('title');
  const author = columns.reader('author');
  const isbn = columns.reader('isbn');
  const longIsbn = columns.reader('isbn13');
  const rating = columns.reader('myrating');
  const published = columns.reader('originalpublicationyear');
  const printed = columns.reader('yearpublished');
  const shelf = columns.reader('exclusiveshelf');
  const review = columns.reader('myreview');
  const readAt = columns.timeReader('mdy', 'dateread');
  const addedAt = columns.timeReader('mdy', 'dateadded');
  const [readColumn, addedColumn] = [columns.nameOf('dateread'), columns.nameOf('dateadded')];
  const readCell = columns.reader('dateread');
  const addedCell = columns.reader('dateadded');
  return {
    source: 'goodreads',
    wanted: columns.wanted,
    read(cells) {
      const name = titleOf(title(cells));
      const id = bookId(cells);
      const numbers = isbnsOf(isbn(cells), longIsbn(cells));
      if (name === '' && numbers.length === 0) return fault('Title', '', 'title', NO_TITLE);
      const stars = ratingOf(rating(cells), SCALE, 0);
      if (Number.isNaN(stars)) {
        return fault('My Rating', rating(cells), 'rating', 'Write a rating from 0 (none) to 5.');
      }
      const [finished, added] = [readAt(cells), addedAt(cells)];
      if (Number.isNaN(finished)) return fault(readColumn, readCell(cells), 'time', BAD_TIME);
      if (Number.isNaN(added)) return fault(addedColumn, addedCell(cells), 'time', BAD_TIME);
      const at = finished ?? added;
      const deeds: PastDeed[] = [];
      const on = shelf(cells).toLowerCase();
      if (READING_SHELVES.has(on) || finished !== null) deeds.push({ type: 'had', at });
      else if (on === 'to-read') deeds.push({ type: 'wanted', at });
      if (isStars(stars)) deeds.push({ type: 'rated', stars, at });
      const text = reviewText(review(cells));
      if (text !== '') deeds.push({ type: 'reviewed', text, at });
      if (deeds.length === 0) return { leftOut: 'no-sign' };
      return {
        key: id === '' ? `${name}\n${author(cells)}` : id,
        title: name,
        author: author(cells),
        year: yearOf(published(cells)) ?? yearOf(printed(cells)),
        ids: id === '' ? numbers : [...numbers, { scheme: 'goodreads', value: id }],
        deeds,
      };
    },
  };
}

/** The ISBNs in cells such as `="0547773749"`, each once; what is none is left out, as for books of before 1970. */
function isbnsOf(...cells: readonly string[]): PastId[] {
  const found = cells.map((cell) => isbn13(cell.replaceAll(/[="]/gu, '')));
  return [...new Set(found)].flatMap((value) => (value === null ? [] : [{ scheme: 'isbn', value }]));
}
