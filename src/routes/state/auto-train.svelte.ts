import { shouldAutoTrain, type AutoTrainFacts } from './training-plan.ts';
import type { TrainingState } from './training.svelte.ts';
import type { TrainingChoice } from './training-types.ts';

/** What training on its own depends on outside of the training itself. */
export type AutoTrainWishes = Pick<AutoTrainFacts, 'enabled' | 'communityStored' | 'events'> &
  Pick<TrainingChoice, 'model' | 'device'>;

/** How long the page is left alone before training begins on its own: the first clicks are the visitor's. */
const QUIET_MS = 3000;

/**
 * Watches for something to learn and then trains in the background, in a quiet moment; finishes interrupted runs.
 * `wishes` is read reactively. Returns how to end the watch.
 */
export function watchAutoTrain(training: TrainingState, wishes: () => AutoTrainWishes): () => void {
  return $effect.root(() => {
    $effect(() => {
      const { model, device, ...facts } = wishes();
      const { kept, outcome } = training;
      const wanted = shouldAutoTrain({
        ...facts,
        hasFreshSnapshot: kept.snapshots.some((snapshot) => snapshot.model === model),
        hasCheckpoint: kept.checkpointOf(model) !== null,
        stopped: outcome !== null && outcome.type !== 'done',
      });
      if (!wanted || kept.pack === null || training.status !== 'idle') return;
      return whenQuiet(() => void training.resume(model, device));
    });
  });
}

/** Calls back after a pause, in an idle moment where the browser tells of one; returns how to call it off. */
function whenQuiet(callback: () => void): () => void {
  let idle = 0;
  const timer = setTimeout(() => {
    if ('requestIdleCallback' in globalThis) idle = requestIdleCallback(callback, { timeout: QUIET_MS });
    else callback();
  }, QUIET_MS);
  return () => {
    clearTimeout(timer);
    if (idle !== 0) cancelIdleCallback(idle);
  };
}
