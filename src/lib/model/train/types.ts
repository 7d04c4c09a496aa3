import type { WireError } from '../../errors.ts';
import type {
  DeviceKind,
  Hyperparameters,
  InteractionColumns,
  ModelKind,
  ModelSnapshot,
  PackId,
  TrainingCheckpoint,
  TrainingPoint,
} from '../../types.ts';
import type { VisitorRow } from '../matrix/visitor-row.ts';

export interface TrainRequest {
  readonly packId: PackId;
  readonly packFingerprint: string;
  readonly model: ModelKind;
  /** Overrides of the defaults chosen from the data's shape; empty for the defaults. */
  readonly hyperparameters: Hyperparameters;
  readonly interactions: InteractionColumns;
  readonly visitor: VisitorRow;
  /** `auto`: WebGPU where there is an adapter, else CPU. */
  readonly device: 'auto' | DeviceKind;
  readonly seed: number;
  /** Goes on from here when it fits the request (pack, model, hyper-parameters, seed); else starts anew. */
  readonly checkpoint: TrainingCheckpoint | null;
}

export type TrainingProgress =
  | {
      readonly type: 'started';
      readonly device: DeviceKind;
      /** The adapter's own description, or the CPU engine's. */
      readonly deviceName: string;
      /** Why not WebGPU, where `auto` had to take the CPU; null otherwise. */
      readonly fallback: WireError | null;
      readonly users: number;
      readonly items: number;
      readonly interactions: number;
      readonly heldOutUsers: number;
      readonly iterations: number;
      /** Iterations taken over from a checkpoint. */
      readonly resumedFrom: number;
      readonly hyperparameters: Hyperparameters;
      readonly history: readonly TrainingPoint[];
      readonly popularityNdcgAt10: number;
    }
  | {
      readonly type: 'point';
      readonly point: TrainingPoint;
      readonly interactionsPerSecond: number;
      readonly secondsLeft: number;
      /** Bytes allocated on the device by the run. */
      readonly deviceBytes: number;
    }
  | { readonly type: 'checkpoint'; readonly checkpoint: TrainingCheckpoint }
  | {
      /** The device failed; training went on from the last good checkpoint, here or on the CPU. */
      readonly type: 'recovered';
      readonly reason: WireError;
      readonly device: DeviceKind;
      readonly deviceName: string;
      readonly fromIteration: number;
    };

/** What a run that went through gives. */
export interface TrainingResult {
  readonly snapshot: ModelSnapshot;
  /** Every iteration, those before a resume included. */
  readonly history: readonly TrainingPoint[];
}

export interface DeviceReport {
  readonly webgpu: { readonly name: string } | null;
  /** Why WebGPU cannot be used; null where it can. */
  readonly reason: WireError | null;
  readonly cpu: { readonly name: string };
}
