import { join } from 'node:path';
import { InteractionBuilder } from '../../lib/pack/interaction-builder.ts';
import type { PackContent } from '../../lib/pack/write.ts';
import type { Item, ItemId, ItemIndex, PackId } from '../../lib/types.ts';
import { ART_LICENCE, fluentEmoji } from '../art.ts';
import { itemStatistics } from '../community-statistics.ts';
import { csvError, readCsv } from '../csv.ts';
import { shuffledNumbers } from '../shuffle.ts';
import { GENRES, type Genre } from './movielens-genres.ts';

const SECONDS_PER_DAY = 86_400;
const USER_SEED = 20_240_601;

interface Movie {
  readonly id: string;
  readonly title: string;
  readonly genres: readonly string[];
}

/**
 * A pack out of MovieLens's CSV files (`movies.csv`, `ratings.csv`, the layout of ml-latest-small and ml-25m).
 * A film's category is its first genre. Ratings of 0.5 to 5 become 1 to 5 stars: halves are rounded up, and 0.5
 * becomes 1. People become row numbers in shuffled order. Throws `import-invalid` naming file, row and column.
 */
export function movielensPack(folder: string): PackContent {
  const movies = readMovies(join(folder, 'movies.csv'));
  const indices = new Map(movies.map((movie, index) => [movie.id, index]));
  const { events, users } = readRatings(join(folder, 'ratings.csv'), indices);
  const interactions = events.build(users, movies.length);
  const statistics = itemStatistics(interactions);
  const items = movies.map((movie, index): Item => {
    const { popularity, ratingCounts } = statistics[index] ?? {
      popularity: 0,
      ratingCounts: [0, 0, 0, 0, 0],
    };
    return { ...toItem(movie, index), popularity, ratingCounts };
  });
  const used = new Set(items.map((item) => item.category));
  const categories = GENRES.filter((genre) => used.has(genre.key)).map(({ key, name, art }) => ({
    key,
    name,
    art,
  }));
  return {
    about: {
      id: 'movielens' as PackId,
      name: { en: 'MovieLens', zh: 'MovieLens 电影' },
      description: {
        en: 'Films, rated by volunteers of the MovieLens site.',
        zh: 'MovieLens 网站志愿者评分的电影。',
      },
      simulated: false,
      languages: ['en'],
      licence: `Data: MovieLens usage licence of GroupLens (research; no redistribution without permission). ${ART_LICENCE}`,
      source: { en: 'GroupLens, University of Minnesota: grouplens.org/datasets/movielens' },
      currency: null,
      categories,
    },
    items,
    art: fluentEmoji(categories.map((category) => category.art)),
    interactions,
    reviews: [],
  };
}

/** Stars for a MovieLens rating in half steps: rounded half up, at least 1. */
export function starsOfRating(rating: number): number {
  return Math.max(1, Math.floor(rating + 0.5));
}

function readMovies(path: string): readonly Movie[] {
  const movies: Movie[] = [];
  const ids = new Set<string>();
  readCsv(path, ['movieId', 'title', 'genres'], ({ cells: { movieId, title, genres }, row }) => {
    if (movieId === '' || ids.has(movieId)) {
      throw csvError(path, row, 'movieId', movieId, 'Give every film an id of its own.');
    }
    if (title.trim() === '') throw csvError(path, row, 'title', title, 'Give the film a title.');
    ids.add(movieId);
    movies.push({ id: movieId, title: title.trim(), genres: genres.split('|') });
  });
  return movies;
}

function readRatings(
  path: string,
  indices: ReadonlyMap<string, number>,
): { events: InteractionBuilder; users: number } {
  const rows: { user: string; item: number; stars: number; day: number }[] = [];
  readCsv(path, ['userId', 'movieId', 'rating', 'timestamp'], ({ cells, row }) => {
    const item = indices.get(cells.movieId);
    if (item === undefined) {
      throw csvError(path, row, 'movieId', cells.movieId, 'Rate only films that movies.csv lists.');
    }
    const rating = Number(cells.rating);
    if (cells.rating.trim() === '' || !(rating >= 0.5 && rating <= 5)) {
      throw csvError(path, row, 'rating', cells.rating, 'Give a rating from 0.5 to 5.');
    }
    const seconds = Number(cells.timestamp);
    if (cells.timestamp.trim() === '' || !Number.isSafeInteger(seconds) || seconds < 0) {
      throw csvError(path, row, 'timestamp', cells.timestamp, 'Give seconds since 1970.');
    }
    if (cells.userId === '') throw csvError(path, row, 'userId', '', 'Say who rated.');
    const day = Math.floor(seconds / SECONDS_PER_DAY);
    rows.push({ user: cells.userId, item, stars: starsOfRating(rating), day });
  });
  const numbers = shuffledNumbers(
    rows.map((row) => row.user),
    USER_SEED,
  );
  const events = new InteractionBuilder();
  for (const { user, ...rest } of rows) events.add({ user: numbers.get(user) ?? 0, kind: 'rate', ...rest });
  return { events, users: numbers.size };
}

function toItem(movie: Movie, index: number): Omit<Item, 'popularity' | 'ratingCounts'> {
  const known = movie.genres.flatMap((name) => GENRES.find((genre) => genre.genre === name) ?? []);
  const first: Genre | undefined = known[0] ?? GENRES.at(-1);
  const year = /\((\d{4})\)$/u.exec(movie.title)?.[1];
  const named = known.filter((genre) => genre.key !== 'other');
  return {
    index: index as ItemIndex,
    id: movie.id as ItemId,
    name: { en: movie.title },
    brand: '',
    category: first?.key ?? '',
    price: null,
    description: {},
    attributes: [
      ...(year === undefined ? [] : [{ name: { en: 'Year', zh: '年份' }, value: { en: year, zh: year } }]),
      ...(named.length === 0
        ? []
        : [
            {
              name: { en: 'Genres', zh: '类型' },
              value: {
                en: named.map((genre) => genre.name.en).join(', '),
                zh: named.map((genre) => genre.name.zh).join('、'),
              },
            },
          ]),
    ],
    art: first?.art ?? null,
  };
}
