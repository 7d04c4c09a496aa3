import { join } from 'node:path';
import { AppError } from '../../lib/errors.ts';
import {
  holdOutEntries,
  strengthMatrix,
  syntheticMatrix,
  type BenchData,
  type EntrySplit,
} from '../../lib/model/index.ts';
import { readLightGcn, readMovielensRatings } from '../sources/interaction-columns.ts';

const SOURCES = ['lightgcn', 'movielens', 'synthetic'] as const;
const SYNTHETIC_SEED = 1;
const SPLIT_SEED = 1;

/** Where the interactions come from. */
export type DataSpec =
  | { readonly source: 'lightgcn' | 'movielens'; readonly path: string }
  | { readonly source: 'synthetic'; readonly interactions: number };

/** Understands `lightgcn:PATH`, `movielens:PATH` and `synthetic:INTERACTIONS`. Throws `input-invalid`. */
export function parseDataSpec(text: unknown): DataSpec {
  if (typeof text !== 'string') throw invalid(text);
  const separator = text.indexOf(':');
  const source = SOURCES.find((name) => name === text.slice(0, separator));
  const rest = text.slice(separator + 1);
  if (source === undefined || separator === -1 || rest === '') throw invalid(text);
  if (source !== 'synthetic') return { source, path: rest };
  if (!/^\d{1,12}$/u.test(rest)) throw invalid(text);
  return { source, interactions: Number(rest) };
}

/** Reads or makes the interactions. Throws what the readers throw. */
export async function readBenchData(spec: DataSpec): Promise<BenchData> {
  switch (spec.source) {
    case 'synthetic':
      return {
        name: `synthetic:${spec.interactions}`,
        strengths: syntheticMatrix(spec.interactions, SYNTHETIC_SEED),
      };
    case 'lightgcn':
      return { name: nameOf(spec), strengths: strengthMatrix(await readLightGcn(spec.path), null) };
    case 'movielens':
      return { name: nameOf(spec), strengths: strengthMatrix(await readMovielensRatings(spec.path), null) };
    default:
      return spec satisfies never;
  }
}

/**
 * What to train on and what to find: of `lightgcn`, train.txt and test.txt of a folder; of `movielens`, a seeded fifth
 * of each user's liked films. Throws what the readers throw, and `input-invalid` for synthetic data, in which there is
 * nothing to find.
 */
export async function readQualityData(
  spec: DataSpec,
): Promise<{ readonly name: string; readonly split: EntrySplit }> {
  const { name, strengths } = await readBenchData(spec);
  switch (spec.source) {
    case 'lightgcn':
      return { name, split: { train: strengths, targets: await targetsOf(join(spec.path, 'test.txt')) } };
    case 'movielens':
      return { name, split: holdOutEntries(strengths, SPLIT_SEED) };
    case 'synthetic':
      throw new AppError('input-invalid', 'Synthetic data has no taste to find.', {
        values: { option: 'data', value: name },
        remedy: 'Give --data lightgcn:FOLDER or movielens:PATH.',
      });
    default:
      return spec satisfies never;
  }
}

async function targetsOf(file: string): Promise<ReadonlyMap<number, ReadonlySet<number>>> {
  const { user, item } = await readLightGcn(file);
  const targets = new Map<number, Set<number>>();
  user.forEach((position, entry) => {
    const own = targets.get(position) ?? new Set<number>();
    targets.set(position, own.add(item[entry] ?? 0));
  });
  return targets;
}

/** The last part of the path alone: where data lies on a machine is nothing for a report. */
function nameOf({ source, path }: { readonly source: string; readonly path: string }): string {
  return `${source}:${path.split(/[/\\]/u).findLast((part) => part !== '' && part !== '.') ?? path}`;
}

function invalid(value: unknown): AppError {
  const given = value === true ? 'nothing' : JSON.stringify(value);
  return new AppError('input-invalid', `--data must name a source, not ${given}.`, {
    values: { option: 'data', value: given },
    remedy: 'Give lightgcn:PATH, movielens:PATH or synthetic:INTERACTIONS.',
  });
}
