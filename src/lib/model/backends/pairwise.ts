/** Adam's decay rates of the moments (Kingma & Ba 2015). */
export const BETA_1 = 0.9;
export const BETA_2 = 0.999;

/** One side's rows and what the optimizer keeps of them. All row-major. */
export interface PairwiseSide {
  /** rows × factors. */
  readonly factors: Float32Array<ArrayBuffer>;
  /** Mean of past gradients, rows × factors; under CCL a user's is the last gradient. */
  readonly firstMoment: Float32Array<ArrayBuffer>;
  /** Mean of past gradients' mean squares, one a row. */
  readonly secondMoment: Float32Array<ArrayBuffer>;
  /** How many steps a row has taken. */
  readonly steps: Int32Array<ArrayBuffer>;
}

/** Everything that a run of pairwise steps needs to go on elsewhere. */
export interface PairwiseState {
  readonly users: PairwiseSide;
  readonly items: PairwiseSide;
}

interface Step {
  /** Rows of the matrix, no one twice. All their entries take part. */
  readonly users: Int32Array;
  readonly userRate: number;
  readonly itemRate: number;
}

/** A step of the cosine contrastive loss (`contrastive/objective.ts`). Rows have length 1 before and after. */
export interface CclStep extends Step {
  /** Items drawn without repeats; a user's own among them count for nothing. */
  readonly pool: Int32Array;
  readonly margin: number;
  /** μ. */
  readonly negativeWeight: number;
}

/** A step of BPR (`contrastive/objective.ts`). */
export interface BprStep extends Step {
  /** For each entry of the users in turn, `candidates` items; the one of highest score is its negative. */
  readonly negatives: Int32Array;
  readonly candidates: number;
  /** λ, on each row as often as it comes in a triple. */
  readonly regularization: number;
}

/**
 * Computes the steps of the contrastive models: the gradient of the loss summed over a batch of users, all their
 * items and sampled negatives; then one step of Adam for each row that has a gradient. Adam's second moment is one
 * number a row, the mean square of its gradient: with one a coordinate steps would depend on the choice of axes, of
 * which the losses know nothing. Rows without a gradient stay as they are. Users' rows have no momentum under CCL (β₁ = 0):
 * a user is met once an epoch with all their items, and a mean of the last ten epochs' gradients would be stale.
 */
export interface PairwiseEngine {
  /** Returns the loss summed over the batch's pairs, at the rows that the step met. */
  cclStep(step: CclStep): number;
  /** As cclStep, without λ. */
  bprStep(step: BprStep): number;
  /** Copies. Throws `training-diverged` where a value is not finite. */
  read(): PairwiseState;
  /** Bytes held. */
  readonly bytes: number;
}
