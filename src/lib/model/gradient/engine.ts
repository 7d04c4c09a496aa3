/** Everything a run needs to go on elsewhere. All values are finite, checked after an awaited read. */
export interface LogisticState {
  /** Row-major, users × factors; rows of users without interactions are 0. */
  readonly userFactors: Float32Array<ArrayBuffer>;
  /** Row-major, items × factors. */
  readonly itemFactors: Float32Array<ArrayBuffer>;
  /** Adam's moments, shaped as the factors, by name of OPTIMIZER_SLOTS. */
  readonly optimizer: Readonly<Record<OptimizerSlot, Float32Array<ArrayBuffer>>>;
}

export const OPTIMIZER_SLOTS = [
  'userFirstMoment',
  'userSecondMoment',
  'itemFirstMoment',
  'itemSecondMoment',
] as const;
export type OptimizerSlot = (typeof OPTIMIZER_SLOTS)[number];

/** Where the steps of the logistic factorization are computed. Both engines minimise `objective.ts` with Adam. */
export interface LogisticEngine {
  /**
   * One Adam step on the users of a block and on all items. `cells` is t·w, row-major rows × items of the block
   * (`UserBlocks.fill`); it may be reused once the promise has resolved. Throws `cancelled`.
   */
  step(block: number, cells: Float32Array<ArrayBuffer>, signal?: AbortSignal): Promise<void>;
  /**
   * Sum of the objective over the steps since the last call, each at the factors it met: a block's log-loss, its
   * users' norms and its share of the items'.
   */
  takeLoss(): Promise<number>;
  /** Throws `training-diverged` where a value is not finite, `gpu-lost` where the device is gone. */
  read(): Promise<LogisticState>;
  /** As `read`, the item factors alone. */
  readItemFactors(): Promise<Float32Array<ArrayBuffer>>;
  /** Bytes allocated on the device. */
  readonly deviceBytes: number;
  dispose(): void;
}

/** What both engines start from: a new run, or a run to go on with. */
export interface LogisticStart {
  readonly state: LogisticState;
  /** Passes over all blocks that lie behind; each was one Adam step of a block's users and `blocks` of the items. */
  readonly epochs: number;
}
