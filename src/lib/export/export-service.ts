import { openCatalogue } from '../pack/open-stored.ts';
import type { Handlers } from '../rpc/index.ts';
import { serializeExport } from '../storage/whole.ts';
import type { PackRecord } from '../storage/types.ts';
import { LANGUAGES, type Language, type LocalizedText } from '../types.ts';
import { eventsAsCsv, eventsAsParquet, type NameOf } from './events.ts';
import type { Collected, EventFormat, ExportService } from './protocol.ts';

const TYPES: Readonly<Record<EventFormat, string>> = {
  json: 'application/json',
  csv: 'text/csv',
  parquet: 'application/vnd.apache.parquet',
};

/** The export worker's methods. `read` reads the device's storage. */
export function createExportService(read: () => Promise<Collected>): Handlers<ExportService> {
  return {
    async events({ format, language, held }) {
      const { document, packs } = held ?? (await read());
      const { events } = document;
      const content = async (): Promise<string | Uint8Array<ArrayBuffer>> => {
        if (format === 'json') return serializeExport(document);
        const nameOf = await namesOf(packs, language);
        return format === 'csv' ? eventsAsCsv(events, nameOf) : eventsAsParquet(events, nameOf);
      };
      return { file: new Blob([await content()], { type: TYPES[format] }), events: events.length };
    },
  };
}

async function namesOf(packs: readonly PackRecord[], language: Language): Promise<NameOf> {
  const names = new Map<string, ReadonlyMap<string, string>>();
  for (const { packId, manifestText, files } of packs) {
    const items = files.flatMap(({ kind, bytes }) => (kind === 'items' ? [{ kind, bytes } as const] : []));
    try {
      const catalogue = await openCatalogue({ manifestText, files: items });
      names.set(packId, new Map(catalogue.items.map(({ id, name }) => [id, textIn(name, language)])));
    } catch {
      // A damaged shop must not keep anybody from their own events: they go without names.
    }
  }
  return (packId, itemId) => names.get(packId)?.get(itemId) ?? '';
}

function textIn(text: LocalizedText, language: Language): string {
  return text[language] ?? LANGUAGES.map((other) => text[other]).find((found) => found !== undefined) ?? '';
}
