import { cleanText } from '../../pack/text.ts';
import { MAX_TEXT } from '../../pack/limits.ts';
import type { Stars } from '../../types.ts';
import { starsOf } from '../clean/scale.ts';
import { parseNumber } from '../cells/number.ts';
import { shorten } from '../errors.ts';
import type { RatingScale, RowProblem } from '../types.ts';
import type { PastDeed, PastId, PastLeftOut, PastSource } from './types.ts';

/** What a row tells of one thing. */
export interface PastRow {
  /** Rows of one key are one thing: a number of the source's own, or the title with its year. */
  readonly key: string;
  readonly title: string;
  readonly author: string;
  readonly year: number | null;
  readonly ids: readonly PastId[];
  readonly deeds: readonly PastDeed[];
}

export type RowFault = Omit<RowProblem, 'file' | 'line'>;
export type RowResult = PastRow | { readonly leftOut: PastLeftOut } | { readonly fault: RowFault };

/** Reads the rows of a table that one of the signatures knows. */
export interface PastReader {
  readonly source: PastSource;
  /** Columns that are looked at, as the table names them. */
  readonly wanted: ReadonlySet<string>;
  readonly read: (cells: readonly string[]) => RowResult;
}

export function fault(
  column: string,
  value: string,
  reason: RowFault['reason'],
  remedy: string,
): { readonly fault: RowFault } {
  return { fault: { column, value: shorten(value), reason, remedy } };
}

export const NO_TITLE = 'Give the row a title or a number of the product.';
export const BAD_TIME = 'Write the date as the other rows do, or leave it empty.';

/** A title as it is shown and compared. */
export const titleOf = (cell: string): string => cleanText(cell, MAX_TEXT.name);

/** A rating in the source's own steps as stars; null for an empty cell or `unrated`, NaN for what is no rating. */
export function ratingOf(cell: string, scale: RatingScale, unrated: number | null = null): number | null {
  if (cell === '') return null;
  const rating = parseNumber(cell, '.');
  if (rating === unrated) return null;
  return rating >= scale.min && rating <= scale.max ? starsOf(rating, scale) : NaN;
}

/** True for a rating that `ratingOf` could read. */
export function isStars(rating: number | null): rating is Stars {
  return rating !== null && !Number.isNaN(rating);
}

/** A four-digit year, also written as a fraction (`1937.0`) or with a date after it; null for none. */
export function yearOf(cell: string): number | null {
  const match = /^(-?\d{1,4})(?:\D|$)/u.exec(cell);
  const year = Number(match?.[1] ?? NaN);
  return Number.isInteger(year) && year !== 0 ? year : null;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

/** A review that is written in HTML, as plain text: line breaks stay, other tags go. */
export function reviewText(html: string): string {
  const text = html
    .replaceAll(/<br\s*\/?>|<\/p>/giu, '\n')
    .replaceAll(/<[^<>]*>/gu, '')
    .replaceAll(/&(amp|lt|gt|quot|#39);/gu, (_all, name: string) => ENTITIES[name] ?? '');
  return cleanText(text.replaceAll(/\n{3,}/gu, '\n\n'), MAX_TEXT.review, 'keep');
}
