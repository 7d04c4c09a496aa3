import type { AppError } from '../../lib/errors.ts';
import type { DeviceReport, TrainingProgress, TrainRequest, VisitorRow } from '../../lib/model/index.ts';
import type {
  DeviceKind,
  Hyperparameters,
  InteractionColumns,
  ModelKind,
  ModelSnapshot,
  PackId,
} from '../../lib/types.ts';

/** `elsewhere`: another tab trains; its model is taken over when it is done. */
export type TrainingStatus = 'idle' | 'preparing' | 'training' | 'saving' | 'elsewhere';

/** How the last run of this page's life ended. */
export type TrainingOutcome =
  | { readonly type: 'done'; readonly seconds: number }
  /** Trained and in use, but the device did not keep it: it is gone when the page closes. */
  | { readonly type: 'not-saved'; readonly error: AppError }
  | { readonly type: 'cancelled' }
  | { readonly type: 'failed'; readonly error: AppError };

/** The shop that is trained for, as it is kept on the device. */
export interface TrainingPack {
  readonly packId: PackId;
  readonly fingerprint: string;
}

/** What the visitor chooses before a run. */
export interface TrainingChoice {
  readonly model: ModelKind;
  readonly device: 'auto' | DeviceKind;
  /** Overrides; empty leaves everything to the model. */
  readonly hyperparameters: Hyperparameters;
}

/** The trainer worker as the page uses it; it starts at the first call. */
export interface Trainer {
  probe(): Promise<DeviceReport>;
  train(
    request: TrainRequest,
    options: { readonly signal: AbortSignal; readonly onProgress: (progress: TrainingProgress) => void },
  ): Promise<{ readonly snapshot: ModelSnapshot }>;
}

export interface TrainingDependencies {
  readonly trainer: Trainer;
  /** The community's events, parsed off this thread from the bytes kept on the device. */
  readonly interactions: () => Promise<InteractionColumns>;
  readonly visitorRow: () => VisitorRow;
}
