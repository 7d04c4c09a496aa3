import type { ItemIndex, Stars } from '../../types.ts';
import type { ImportReport, SkippedFile } from '../types.ts';

/** Whose exports of a person's own history are read. */
export const PAST_SOURCES = ['goodreads', 'letterboxd', 'amazon', 'steam'] as const;
export type PastSource = (typeof PAST_SOURCES)[number];

/** What numbers a thing, beyond the key that the shop gives it. */
export const ID_SCHEMES = ['isbn', 'asin', 'steam', 'goodreads', 'imdb', 'tmdb'] as const;
export type IdScheme = (typeof ID_SCHEMES)[number];

export interface PastId {
  readonly scheme: IdScheme;
  /** ISBN as its 13 digits, others as written. */
  readonly value: string;
}

/**
 * Something the visitor did with a thing elsewhere. `had`: read or watched it; `wanted`: to read, to watch. `at`:
 * milliseconds since the Unix epoch; null where the export has no date for it.
 */
export type PastDeed = { readonly at: number | null } & (
  | { readonly type: 'rated'; readonly stars: Stars }
  | { readonly type: 'reviewed'; readonly text: string }
  | { readonly type: 'bought'; readonly quantity: number; readonly order: string }
  | { readonly type: 'played'; readonly seconds: number }
  | { readonly type: 'had' }
  | { readonly type: 'liked' }
  | { readonly type: 'wanted' }
);
export type PastDeedType = PastDeed['type'];

/** A thing as an export names it, with all that the visitor did with it, in the order of the files. */
export interface PastWork {
  readonly source: PastSource;
  readonly title: string;
  /** Empty where the export names none. */
  readonly author: string;
  readonly year: number | null;
  readonly ids: readonly PastId[];
  readonly deeds: readonly PastDeed[];
}

/** Why a product may be the thing: the same number, title, title before the colon, or words of the title. */
export type MatchEvidence = 'id' | 'title' | 'main-title' | 'words';

export interface MatchCandidate {
  readonly item: ItemIndex;
  /** From 0 to 1. */
  readonly score: number;
  readonly by: MatchEvidence;
}

/** A thing with the products it may be, best first: none, or several to choose from. */
export interface MatchedWork {
  readonly work: PastWork;
  /** True where the best product is the thing for all that is known, and no other comes near. */
  readonly certain: boolean;
  readonly candidates: readonly MatchCandidate[];
}

/** Rows that say nothing that the shop can use: orders that were cancelled, books on a shelf of one's own making. */
export type PastLeftOut = 'cancelled' | 'no-sign';

/** A table that was read. */
export interface PastFile {
  readonly name: string;
  readonly source: PastSource;
  /** Rows below the header. */
  readonly rows: number;
}

/** What was read from the files, before any of it is matched. */
export interface PastLibrary {
  readonly works: readonly PastWork[];
  readonly files: readonly PastFile[];
  /** Files and tables that are no history of a known kind, by name. */
  readonly ignored: readonly string[];
  readonly skipped: readonly SkippedFile[];
  readonly problems: ImportReport['problems'];
  readonly leftOut: Readonly<Record<PastLeftOut, number>>;
}

/** What was read and matched. */
export interface PastResult extends Omit<PastLibrary, 'works'> {
  readonly matches: readonly MatchedWork[];
}
