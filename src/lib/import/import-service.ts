import { manifestFingerprint, parseManifest } from '../pack/manifest.ts';
import { writePack, type PackContent } from '../pack/write.ts';
import { Transferred, type Handlers } from '../rpc/index.ts';
import type { InteractionColumns, Item } from '../types.ts';
import { blobSource } from './bytes/source.ts';
import { withStatistics } from './content/statistics.ts';
import { throwIfStopped } from './errors.ts';
import { importFiles, inspectFiles } from './import.ts';
import { readPackFiles } from './pack-files.ts';
import type { FinishedPack, ImportService, NamedFile } from './protocol.ts';
import type { ByteSource } from './types.ts';

/** Counts a community's looks and stars by product (`itemStatistics` of the model). */
type Count = (columns: InteractionColumns) => readonly Pick<Item, 'popularity' | 'ratingCounts'>[];

/** The import worker's methods. */
export function createImportService(count: Count): Handlers<ImportService> {
  return {
    async inspect({ files, kinds }, { signal, progress }) {
      const options = { kinds, signal, onProgress: progress };
      const pack = await readPackFiles(sourcesOf(files), options);
      if (pack !== null) return transferred({ type: 'pack', pack }, pack);
      return { type: 'tables', inspection: await inspectFiles(sourcesOf(files), options) };
    },
    async run({ files, mapping, options }, { signal, progress }) {
      const { content, report } = await importFiles(sourcesOf(files), {
        ...options,
        mapping,
        signal,
        onProgress: progress,
      });
      const pack = await finish(content, count);
      throwIfStopped(signal);
      return transferred({ report, pack }, pack);
    },
  };
}

const sourcesOf = (files: readonly NamedFile[]): readonly ByteSource[] =>
  files.map(({ name, file }) => blobSource(file, name));

/** The content as a pack. It names no pictures: the page has no icons beyond its packs' own, and shows initials instead. */
async function finish(content: PackContent, count: Count): Promise<FinishedPack> {
  const { interactions } = content;
  const counted = interactions === null ? content : withStatistics(content, count(interactions));
  const { manifestText, files } = await writePack({
    ...counted,
    about: {
      ...counted.about,
      categories: counted.about.categories.map((category) => ({ ...category, art: null })),
    },
    items: counted.items.map((item) => (item.art === null ? item : { ...item, art: null })),
  });
  return {
    manifestText,
    manifest: parseManifest(manifestText),
    fingerprint: await manifestFingerprint(manifestText),
    files: files.map(({ kind, bytes }) => ({ kind, bytes })),
  };
}

const transferred = <Value>(value: Value, { files }: FinishedPack): Transferred<Value> =>
  new Transferred(
    value,
    files.map(({ bytes }) => bytes.buffer),
  );
