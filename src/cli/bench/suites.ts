import {
  benchAls,
  benchEase,
  benchFoldIn,
  benchGradient,
  benchTopK,
  type BenchRequest,
  type BenchResult,
  type BenchSuite,
} from '../../lib/model/index.ts';

/** Runs one suite once. `items` is for the fold-in alone: the other suites have their data's. */
export function runSuite(suite: BenchSuite, request: BenchRequest, items: number): Promise<BenchResult> {
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
