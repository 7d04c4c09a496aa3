import type { ExportDocument, PackRecord } from '../storage/types.ts';
import type { Language } from '../types.ts';

export const EVENT_FORMATS = ['json', 'csv', 'parquet'] as const;
export type EventFormat = (typeof EVENT_FORMATS)[number];

/** What an export is made of. */
export interface Collected {
  readonly document: ExportDocument;
  /** The kept packs that events are from: they know the products' names. */
  readonly packs: readonly PackRecord[];
}

/** The export worker: reads, names and writes everything, so that the page's thread does none of it. */
export interface ExportService {
  /**
   * All events of the visitor as a file; as JSON, everything the visitor owns. `held` is what a storage in memory has,
   * which a worker cannot see; null has the worker read the device's storage itself. Names are in `language` where the
   * pack has them in it. Rejects as the storage does.
   */
  events: {
    params: {
      readonly format: EventFormat;
      readonly language: Language;
      readonly held: Collected | null;
    };
    progress: never;
    result: { readonly file: Blob; readonly events: number };
  };
}
