import { benchAls } from './als.ts';
import { benchEase } from './ease.ts';
import { benchFoldIn } from './fold-in.ts';
import { benchGradient } from './gradient.ts';
import { benchTopK } from './top-k.ts';
import type { BenchRequest, BenchResult, BenchSuite } from './types.ts';

/** Runs one suite once. `items` is for the fold-in alone: the other suites have their data's. */
export function benchSuite(suite: BenchSuite, request: BenchRequest, items: number): Promise<BenchResult> {
  switch (suite) {
    case 'als':
      return benchAls(request);
    case 'topk':
      return benchTopK(request);
    case 'foldin':
      return benchFoldIn(request, items);
    case 'ease':
      return benchEase(request);
    case 'gradient':
      return benchGradient(request);
    default:
      return suite satisfies never;
  }
}
