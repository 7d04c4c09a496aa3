import type { Marks } from './types.ts';

/** Erasing everything takes these with it: their names begin as all of ours do. */
const KEPT = 'fairshelf-kept';
const BACKED_UP = 'fairshelf-backed-up';
const REMINDED = 'fairshelf-reminded';

type Area = Pick<globalThis.Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** The marks, and what the storage itself notes in them. */
export interface KeptMarks extends Marks {
  /** Something of the visitor's is in the database now. */
  keep(): void;
  /** The database was made anew: if something was in it before, the browser has removed it. */
  createdAnew(): void;
  /** Nothing of the visitor's is left: there is nothing to miss. */
  forget(): void;
}

/** The marks in an area of web storage; where there is none nothing is remembered. */
export function createMarks(area: Area | null): KeptMarks {
  const read = (key: string): string | null => attempt(() => area?.getItem(key) ?? null);
  const write = (key: string, value: string): void => void attempt(() => area?.setItem(key, value) ?? null);
  const remove = (key: string): void => void attempt(() => area?.removeItem(key) ?? null);
  const timeOf = (key: string): number | null => {
    const at = Number(read(key) ?? NaN);
    return Number.isSafeInteger(at) && at >= 0 ? at : null;
  };
  return {
    get lost() {
      return read(KEPT) === 'lost';
    },
    settle: () => {
      if (read(KEPT) === 'lost') remove(KEPT);
    },
    get backupAt() {
      return timeOf(BACKED_UP);
    },
    get remindedAt() {
      return timeOf(REMINDED);
    },
    backedUp: (at) => write(BACKED_UP, String(at)),
    reminded: (at) => write(REMINDED, String(at)),
    keep: () => {
      if (read(KEPT) === null) write(KEPT, 'kept');
    },
    createdAnew: () => {
      if (read(KEPT) === 'kept') write(KEPT, 'lost');
    },
    forget: () => [KEPT, BACKED_UP, REMINDED].forEach(remove),
  };
}

/** The browser's area for this origin; null where it has or gives none. */
export function localArea(): Area | null {
  return attempt(() => (globalThis as { localStorage?: Area }).localStorage ?? null);
}

/** A browser that refuses web storage throws on the first touch, a full one on writing: then nothing is remembered. */
function attempt<Value>(touch: () => Value | null): Value | null {
  try {
    return touch();
  } catch {
    return null;
  }
}
