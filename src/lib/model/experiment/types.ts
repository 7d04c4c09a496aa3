import type {
  DeviceKind,
  Experiment,
  ExperimentPoint,
  ExperimentSplit,
  FoldOutcome,
  Hyperparameters,
  InteractionColumns,
} from '../../types.ts';
import type { ModelName } from '../zoo/model.ts';

/** One model to fit and evaluate, as a page asks a worker for it: nothing in it but plain data. */
export interface ExperimentRequest {
  readonly model: ModelName;
  /** Overrides of the defaults chosen from the data's shape; where tuned, of what is not searched. */
  readonly hyperparameters: Hyperparameters;
  readonly split: ExperimentSplit;
  /** Length of the lists that are judged. */
  readonly k: number;
  readonly seed: number;
  readonly device: 'auto' | DeviceKind;
  readonly interactions: InteractionColumns;
  /** Seconds to search hyper-parameters for, on a validation part of train (of all parts of a cross-validation together); null takes the defaults. */
  readonly tuneSeconds: number | null;
  /** A search to go on with, from `search` of an earlier progress of the same request; null begins one. */
  readonly search: string | null;
  /** Parts of a cross-validation that are done, from `outcome` of earlier progress of the same request. */
  readonly folds: readonly FoldOutcome[];
}

export type ExperimentProgress =
  | {
      /** A part of a cross-validation begins, counted from 1. */
      readonly type: 'fold';
      readonly fold: number;
      readonly of: number;
    }
  | { /** It has ended. */ readonly type: 'folded'; readonly outcome: FoldOutcome }
  | {
      readonly type: 'started';
      readonly deviceName: string;
      /** Passes over the data unless stopped early; 0 for a closed form. */
      readonly iterations: number;
    }
  | { readonly type: 'point'; readonly point: ExperimentPoint }
  | {
      /** A trial of the search has ended. */
      readonly type: 'trial';
      readonly trials: number;
      readonly best: number;
      readonly secondsLeft: number;
      /** All that is needed to go on after a reload. */
      readonly search: string;
    }
  | { readonly type: 'testing' };

/** What comes out; the page adds what it knows of the data, and a key. */
export type ExperimentResult = Omit<Experiment, 'version' | 'id' | 'name' | 'at' | 'data'> & {
  readonly data: Omit<Experiment['data'], 'name' | 'fingerprint'>;
};
