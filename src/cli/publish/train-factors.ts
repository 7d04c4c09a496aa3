import { AppError } from '../../lib/errors.ts';
import { factorQuality, holdOutUsers, strengthMatrix, trainInProcess } from '../../lib/model/index.ts';
import { rounded, type FactorBits } from '../../lib/pack/factors-file.ts';
import type { PackFactors } from '../../lib/pack/types.ts';
import type { PackContent } from '../../lib/pack/write.ts';
import type { Hyperparameters, InteractionColumns } from '../../lib/types.ts';
import type { CommandLineOutput } from '../output.ts';

const QUALITY_AT = 10;
const SEED = 1;

/**
 * iALS item factors of a community, by the defaults of its shape, as the page would train them: up to a fifth of the
 * shoppers are held out to measure by. Progress goes to `err`. Throws what training throws.
 */
export async function trainFactors(
  interactions: InteractionColumns,
  { about }: PackContent,
  hyperparameters: Hyperparameters,
  output: CommandLineOutput,
): Promise<PackFactors> {
  const { snapshot } = await trainInProcess(
    {
      packId: about.id,
      packFingerprint: '',
      model: 'ials',
      hyperparameters,
      interactions,
      visitor: { item: new Int32Array(0), strength: new Float32Array(0) },
      device: 'auto',
      seed: SEED,
      checkpoint: null,
    },
    {
      onProgress: (progress) => {
        if (progress.type === 'started') output.err(`Training on ${progress.deviceName} …`);
        if (progress.type === 'point' && progress.point.ndcgAt10 !== null) {
          const { iteration, ndcgAt10 } = progress.point;
          output.err(`  iteration ${iteration}: NDCG@10 ${ndcgAt10.toFixed(3)}`);
        }
      },
    },
  );
  const { factors, itemFactors, iterations, quality } = snapshot;
  return {
    model: 'ials',
    factors,
    itemFactors,
    hyperparameters: snapshot.hyperparameters,
    iterations,
    interactions: snapshot.interactions,
    quality,
    trainer: 'fairshelf',
  };
}

/**
 * The same factors with the NDCG@10 and recall@10 that a device will see with so many bits, measured on shoppers of the
 * community, each folded in with four fifths of what they cared for.
 */
export function measured(
  model: PackFactors,
  interactions: InteractionColumns,
  bits: FactorBits,
): PackFactors {
  const { heldOut } = holdOutUsers(strengthMatrix(interactions, null), {
    seed: SEED,
    candidates: interactions.users,
  });
  if (heldOut.length === 0) return model;
  const { factors, itemFactors } = model;
  const data = bits === 8 ? rounded(itemFactors, factors) : itemFactors;
  const items = itemFactors.length / factors;
  const quality = factorQuality({ items, factors, data }, model.hyperparameters, heldOut, QUALITY_AT);
  return {
    ...model,
    quality: {
      users: quality.users,
      ndcgAt10: quality.ndcg,
      recallAt10: quality.recall,
      popularityNdcgAt10: model.quality.popularityNdcgAt10,
    },
  };
}

/** Throws `not-enough-data` for a pack without a community. */
export function communityOf({ interactions }: PackContent): InteractionColumns {
  if (interactions !== null && interactions.length > 0) return interactions;
  throw new AppError('not-enough-data', 'There are no events to train on.', {
    remedy: 'Give --events FILE, or lower --min-events and --k-anonymity.',
  });
}
