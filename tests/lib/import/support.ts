import {
  bytesSource,
  importFiles,
  type ByteSource,
  type ImportOptions,
} from '../../../src/lib/import/index.ts';

export type Bytes = Uint8Array<ArrayBuffer>;

/** A file of text in UTF-8, or of bytes as they are. */
export function file(name: string, content: string | Uint8Array): ByteSource {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return bytesSource(name, new Uint8Array(bytes));
}

/** Imports files given by name and content. */
export function importOf(files: Readonly<Record<string, string | Uint8Array>>, options: ImportOptions = {}) {
  return importFiles(
    Object.entries(files).map(([name, content]) => file(name, content)),
    options,
  );
}

/** Events of a pack's content as `user item kind stars day`, people by the order of their first event. */
export function eventsOf({ content }: Awaited<ReturnType<typeof importOf>>): string[] {
  const { interactions, items } = content;
  if (interactions === null) return [];
  return Array.from(interactions.user, (user, row) => {
    const { kind, stars, day, item } = interactions;
    return [user, items[item[row]!]!.id, KINDS[kind[row]!], stars[row], day[row]].join(' ');
  });
}

const KINDS = ['view', 'click', 'dwell', 'like', 'rate', 'basket', 'order', 'hide', 'review'];
