import type { SplitKind } from './splits.ts';

/** Data sets that have published tables here. */
export const KNOWN_DATA = ['ml-100k', 'ml-10m', 'ml-20m', 'gowalla', 'amazon-book-kgat'] as const;
export type KnownData = (typeof KNOWN_DATA)[number];

/** What of data is at hand: all of it, or the train part of the published split alone. */
export interface RecognisedData {
  readonly data: KnownData;
  readonly part: 'all' | 'train';
}

/** What can be counted without knowing where data comes from. */
export interface DataShape {
  readonly users: number;
  readonly items: number;
  readonly interactions: number;
  /** True where every interaction is a rating. */
  readonly rated: boolean;
}

/** How published figures were measured. */
export interface PublishedProtocol {
  /** `given`: a split that comes with the data; else as this program's own splits. */
  readonly split: 'given' | SplitKind | 'kfold';
  /** Of the lists; null where pairs are predicted. */
  readonly k: number | null;
  /** True where ratings in half stars were used as they are. */
  readonly halfStars?: true;
  readonly words: string;
}

export interface PublishedRow {
  readonly model: string;
  /** By the names of this program's metrics. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** A published table, or a part of one. */
export interface PublishedTable {
  readonly data: KnownData;
  readonly source: string;
  readonly url: string;
  readonly protocol: PublishedProtocol;
  readonly rows: readonly PublishedRow[];
}

/** Shapes that no other data has by chance. */
const SHAPES: readonly (RecognisedData & DataShape)[] = [
  { data: 'ml-100k', part: 'all', users: 943, items: 1_682, interactions: 100_000, rated: true },
  { data: 'ml-10m', part: 'all', users: 69_878, items: 10_677, interactions: 10_000_054, rated: true },
  { data: 'ml-20m', part: 'all', users: 138_493, items: 26_744, interactions: 20_000_263, rated: true },
  { data: 'gowalla', part: 'train', users: 29_858, items: 40_981, interactions: 810_128, rated: false },
  { data: 'gowalla', part: 'all', users: 29_858, items: 40_981, interactions: 1_027_370, rated: false },
  {
    ...{ data: 'amazon-book-kgat', part: 'train' },
    ...{ users: 70_679, items: 24_915, interactions: 652_514, rated: false },
  },
  {
    ...{ data: 'amazon-book-kgat', part: 'all' },
    ...{ users: 70_679, items: 24_915, interactions: 846_434, rated: false },
  },
];

/** Films that nobody rated are in some catalogues of MovieLens: 10M and 20M. */
const CATALOGUES: Readonly<Partial<Record<KnownData, number>>> = { 'ml-10m': 10_681, 'ml-20m': 27_278 };

/** Which known data has this shape; null for none. */
export function recognise({ users, items, interactions, rated }: DataShape): RecognisedData | null {
  const found = SHAPES.find(
    (shape) =>
      shape.users === users &&
      (shape.items === items || CATALOGUES[shape.data] === items) &&
      shape.interactions === interactions &&
      shape.rated === rated,
  );
  return found === undefined ? null : { data: found.data, part: found.part };
}

/** The tables of a data set. They are loaded by whoever asks: what paints first does not carry them. */
export async function publishedFor(data: string): Promise<readonly PublishedTable[]> {
  const { PUBLISHED } = await import('./published-tables.ts');
  return PUBLISHED.filter((table) => table.data === data);
}

/** Why own figures are not to be set beside published ones as equals. */
export type ProtocolDifference =
  /** Train and test were divided in another way. */
  | 'split'
  /** As before, by the same way, but chance fell otherwise. */
  | 'draw'
  /** Lists of another length. */
  | 'length'
  /** The own models never see the published test part, and are tested on a part of train. */
  | 'part'
  /** Half stars were rounded up. */
  | 'stars';

/** How own figures were measured. */
export interface OwnProtocol {
  readonly split: 'given' | 'folds' | SplitKind | 'kfold';
  readonly k: number;
  readonly part: RecognisedData['part'];
  /** True where ratings are whole stars, as in a pack. */
  readonly wholeStars: boolean;
}

/** What keeps own figures from being measured as published ones; none where nothing does. */
export function differencesFrom(
  { split, k, halfStars }: PublishedProtocol,
  own: OwnProtocol,
): readonly ProtocolDifference[] {
  const found: ProtocolDifference[] = [];
  const parts = own.split === 'folds' ? 'kfold' : own.split;
  if (parts !== split) found.push('split');
  else if (split !== 'given') found.push('draw');
  if (own.part === 'train' && own.split !== 'given') found.push('part');
  if (halfStars === true && own.wholeStars) found.push('stars');
  if (k !== null && own.k !== k) found.push('length');
  return found;
}
