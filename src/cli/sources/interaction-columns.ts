import { AppError } from '../../lib/errors.ts';
import { EVENT_KINDS, type EventKind, type InteractionColumns } from '../../lib/types.ts';

/** An interaction of public data, whose users and items are positions already. */
export interface SourceInteraction {
  readonly user: number;
  readonly item: number;
  readonly kind: EventKind;
  /** 1–5 of `rate`, else 0. */
  readonly stars: number;
  /** Whole days since 1970-01-01 UTC, 0 where the data has no times. */
  readonly day: number;
}

/**
 * The interactions as columns in their order. Users and items number one more than the highest position. Throws
 * `import-invalid` naming the file where there are none.
 */
export function toColumns(file: string, interactions: readonly SourceInteraction[]): InteractionColumns {
  if (interactions.length === 0) {
    throw new AppError('import-invalid', `${file} holds no interactions.`, {
      values: { file },
      remedy: 'Give a file with at least one.',
    });
  }
  const column = (value: (interaction: SourceInteraction) => number): Int32Array<ArrayBuffer> =>
    Int32Array.from(interactions, value);
  const user = column((interaction) => interaction.user);
  const item = column((interaction) => interaction.item);
  return {
    users: user.reduce((most, position) => Math.max(most, position), 0) + 1,
    items: item.reduce((most, position) => Math.max(most, position), 0) + 1,
    length: interactions.length,
    user,
    item,
    kind: Uint8Array.from(interactions, ({ kind }) => EVENT_KINDS.indexOf(kind)),
    stars: Uint8Array.from(interactions, ({ stars }) => stars),
    day: column((interaction) => interaction.day),
  };
}
