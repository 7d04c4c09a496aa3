import type { VisitorEvent } from '../../types.ts';
import type { Marks } from '../types.ts';

/** Events without a backup after which the page speaks of one: sooner where the browser promised nothing. */
const EVENTS_WHEN_PERSISTED = 100;
const EVENTS_OTHERWISE = 10;

/**
 * How many events no backup holds, where that is worth a word; 0 where it is not: too few since the last backup, or
 * since the visitor put the reminder off. `persisted`: the browser has promised to keep the data (null: it does not say).
 */
export function reminderDue(
  events: readonly Pick<VisitorEvent, 'at'>[],
  { backupAt, remindedAt }: Pick<Marks, 'backupAt' | 'remindedAt'>,
  persisted: boolean | null,
): number {
  const newerThan = (at: number | null): number => events.filter((event) => event.at > (at ?? -1)).length;
  const enough = persisted === true ? EVENTS_WHEN_PERSISTED : EVENTS_OTHERWISE;
  const open = newerThan(Math.max(backupAt ?? -1, remindedAt ?? -1));
  return open >= enough ? newerThan(backupAt) : 0;
}
