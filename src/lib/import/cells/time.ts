import type { DayOrder } from '../types.ts';

export const TIME_FORMATS = ['unix-s', 'unix-ms', 'unix-us', 'compact', 'iso', 'local', 'text'] as const;
/** How a column writes times: counts since 1970, `20101201`, ISO 8601, day and month in some order, or words. */
export type TimeFormat = (typeof TIME_FORMATS)[number];

export interface TimeStyle {
  readonly format: TimeFormat;
  /** Of `local`. */
  readonly dayOrder: DayOrder;
}

/** What a column's cells tell about their order of day and month. */
export type OrderEvidence = DayOrder | 'either' | 'neither';

const ISO =
  /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?$/iu;
const LOCAL =
  /^(\d{1,2})[-/. ](\d{1,2})[-/.,]?[-/. ](\d{4}|\d{2})(?:,?[T\s]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:[.,]\d+)?\s*([AaPp])?\.?[Mm]?\.?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?$/u;
const COMPACT = /^(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/u;
/** Beyond this a count of seconds would be a year after 5000: it is milliseconds; and so on. */
const MILLISECONDS_FROM = 1e11;
const MICROSECONDS_FROM = 1e14;

/** Seconds since 1970 that a pack can hold in 32 bits: to February 2106. */
export const MAX_SECONDS = 2 ** 32 - 1;

/** How a column writes times, by most of its cells that are not empty; null where they are none. */
export function timeFormatOf(cells: readonly string[]): TimeFormat | null {
  const counts = new Map<TimeFormat, number>();
  let filled = 0;
  for (const cell of cells) {
    const text = cell.trim();
    if (text === '') continue;
    filled += 1;
    const format = formatOf(text);
    if (format !== null) counts.set(format, (counts.get(format) ?? 0) + 1);
  }
  const [best] = [...counts].sort(([, a], [, b]) => b - a);
  return best !== undefined && best[1] >= 0.5 * filled ? best[0] : null;
}

function formatOf(text: string): TimeFormat | null {
  if (/^\d+(?:\.\d+)?$/u.test(text)) {
    if (COMPACT.test(text)) return 'compact';
    const number = Number(text);
    if (number >= MICROSECONDS_FROM) return 'unix-us';
    return number >= MILLISECONDS_FROM ? 'unix-ms' : 'unix-s';
  }
  if (ISO.test(text)) return 'iso';
  if (LOCAL.test(text)) return 'local';
  return Number.isNaN(Date.parse(text)) ? null : 'text';
}

/** What local dates tell about their order: a number above 12 is a day. */
export function dayOrderOf(cells: readonly string[]): OrderEvidence {
  let dmy = false;
  let mdy = false;
  for (const cell of cells) {
    const evidence = orderEvidence(cell);
    if (evidence === 'dmy') dmy = true;
    if (evidence === 'mdy') mdy = true;
  }
  if (dmy && mdy) return 'neither';
  if (dmy) return 'dmy';
  return mdy ? 'mdy' : 'either';
}

/** What one local date tells; `either` for anything else. */
export function orderEvidence(cell: string): OrderEvidence {
  const match = LOCAL.exec(cell.trim());
  if (match === null) return 'either';
  const [first, second] = [Number(match[1]), Number(match[2])];
  if (first > 12 && second > 12) return 'neither';
  if (first > 12) return 'dmy';
  return second > 12 ? 'mdy' : 'either';
}

/** Full stops and hyphens between numbers are written where the day comes first; a slash leaves it open. */
export function likelyDayOrder(cells: readonly string[]): DayOrder {
  const dotted = cells.filter((cell) => /^\d{1,2}[.-]/u.test(cell.trim())).length;
  return dotted > cells.length / 2 ? 'dmy' : 'mdy';
}

/** Seconds since 1970, UTC where the cell names no zone; NaN for what is no time of the style. */
export function parseTime(cell: string, { format, dayOrder }: TimeStyle): number {
  switch (format) {
    case 'unix-s':
      return count(cell, 1);
    case 'unix-ms':
      return count(cell, 1e-3);
    case 'unix-us':
      return count(cell, 1e-6);
    case 'compact':
      return COMPACT.test(cell.trim())
        ? seconds(cell.trim().slice(0, 4), cell.trim().slice(4, 6), cell.trim().slice(6, 8))
        : NaN;
    case 'iso': {
      const match = ISO.exec(cell.trim());
      if (match === null) return NaN;
      const [, year, month, day, hour, minute, second, zone] = match;
      return seconds(year, month, day, hour, minute, second) - zoneSeconds(zone);
    }
    case 'local': {
      const match = LOCAL.exec(cell.trim());
      if (match === null) return NaN;
      const [, first, second, year = '', hour = '0', minute, secs, half, zone] = match;
      const [day, month] = dayOrder === 'dmy' ? [first, second] : [second, first];
      const whole =
        half === undefined ? Number(hour) : (Number(hour) % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
      // two digits: 70 to 99 are of the last century, as POSIX has it from 69
      const full = year.length === 4 ? year : String(Number(year) + (Number(year) >= 70 ? 1900 : 2000));
      return seconds(full, month, day, String(whole), minute, secs) - zoneSeconds(zone);
    }
    case 'text': {
      const milliseconds = Date.parse(/[+-]\d{4}|GMT|UTC|Z$/u.test(cell) ? cell : `${cell} UTC`);
      return Number.isNaN(milliseconds) ? NaN : Math.floor(milliseconds / 1000);
    }
    default:
      return format satisfies never;
  }
}

function count(cell: string, unit: number): number {
  const number = Number(cell);
  return number >= 0 && cell.trim() !== '' && Number.isFinite(number) ? Math.floor(number * unit) : NaN;
}

/** NaN for what no calendar has, as 31 April. */
function seconds(
  year?: string,
  month?: string,
  day?: string,
  hour = '0',
  minute = '0',
  second = '0',
): number {
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  const [h, min, s] = [Number(hour), Number(minute), Number(second)];
  if (m < 1 || m > 12 || d < 1 || h > 24 || min > 59 || s > 60) return NaN;
  const at = Date.UTC(y, m - 1, d, h, min, s);
  return new Date(Date.UTC(y, m - 1, d)).getUTCDate() === d ? at / 1000 : NaN;
}

function zoneSeconds(zone: string | undefined): number {
  const match = /^([+-])(\d{2}):?(\d{2})$/u.exec(zone ?? '');
  if (match === null) return 0;
  const [, sign, hours, minutes] = match;
  return (sign === '-' ? -1 : 1) * (3600 * Number(hours) + 60 * Number(minutes));
}
