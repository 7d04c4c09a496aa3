import { runCommandLine } from '../../../src/cli/program.ts';
import { Random } from '../../../src/lib/model/matrix/random.ts';

export interface Ran {
  readonly code: number;
  readonly out: string[];
  readonly err: string;
}

/** Runs `fairshelf` in this process; `onErr` hears each line of progress. */
export async function runFairshelf(
  args: readonly string[],
  signal?: AbortSignal,
  onErr: (line: string) => void = () => undefined,
): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCommandLine(['node', 'fairshelf', ...args], {
    out: (line) => out.push(line),
    err: (line) => {
      err.push(line);
      onErr(line);
    },
    ...(signal === undefined ? {} : { signal }),
  });
  return { code, out, err: err.join('\n') };
}

/** A CSV of 40 users, 30 items, ratings 1–5 and times. */
export function ratingsCsv(seed: number): string {
  const random = new Random(seed);
  const lines = Array.from(
    { length: 500 },
    (_, at) => `${random.below(40)},${random.below(30)},${1 + random.below(5)},${at}`,
  );
  return ['userId,movieId,rating,timestamp', ...lines].join('\n');
}
