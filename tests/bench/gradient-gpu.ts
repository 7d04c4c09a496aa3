/** The page side of scripts/bench-gradient.mjs. */
import {
  timeToQuality,
  type TimeToQuality,
  type TimeToQualityRequest,
} from '../../src/lib/model/bench/time-to-quality.ts';
import { openGpu } from '../../src/lib/model/gpu/open.ts';
import { interactionMatrix, type Triples } from './interaction-matrix.ts';

export type BenchRequest = Omit<TimeToQualityRequest, 'gpu' | 'strengths' | 'onPoint'> & {
  readonly triples: Triples;
};

/** Trains iALS and its rivals on these interactions, each of strength 1; a line to the console after each iteration. */
export async function bench({ triples, ...request }: BenchRequest): Promise<TimeToQuality> {
  const gpu = await openGpu();
  try {
    const matrix = interactionMatrix(triples);
    const strengths = { ...matrix, data: matrix.data.map(() => 1) };
    return await timeToQuality({
      gpu,
      strengths,
      ...request,
      onPoint: (name, { iteration, seconds, ndcgAt10 }) => {
        console.info(`${name} ${iteration}: ${seconds.toFixed(1)} s, NDCG@10 ${ndcgAt10.toFixed(4)}`);
      },
    });
  } finally {
    gpu.destroy();
  }
}
