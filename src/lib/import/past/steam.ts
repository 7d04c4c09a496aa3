import { parseNumber } from '../cells/number.ts';
import type { SourceTable } from '../tables/table.ts';
import { Columns } from './columns.ts';
import { BAD_TIME, fault, NO_TITLE, titleOf, type PastReader } from './rows.ts';
import type { PastDeed } from './types.ts';

const APP_ID = ['appid', 'steamappid', 'gameid', 'id'] as const;
const TITLE = ['name', 'game', 'title', 'gamename'] as const;
const MINUTES = ['playtimeforever', 'playtimeminutes', 'minutesplayed'] as const;
const HOURS = [
  'hours',
  'hoursplayed',
  'playtimehours',
  'hoursonrecord',
  'hoursforever',
  'totalhours',
] as const;
const LAST = ['rtimelastplayed', 'lastplayed', 'lastplayeddate'] as const;

const SECONDS_PER_MINUTE = 60;
const SECONDS_PER_HOUR = 3600;

/**
 * A Steam library: the JSON of GetOwnedGames (Steam Web API, IPlayerService; times in minutes and in seconds since 1970,
 * the name only with include_appinfo), or a table with a column for the game's number or name and one for the time played.
 * Null for another table.
 */
export function steamReader(table: SourceTable): PastReader | null {
  const columns = new Columns(table);
  const isNumbered = columns.has('appid') || columns.has('steamappid');
  const isNamed = TITLE.some((name) => columns.has(name));
  const isTimed = [...MINUTES, ...HOURS].some((name) => columns.has(name));
  if (!(isNumbered && (isNamed || isTimed)) && !(isNamed && isTimed)) return null;
  const appId = columns.reader(...APP_ID);
  const title = columns.reader(...TITLE);
  const minutes = columns.reader(...MINUTES);
  const hours = columns.reader(...HOURS);
  const lastCell = columns.reader(...LAST);
  const lastAt = columns.timeReader(null, ...LAST);
  const timeColumn = columns.nameOf(...MINUTES) || columns.nameOf(...HOURS);
  const lastColumn = columns.nameOf(...LAST);
  return {
    source: 'steam',
    wanted: columns.wanted,
    read(cells) {
      const name = titleOf(title(cells));
      const id = /^\d+$/u.test(appId(cells)) ? appId(cells) : '';
      if (name === '' && id === '') return fault(columns.nameOf(...TITLE, ...APP_ID), '', 'title', NO_TITLE);
      const [time, unit] =
        minutes(cells) === '' ? [hours(cells), SECONDS_PER_HOUR] : [minutes(cells), SECONDS_PER_MINUTE];
      const seconds = time === '' ? 0 : unit * parseNumber(time, '.');
      if (!(seconds >= 0))
        return fault(timeColumn, time, 'number', 'Write the time played as a plain number.');
      // never played: the interface says 0
      const last = lastCell(cells) === '0' ? null : lastAt(cells);
      if (Number.isNaN(last)) return fault(lastColumn, lastCell(cells), 'time', BAD_TIME);
      const deeds: PastDeed[] = [{ type: 'bought', quantity: 1, order: '', at: last }];
      if (seconds > 0) deeds.push({ type: 'played', seconds, at: last });
      return {
        key: id === '' ? name : id,
        title: name,
        author: '',
        year: null,
        ids: id === '' ? [] : [{ scheme: 'steam', value: id }],
        deeds,
      };
    },
  };
}
