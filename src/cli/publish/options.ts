import { randomInt } from 'node:crypto';
import { AppError } from '../../lib/errors.ts';
import type { GateOptions } from './privacy-gate.ts';
import type { ForeignObjective } from './external-factors.ts';

/** What a pack tells of its community: its rows, or only item factors trained on them. */
export const SHARES = ['factors', 'events'] as const;
export type Share = (typeof SHARES)[number];

/** Options as cac parses them. */
export interface RawPublishOptions {
  readonly share?: unknown;
  readonly minEvents?: unknown;
  readonly kAnonymity?: unknown;
  readonly coarsenDays?: unknown;
  readonly allowReviews?: unknown;
  readonly seed?: unknown;
  readonly train?: unknown;
  readonly factors?: unknown;
  readonly factorIds?: unknown;
  readonly alpha?: unknown;
  readonly regularization?: unknown;
  readonly frequencyScaling?: unknown;
  readonly maxBytes?: unknown;
}

export interface PublishOptions {
  readonly gate: GateOptions;
  readonly share: Share;
  /** Train item factors on what the gate lets through. */
  readonly train: boolean;
  /** Factors trained elsewhere; null for none. */
  readonly external: {
    readonly file: string;
    readonly idsFile: string | null;
    readonly objective: ForeignObjective;
  } | null;
  readonly maxBytes: number;
}

/** What holds where nothing is said. */
export interface PublishDefaults {
  readonly share: Share;
  readonly minEvents: number;
  readonly kAnonymity: number;
  readonly coarsenDays: number;
  readonly allowReviews: boolean;
  /** Of the order of the shoppers; null: drawn and forgotten. */
  readonly seed: number | null;
}

/** A shop's own log goes through the gate; a data set that is public anyway does not need to. */
export const PRIVATE_DEFAULTS: PublishDefaults = {
  ...{ share: 'factors', minEvents: 5, kAnonymity: 5, coarsenDays: 7, allowReviews: false, seed: null },
};
export const PUBLIC_DEFAULTS: PublishDefaults = {
  ...{ share: 'events', minEvents: 1, kAnonymity: 1, coarsenDays: 1, allowReviews: true, seed: 1 },
};

const MAX_SEED = 2 ** 31 - 1;

/**
 * Reads the options of publishing. Where neither `--seed` nor the defaults give one, the order of the shoppers is drawn by
 * the system's own source of chance and kept nowhere, so that nobody can undo it. Throws `input-invalid` naming the option.
 */
export function parsePublishOptions(raw: RawPublishOptions, defaults: PublishDefaults): PublishOptions {
  const share = raw.share === undefined ? defaults.share : SHARES.find((one) => one === raw.share);
  if (share === undefined) throw invalid('share', raw.share, SHARES.join(' or '));
  const file = textOf('factors', raw.factors);
  const whole = (name: keyof RawPublishOptions, flag: string, least: number, otherwise: number): number => {
    const value = raw[name] === undefined ? otherwise : Number(raw[name]);
    if (Number.isInteger(value) && value >= least && value <= Number.MAX_SAFE_INTEGER) return value;
    throw invalid(flag, raw[name], `a whole number from ${least} on`);
  };
  const number = (
    name: 'alpha' | 'regularization' | 'frequencyScaling',
    flag: string,
    otherwise: number,
  ): number => {
    const value = raw[name] === undefined ? otherwise : Number(raw[name]);
    if (Number.isFinite(value) && value >= 0) return value;
    throw invalid(flag, raw[name], 'a number from 0 on');
  };
  return {
    gate: {
      minEvents: whole('minEvents', 'min-events', 1, defaults.minEvents),
      kAnonymity: whole('kAnonymity', 'k-anonymity', 1, defaults.kAnonymity),
      coarsenDays: whole('coarsenDays', 'coarsen-days', 1, defaults.coarsenDays),
      allowReviews: raw.allowReviews === true || defaults.allowReviews,
      seed: whole('seed', 'seed', 0, defaults.seed ?? randomInt(MAX_SEED)),
    },
    share,
    train: raw.train === true || (share === 'factors' && file === null),
    external:
      file === null
        ? null
        : {
            file,
            idsFile: textOf('factor-ids', raw.factorIds),
            objective: {
              alpha: number('alpha', 'alpha', 40),
              regularization: number('regularization', 'regularization', 0.01),
              frequencyScaling: number('frequencyScaling', 'frequency-scaling', 0),
            },
          },
    maxBytes: raw.maxBytes === undefined ? Number.POSITIVE_INFINITY : whole('maxBytes', 'max-bytes', 1, 1),
  };
}

function textOf(flag: string, value: unknown): string | null {
  if (value === undefined) return null;
  // cac makes numbers of what looks like one
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw invalid(flag, value, 'a path');
}

function invalid(flag: string, value: unknown, wanted: string): AppError {
  return new AppError('input-invalid', `--${flag} needs ${wanted}.`, {
    values: { option: flag, value: String(value).slice(0, 80) },
    remedy: 'See: fairshelf pack --help',
  });
}
