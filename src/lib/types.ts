/** Domain types shared by every layer. This file imports nothing. */

declare const brand: unique symbol;
type Branded<T, Name extends string> = T & { readonly [brand]: Name };

/** Dense position of a user in a matrix (0-based). Never a catalogue key. */
export type UserIndex = Branded<number, 'UserIndex'>;
/** Dense position of an item in a catalogue and in factor matrices (0-based). Never a catalogue key. */
export type ItemIndex = Branded<number, 'ItemIndex'>;
/** Catalogue key of an item, unique and stable inside one pack. */
export type ItemId = Branded<string, 'ItemId'>;
/** Key of a shop pack (its manifest's `id`). */
export type PackId = Branded<string, 'PackId'>;

export const LANGUAGES = ['en', 'zh'] as const;
/** Languages of the page: English and Simplified Chinese. */
export type Language = (typeof LANGUAGES)[number];

/** A text in at least one language. A missing language falls back to the other. */
export type LocalizedText = Readonly<Partial<Record<Language, string>>>;

/** One product of the catalogue, as validated from a pack. */
export interface Item {
  readonly index: ItemIndex;
  readonly id: ItemId;
  readonly name: LocalizedText;
  /** Empty string where the pack names none. */
  readonly brand: string;
  /** Key into the manifest's `categories`. */
  readonly category: string;
  /** In major units of the pack's currency; null where unknown. */
  readonly price: number | null;
  readonly description: LocalizedText;
  /** Facts in display order. */
  readonly attributes: readonly { readonly name: LocalizedText; readonly value: LocalizedText }[];
  /** Key into the pack's art; null where there is none. */
  readonly art: string | null;
  /** Community shoppers with a positive interaction; 0 for an item nobody has touched yet. */
  readonly popularity: number;
  /** Community ratings of 1, 2, 3, 4 and 5 stars. */
  readonly ratingCounts: readonly [number, number, number, number, number];
}

/** What a visitor or community shopper can do with an item. The position is the code in packed columns. */
export const EVENT_KINDS = [
  'view',
  'click',
  'dwell',
  'like',
  'rate',
  'basket',
  'order',
  'hide',
  'review',
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

interface EventBase {
  /** UUID; the key in storage. */
  readonly id: string;
  readonly packId: PackId;
  readonly itemId: ItemId;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
}

/** Stars, 1 to 5. */
export type Stars = 1 | 2 | 3 | 4 | 5;

/** One thing the visitor did. Kept on the device only. */
export type VisitorEvent =
  | (EventBase & { readonly kind: 'view' | 'click' | 'like' | 'hide' })
  | (EventBase & { readonly kind: 'dwell'; readonly seconds: number })
  | (EventBase & { readonly kind: 'rate'; readonly stars: Stars })
  | (EventBase & { readonly kind: 'basket'; readonly quantity: number })
  | (EventBase & { readonly kind: 'order'; readonly quantity: number; readonly orderId: string })
  | (EventBase & { readonly kind: 'review'; readonly stars: Stars; readonly text: string });

/**
 * Community interactions as parallel columns, one entry an event; `length` entries each. Users are row
 * numbers without meaning outside the pack; items are positions in the catalogue.
 */
export interface InteractionColumns {
  readonly users: number;
  readonly items: number;
  readonly length: number;
  readonly user: Int32Array<ArrayBuffer>;
  readonly item: Int32Array<ArrayBuffer>;
  /** Code of the event's kind: position in EVENT_KINDS. */
  readonly kind: Uint8Array<ArrayBuffer>;
  /** Stars 1–5 of `rate` and `review` events, else 0. */
  readonly stars: Uint8Array<ArrayBuffer>;
  /** Whole days since 1970-01-01 UTC. */
  readonly day: Int32Array<ArrayBuffer>;
}

/** A community review in words. */
export interface Review {
  readonly item: ItemIndex;
  readonly stars: Stars;
  readonly language: Language;
  readonly text: string;
  /** Whole days since 1970-01-01 UTC. */
  readonly day: number;
}

/** Models the visitor can choose from. */
export const MODEL_KINDS = ['ials', 'logistic'] as const;
export type ModelKind = (typeof MODEL_KINDS)[number];

/** Where a model was or will be computed. */
export type DeviceKind = 'webgpu' | 'cpu';

/** Held-out ranking quality of a trained model and of the baselines beside it, all items ranked. */
export interface HeldOutQuality {
  readonly users: number;
  readonly ndcgAt10: number;
  readonly recallAt10: number;
  readonly popularityNdcgAt10: number;
}

/** Hyper-parameters by their usual names; which ones apply depends on the model. */
export type Hyperparameters = Readonly<Record<string, number>>;

/**
 * A trained model as saved: item side only, so it holds no person's row. The visitor is folded in exactly at
 * serving time. `checksum` covers every other field (`model/snapshot`).
 */
export interface ModelSnapshot {
  readonly version: 1;
  readonly packId: PackId;
  /** SHA-256 (hex) of the pack's manifest: a changed pack makes the snapshot stale. */
  readonly packFingerprint: string;
  readonly model: ModelKind;
  readonly items: number;
  /** Latent dimensions. */
  readonly factors: number;
  readonly hyperparameters: Hyperparameters;
  /** Row-major, items × factors. */
  readonly itemFactors: Float32Array<ArrayBuffer>;
  /** `shop`: it came with the pack. */
  readonly device: DeviceKind | 'shop';
  /** Of a shop's model the program that trained it. */
  readonly deviceName: string;
  readonly seed: number;
  readonly iterations: number;
  readonly interactions: number;
  /** Milliseconds since the Unix epoch. */
  readonly trainedAt: number;
  readonly trainSeconds: number;
  readonly quality: HeldOutQuality;
  /** SHA-256 (hex). */
  readonly checksum: string;
}

/** One point of a training curve. */
export interface TrainingPoint {
  /** 1-based; an iteration is both half-iterations (iALS) or an epoch (logistic). */
  readonly iteration: number;
  /** Objective per observed interaction; its definition is the model's. */
  readonly loss: number;
  /** Held-out NDCG@10, all items ranked; null where this iteration was not evaluated. */
  readonly ndcgAt10: number | null;
  readonly seconds: number;
}

/** A run in the middle, complete enough to go on from. Written only from awaited, checked reads. */
export interface TrainingCheckpoint {
  readonly version: 1;
  readonly packId: PackId;
  readonly packFingerprint: string;
  readonly model: ModelKind;
  readonly hyperparameters: Hyperparameters;
  readonly seed: number;
  readonly iteration: number;
  readonly users: number;
  readonly items: number;
  readonly factors: number;
  /** Row-major, users × factors; the visitor's own row is the last. */
  readonly userFactors: Float32Array<ArrayBuffer>;
  readonly itemFactors: Float32Array<ArrayBuffer>;
  /** Optimizer slots by name (Adam's moments); empty for ALS. */
  readonly optimizer: Readonly<Record<string, Float32Array<ArrayBuffer>>>;
  readonly history: readonly TrainingPoint[];
  readonly savedAt: number;
  /** SHA-256 (hex) over every other field. */
  readonly checksum: string;
}

/** How test was cut from the interactions (`model/evaluate/splits`). */
export interface ExperimentSplit {
  /** `kfold` tests 1 / share parts in turn. */
  readonly kind: 'random' | 'leave-k' | 'time' | 'users' | 'kfold';
  readonly seed: number;
  readonly share: number;
  readonly leave: number;
}

/** A metric's mean over test users (or pairs), with its 95% interval where one was computed: by the bootstrap over users, or over folds. */
export interface Estimate {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** One point of an experiment's curve, measured on the validation part of train. */
export interface ExperimentPoint {
  /** 1-based pass over the data. */
  readonly iteration: number;
  /** Null where the model does not tell. */
  readonly loss: number | null;
  /** The chosen metric on the validation part; null where this pass was not evaluated. */
  readonly validation: number | null;
  /** Seconds since the fit began. */
  readonly seconds: number;
}

/** How a metric differs between groups of users or items (`model/evaluate/groups`). */
export interface ExperimentGroups {
  readonly by: 'activity' | 'taste' | 'popularity';
  /** By its name, as "ndcg@20". */
  readonly metric: string;
  /** `count` users or, where pairs are predicted, pairs. */
  readonly groups: readonly { readonly group: string; readonly count: number; readonly estimate: Estimate }[];
}

/** What one split gave: the only one, or a part of a cross-validation. */
export interface FoldOutcome {
  /** Entries of the train matrix. */
  readonly interactions: number;
  readonly hyperparameters: Hyperparameters;
  readonly iterations: number;
  readonly fitSeconds: number;
  readonly curve: readonly ExperimentPoint[];
  readonly metrics: Readonly<Record<string, Estimate>>;
  readonly groups: readonly ExperimentGroups[];
  /** Users who were ranked, ascending, and the paired metric of each. */
  readonly users: Int32Array<ArrayBuffer>;
  readonly values: Float32Array<ArrayBuffer>;
}

/** One model, fitted and evaluated on a split of some data: what was asked, and what came out. */
export interface Experiment {
  readonly version: 1;
  /** UUID; the key in storage. */
  readonly id: string;
  /** The visitor's own name for it; empty where none was given. */
  readonly name: string;
  /** Milliseconds since the Unix epoch, when it ended. */
  readonly at: number;
  readonly data: {
    readonly name: string;
    /** SHA-256 (hex) of the pack's manifest. */
    readonly fingerprint: string;
    readonly users: number;
    readonly items: number;
    /** Entries of the train matrix. */
    readonly interactions: number;
    /** Users that were evaluated. */
    readonly testUsers: number;
    /** The data set with published tables that this is, and what of it (`model/evaluate/published`); null for none. */
    readonly known: { readonly data: string; readonly part: 'all' | 'train' } | null;
  };
  readonly split: ExperimentSplit;
  readonly model: string;
  readonly hyperparameters: Hyperparameters;
  readonly seed: number;
  readonly device: DeviceKind;
  readonly deviceName: string;
  readonly iterations: number;
  readonly fitSeconds: number;
  /** Empty for a closed form. */
  readonly curve: readonly ExperimentPoint[];
  /** By the metric's name, as "ndcg@20". */
  readonly metrics: Readonly<Record<string, Estimate>>;
  readonly groups: readonly ExperimentGroups[];
  /** The metrics of each part of a cross-validation; empty for one split. */
  readonly folds: readonly Readonly<Record<string, number>>[];
  /**
   * One metric of each test user, in the split's order (of a cross-validation their mean over parts): two experiments on
   * the same split of the same data are compared user by user.
   */
  readonly paired: { readonly metric: string; readonly values: Float32Array<ArrayBuffer> };
}

/** A comparison that goes on: what is still to do, complete enough for a reload in the middle. */
export interface ExperimentPlan {
  readonly version: 1;
  readonly id: 'plan';
  readonly packId: PackId;
  readonly fingerprint: string;
  /** Still to be fitted, the running one first. */
  readonly models: readonly string[];
  /** How many are done. */
  readonly done: number;
  readonly hyperparameters: Hyperparameters;
  readonly split: ExperimentSplit;
  readonly k: number;
  readonly seed: number;
  readonly device: 'auto' | DeviceKind;
  readonly tuneSeconds: number | null;
  /** The search of the first model so far; null before its first trial. */
  readonly search: string | null;
  /** Parts of the first model's cross-validation that are done. */
  readonly folds: readonly FoldOutcome[];
}
