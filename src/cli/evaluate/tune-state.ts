import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';
import { AppError } from '../../lib/errors.ts';
import { checkSearchState, type Dataset, type SearchState } from '../../lib/model/index.ts';

const VERSION = 1;

/** What a search must have in common with the kept one to go on with it. */
export interface SearchIdentity {
  readonly model: string;
  readonly seed: number;
  readonly trials: number;
  /** The hyper-parameters that are not searched, as JSON. */
  readonly fixed: string;
  /** How validation is cut from train. */
  readonly validation: string;
  /** Digest of train. */
  readonly data: string;
}

/** One search as it is kept: one a fold. */
interface KeptSearch {
  readonly identity: SearchIdentity;
  /** Spent so far, over all sittings. */
  readonly seconds: number;
  /** Null before the first trial has ended. */
  readonly state: SearchState | null;
}

/** How a refusal names what differs. */
const NAMES: Readonly<Record<keyof SearchIdentity, string>> = {
  model: 'another model',
  seed: 'another seed',
  trials: 'another number of trials',
  fixed: 'other hyper-parameters given by --set',
  validation: 'another split',
  data: 'other train data',
};

/** Searches of hyper-parameters in a JSON file, each replaced as a whole: a crash leaves the state before or after. */
export class TuneStateFile {
  readonly #path: string;
  readonly #searches: Record<string, KeptSearch>;

  private constructor(path: string, searches: Record<string, KeptSearch>) {
    this.#path = path;
    this.#searches = searches;
  }

  /** Empty where the file is missing. Throws `snapshot-corrupt` for one that is damaged, `input-invalid` for no file. */
  static open(path: string): TuneStateFile {
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch (cause) {
      if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')
        return new TuneStateFile(path, {});
      throw new AppError('input-invalid', `${path} cannot be read.`, {
        values: { file: path },
        remedy: 'Give a file for --tune-state.',
        cause,
      });
    }
    return new TuneStateFile(path, searchesOf(path, text));
  }

  /** What is kept of a part (a fold); null for nothing. Throws `input-invalid` where it is another search. */
  find(part: string, identity: SearchIdentity): Omit<KeptSearch, 'identity'> | null {
    const kept = this.#searches[part];
    if (kept === undefined) return null;
    for (const name of Object.keys(NAMES) as (keyof SearchIdentity)[]) {
      if (kept.identity[name] === identity[name]) continue;
      const readable = name !== 'data';
      const told = readable ? `: ${kept.identity[name]} there, ${identity[name]} now` : '';
      throw new AppError('input-invalid', `${this.#path} keeps a search with ${NAMES[name]}${told}.`, {
        values: { file: this.#path, what: NAMES[name] },
        remedy: 'Give the same data and options to go on with it, or another --tune-state file.',
      });
    }
    return kept;
  }

  write(part: string, search: KeptSearch): void {
    this.#searches[part] = search;
    mkdirSync(dirname(this.#path), { recursive: true });
    const draft = `${this.#path}.${process.pid}`;
    writeFileSync(draft, JSON.stringify({ version: VERSION, searches: this.#searches }), { flush: true });
    renameSync(draft, this.#path);
  }
}

/** SHA-256 of a data set's entries and times. */
export function digestOf({ matrix, timestamps }: Dataset): string {
  const hash = createHash('sha256');
  hash.update(Int32Array.of(matrix.rows, matrix.columns));
  for (const part of [matrix.indptr, matrix.indices, matrix.data, timestamps ?? new Float64Array()]) {
    hash.update(part);
  }
  return hash.digest('hex');
}

function searchesOf(path: string, text: string): Record<string, KeptSearch> {
  try {
    const content = JSON.parse(text) as { readonly version?: unknown; readonly searches?: unknown } | null;
    if (content?.version !== VERSION || typeof content.searches !== 'object' || content.searches === null) {
      throw damaged(path);
    }
    return Object.fromEntries(
      Object.entries(content.searches).map(([part, search]) => [part, keptSearch(path, search)]),
    );
  } catch (cause) {
    throw damaged(path, cause);
  }
}

function keptSearch(path: string, value: unknown): KeptSearch {
  const { identity, seconds, state } = (value ?? {}) as Partial<KeptSearch>;
  if (typeof identity !== 'object' || typeof seconds !== 'number' || !(seconds >= 0)) throw damaged(path);
  return { identity, seconds, state: state === null ? null : checkSearchState(state) };
}

function damaged(path: string, cause?: unknown): AppError {
  return new AppError('snapshot-corrupt', `${path} is damaged, or no state of a search.`, {
    values: { file: path },
    remedy: 'Give another --tune-state file; the search then begins anew.',
    cause,
  });
}
