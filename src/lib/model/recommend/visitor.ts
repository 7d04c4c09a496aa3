import type { ItemIndex } from '../../types.ts';
import { visitorProfile, visitorRow, type ItemProfile, type VisitorRow } from '../matrix/visitor-row.ts';
import type { ProfileEvent } from './types.ts';

/** All that a visitor's events say, ready to be scored with. */
export interface Visitor {
  readonly row: VisitorRow;
  /** Parallel to the row: each item's events with their shares of its strength. */
  readonly profiles: readonly ItemProfile<ProfileEvent>[];
  /** Whether anything speaks for an item; without it there is no taste to follow. */
  readonly hasPositive: boolean;
}

/** Sums events up. Does not depend on their order. */
export function visitorOf(events: readonly ProfileEvent[]): Visitor {
  const row = visitorRow(events);
  const said = new Set<number>(row.item);
  return {
    row,
    profiles: visitorProfile(events).filter(({ item }) => said.has(item)),
    hasPositive: row.strength.some((strength) => strength > 0),
  };
}

/** The event that says most about an item: the largest strength by size, the newest among equals. */
export function strongestEvent({ shares }: ItemProfile<ProfileEvent>): ProfileEvent | null {
  let strongest: { event: ProfileEvent; strength: number } | null = null;
  for (const share of shares) {
    if (strongest === null || Math.abs(share.strength) >= Math.abs(strongest.strength)) strongest = share;
  }
  return strongest?.event ?? null;
}

/** Items the visitor said outright to like: by a like, an order, or four stars and more. */
export function likedProfiles({ profiles }: Visitor): readonly ItemProfile<ProfileEvent>[] {
  return profiles.filter(
    ({ strength, shares }) =>
      strength > 0 &&
      shares.some(({ event: { kind, stars } }) => kind === 'like' || kind === 'order' || stars >= 4),
  );
}

/** An item and how recently strong it was liked; both by the events alone, without a clock. */
export interface LikedItem {
  readonly item: ItemIndex;
  readonly weight: number;
}

/** A like counts half as much after this long. */
const LIKE_HALF_LIFE_MS = 30 * 24 * 60 * 60 * 1000;

/** Liked items by strength, halved for each LIKE_HALF_LIFE_MS before the visitor's newest event; ties by position. */
export function recentLikes(visitor: Visitor): readonly LikedItem[] {
  const lastAt = ({ shares }: ItemProfile<ProfileEvent>): number =>
    shares.reduce((latest, { event }) => Math.max(latest, event.at), -Infinity);
  const newest = visitor.profiles.reduce((latest, profile) => Math.max(latest, lastAt(profile)), -Infinity);
  return likedProfiles(visitor)
    .map((profile) => ({
      item: profile.item,
      weight: profile.strength * 0.5 ** ((newest - lastAt(profile)) / LIKE_HALF_LIFE_MS),
    }))
    .toSorted((a, b) => b.weight - a.weight || a.item - b.item);
}
