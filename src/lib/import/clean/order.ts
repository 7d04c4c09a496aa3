import type { EventTable } from '../events/event-table.ts';

/** Events by user: those of user `u` are `row[start[u]]` to `row[start[u + 1] - 1]`, by time, then as they were read. */
export interface UserOrder {
  readonly row: Uint32Array<ArrayBuffer>;
  readonly start: Uint32Array<ArrayBuffer>;
}

/** Counting sort by user, then each user's own by time. Four bytes an event and four a user. */
export function orderByUser(events: EventTable): UserOrder {
  const users = events.users.size;
  const start = new Uint32Array(users + 1);
  const length = events.length;
  for (let row = 0; row < length; row++) {
    const user = events.user.get(row) + 1;
    start[user] = (start[user] ?? 0) + 1;
  }
  for (let user = 0; user < users; user++) start[user + 1] = (start[user + 1] ?? 0) + (start[user] ?? 0);
  const next = start.slice(0, users);
  const row = new Uint32Array(length);
  for (let at = 0; at < length; at++) {
    const user = events.user.get(at);
    const slot = next[user] ?? 0;
    row[slot] = at;
    next[user] = slot + 1;
  }
  for (let user = 0; user < users; user++) sortByTime(events, row.subarray(start[user], start[user + 1]));
  return { row, start };
}

function sortByTime(events: EventTable, rows: Uint32Array): void {
  for (let at = 1; at < rows.length; at++) {
    if (events.seconds.get(rows[at] ?? 0) < events.seconds.get(rows[at - 1] ?? 0)) {
      rows.sort((a, b) => events.seconds.get(a) - events.seconds.get(b) || a - b);
      return;
    }
  }
}
