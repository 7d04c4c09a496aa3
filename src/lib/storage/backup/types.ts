import type { Experiment, Saying, VisitorEvent } from '../../types.ts';
import type { BasketLine, Order, PackRecord, QuarantinedRecord, Settings } from '../types.ts';

/** What a backup holds: all that the visitor owns and cannot have again. */
export interface BackupContents {
  /** When it was made (ISO 8601), as the file says. */
  readonly createdAt: string;
  /** Null where the file's were not valid. */
  readonly settings: Settings | null;
  readonly events: readonly VisitorEvent[];
  /** Null in a JSON export from before there were any. */
  readonly sayings: readonly Saying[] | null;
  readonly orders: readonly Order[];
  readonly basket: readonly BasketLine[];
  readonly quarantine: readonly QuarantinedRecord[];
  /** Null in a file of version 1, which knew none. */
  readonly experiments: readonly Experiment[] | null;
  /** Packs that the visitor made or fetched on a device; the site's own can be had again. */
  readonly packs: readonly PackRecord[];
}

export type BackupSection =
  'settings' | 'events' | 'sayings' | 'orders' | 'basket' | 'quarantine' | 'experiments' | 'packs';

/** A record of the file that is left out, and why. */
export interface BackupProblem {
  readonly section: BackupSection;
  /** 1-based place in its section. */
  readonly position: number;
  readonly reason: string;
}

/** A backup that was read and checked: nothing of it is kept yet. */
export interface BackupReading {
  readonly version: 1 | 2;
  readonly contents: BackupContents;
  readonly problems: readonly BackupProblem[];
}

/** `merge`: what is on the device stays and what it lacks is added. `replace`: the device then holds what the file holds. */
export type RestoreMode = 'merge' | 'replace';

/** How a section of the file stands to what is on the device. */
export interface SectionComparison {
  /** Records in the file. */
  readonly inFile: number;
  /** Records on the device now. */
  readonly onDevice: number;
  /** In the file alone. */
  readonly added: number;
  /** In both, equal. */
  readonly same: number;
  /** In both under one key, with other contents. */
  readonly different: number;
}

/** What a restore would do, counted. */
export interface BackupComparison {
  readonly sections: Readonly<Record<Exclude<BackupSection, 'settings'>, SectionComparison>>;
  /** Shops with events in the file of which neither the device nor the file has the pack: kept, and hidden until it is there. */
  readonly unknownPacks: readonly { readonly packId: string; readonly events: number }[];
}
