import type { LocalizedText } from '../../types.ts';

/** A shelf of films: MovieLens's own genre, its name, and the picture that stands for it. */
export interface Genre {
  /** As movies.csv writes it. */
  readonly genre: string;
  readonly key: string;
  readonly name: LocalizedText;
  /** Name of an icon of fluent-emoji-flat. */
  readonly art: string;
}

const genre = (source: string, zh: string, art: string): Genre => ({
  genre: source,
  key: source.toLowerCase(),
  name: { en: source, zh },
  art,
});

/** MovieLens's genres in its README's order; the last stands for films without one. */
export const GENRES: readonly Genre[] = [
  genre('Action', '动作', 'boxing-glove'),
  genre('Adventure', '冒险', 'world-map'),
  genre('Animation', '动画', 'artist-palette'),
  genre('Children', '儿童', 'teddy-bear'),
  genre('Comedy', '喜剧', 'face-with-tears-of-joy'),
  genre('Crime', '犯罪', 'police-car'),
  genre('Documentary', '纪录片', 'camera'),
  genre('Drama', '剧情', 'performing-arts'),
  genre('Fantasy', '奇幻', 'dragon'),
  genre('Film-Noir', '黑色电影', 'film-frames'),
  genre('Horror', '恐怖', 'ghost'),
  genre('Musical', '歌舞', 'musical-note'),
  genre('Mystery', '悬疑', 'detective'),
  genre('Romance', '爱情', 'heart-with-arrow'),
  genre('Sci-Fi', '科幻', 'rocket'),
  genre('Thriller', '惊悚', 'skull'),
  genre('War', '战争', 'military-helmet'),
  genre('Western', '西部', 'cowboy-hat-face'),
  genre('IMAX', 'IMAX', 'film-projector'),
  { genre: '(no genres listed)', key: 'other', name: { en: 'Other', zh: '其他' }, art: 'clapper-board' },
];

/**
 * Columns 7 to 24 of MovieLens 100K's u.item, in the order of its u.genre: 1 where a film is of the genre. Column 6,
 * "unknown", says nothing.
 */
export const MOVIELENS_100K_FLAGS: Readonly<Record<string, string>> = Object.fromEntries(
  [
    'Action',
    'Adventure',
    'Animation',
    'Children',
    'Comedy',
    'Crime',
    'Documentary',
    'Drama',
    'Fantasy',
    'Film-Noir',
    'Horror',
    'Musical',
    'Mystery',
    'Romance',
    'Sci-Fi',
    'Thriller',
    'War',
    'Western',
  ].map((name, position) => [String(7 + position), name]),
);
