import { benchAls } from './als.ts';
import { benchEase } from './ease.ts';
import { benchFoldIn } from './fold-in.ts';
import { benchGradient } from './gradient.ts';
import { benchTopK } from './top-k.ts';
import type { BenchRequest, BenchResult, BenchSuite } from './types.ts';

/** What is for one suite alone. */
export interface SuiteOptions {
  /** Of the fold-in: the other suites have their data's. */
  readonly items: number;
  /** Of the ranking: random factors in place of trained ones. */
  readonly untrained: boolean;
}

/** Runs one suite once: a result for each way in which it answers. */
export async function benchSuite(
  suite: BenchSuite,
  request: BenchRequest,
  { items, untrained }: SuiteOptions,
): Promise<readonly BenchResult[]> {
  switch (suite) {
    case 'als':
      return [await benchAls(request)];
    case 'topk':
      return [await benchTopK(request, untrained ? 'random' : 'trained')];
    case 'foldin':
      return benchFoldIn(request, items);
    case 'ease':
      return [await benchEase(request)];
    case 'gradient':
      return [await benchGradient(request)];
    default:
      return suite satisfies never;
  }
}
