import type { PackFileBytes, PackManifest } from '../pack/types.ts';
import type {
  ImportMapping,
  ImportOptions,
  ImportProgress,
  ImportReport,
  Inspection,
  TableKind,
} from './types.ts';

/** A file of the page; `name` is its path below what was dropped or picked, one of its own among all. */
export interface NamedFile {
  readonly name: string;
  readonly file: Blob;
}

/** A pack as the storage keeps it. */
export interface FinishedPack {
  readonly manifestText: string;
  readonly manifest: PackManifest;
  /** SHA-256 (hex) of the manifest text. */
  readonly fingerprint: string;
  readonly files: readonly PackFileBytes[];
}

/** What was found in files: tables to import, or a pack that is finished already. */
export type Found =
  | { readonly type: 'tables'; readonly inspection: Inspection }
  | { readonly type: 'pack'; readonly pack: FinishedPack };

/** The import worker: reads, cleans and writes, so that the page's thread does none of it. It keeps nothing. */
export interface ImportService {
  /** Looks into files. A pack among them (a folder or a ZIP with pack.json) is verified through and through. */
  inspect: {
    params: { readonly files: readonly NamedFile[]; readonly kinds: Readonly<Record<string, TableKind>> };
    progress: ImportProgress;
    result: Found;
  };
  /** Imports files, as `importFiles` does, and writes the pack. */
  run: {
    params: {
      readonly files: readonly NamedFile[];
      readonly mapping: ImportMapping;
      readonly options: Pick<ImportOptions, 'onProblem' | 'minEvents' | 'reviews' | 'packName'>;
    };
    progress: ImportProgress;
    result: { readonly report: ImportReport; readonly pack: FinishedPack };
  };
}
