import type { InteractionColumns, Item, Review } from '../types.ts';
import type {
  PackCatalogue,
  PackFactors,
  PackFileBytes,
  PackFileKind,
  PackManifest,
  PackProgress,
} from './types.ts';

/** Manifest as text with the files that came along; how a pack is kept on the device. */
export interface StoredPackBytes {
  readonly manifestText: string;
  readonly files: readonly PackFileBytes[];
}

/** The pack worker: fetches, verifies, parses and validates, so that the page's thread does none of it. */
export interface PackService {
  /**
   * Fetches pack.json and the named files from a same-origin folder and verifies each against its checksum and
   * row rules. Nothing is returned unless all of it is sound.
   */
  fetch: {
    params: { readonly baseUrl: string; readonly files: readonly PackFileKind[] };
    progress: PackProgress;
    result: StoredPackBytes & { readonly manifest: PackManifest; readonly fingerprint: string };
  };
  /**
   * Parses the catalogue out of kept bytes (needs `items`, uses `art`). The products come as progress, in order and
   * in parts: to receive them all at once would hold a page up.
   */
  catalogue: {
    params: StoredPackBytes;
    progress: readonly Item[];
    result: Omit<PackCatalogue, 'items'>;
  };
  /** Parses the community's events (transferred columns); none for a pack whose manifest names no such file. */
  interactions: { params: StoredPackBytes; progress: never; result: InteractionColumns };
  /** Parses reviews, grouped by item position; none for a pack whose manifest names no such file. */
  reviews: { params: StoredPackBytes; progress: never; result: ReadonlyMap<number, readonly Review[]> };
  /** Reads the shop's own model (its factors transferred); null for a pack whose manifest names no such file. */
  factors: { params: StoredPackBytes; progress: never; result: PackFactors | null };
  /** The text of the trained sentiment model; null for a pack whose manifest names no such file. */
  sentiment: { params: StoredPackBytes; progress: never; result: string | null };
}
