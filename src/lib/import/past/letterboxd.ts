import type { SourceTable } from '../tables/table.ts';
import { Columns } from './columns.ts';
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

const SCALE = { min: 0.5, max: 5 };
/** What the visitor deleted, or what belongs to nothing any more, comes in folders of the export. */
const DELETED = /(?:^|\/)(?:deleted|orphaned)\//u;
/** Lists of films that have the same columns as the watched ones: only the file's name tells them apart. */
const WANTED = /(?:^|\/)watchlist[^/]*$/u;
const LIKED = /(?:^|\/)(?:likes\/films|likes[-_]?films)[^/]*$/u;

/**
 * The files of a Letterboxd export (Settings, Data): ratings.csv, watched.csv, diary.csv, reviews.csv, watchlist.csv and
 * likes/films.csv. A film's address differs from file to file (the diary has those of its entries), so films are told apart
 * by name and year. Null for another table, and for what was deleted.
 */
export function letterboxdReader(table: SourceTable): PastReader | null {
  const columns = new Columns(table);
  if (!columns.has('date', 'name', 'year', 'letterboxduri') || DELETED.test(table.name)) return null;
  const title = columns.reader('name');
  const year = columns.reader('year');
  const rating = columns.reader('rating');
  const review = columns.reader('review');
  const imdb = columns.reader('imdbid');
  const tmdb = columns.reader('tmdbid');
  const isDiary = columns.has('watcheddate');
  const loggedAt = columns.timeReader('mdy', 'date');
  const watchedAt = columns.timeReader('mdy', 'watcheddate');
  const [date, watchedDate] = [columns.reader('date'), columns.reader('watcheddate')];
  const type = listType(table.name, isDiary || columns.has('rating'));
  return {
    source: 'letterboxd',
    wanted: columns.wanted,
    read(cells) {
      const name = titleOf(title(cells));
      if (name === '') return fault('Name', '', 'title', NO_TITLE);
      const stars = ratingOf(rating(cells), SCALE);
      if (Number.isNaN(stars))
        return fault('Rating', rating(cells), 'rating', 'Write a rating from 0.5 to 5.');
      const [logged, watched] = [loggedAt(cells), watchedAt(cells)];
      if (Number.isNaN(logged)) return fault('Date', date(cells), 'time', BAD_TIME);
      if (Number.isNaN(watched)) return fault('Watched Date', watchedDate(cells), 'time', BAD_TIME);
      const at = watched ?? logged;
      const deeds: PastDeed[] = [{ type, at }];
      if (isStars(stars)) deeds.push({ type: 'rated', stars, at });
      const text = reviewText(review(cells));
      if (text !== '') deeds.push({ type: 'reviewed', text, at });
      const ids: PastId[] = [];
      if (imdb(cells) !== '') ids.push({ scheme: 'imdb', value: imdb(cells) });
      if (tmdb(cells) !== '') ids.push({ scheme: 'tmdb', value: tmdb(cells) });
      return {
        key: `${name}\n${year(cells)}`,
        title: name,
        author: '',
        year: yearOf(year(cells)),
        ids,
        deeds,
      };
    },
  };
}

/** What standing in a file says of a film; a rated or dated one was watched, whatever the file is called. */
function listType(file: string, isWatched: boolean): 'had' | 'wanted' | 'liked' {
  if (isWatched) return 'had';
  if (WANTED.test(file)) return 'wanted';
  return LIKED.test(file) ? 'liked' : 'had';
}
