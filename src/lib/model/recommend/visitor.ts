import type { ItemIndex } from '../../types.ts';
import { visitorProfile, visitorRow, type ItemProfile, type VisitorRow } from '../matrix/visitor-row.ts';
import type { OutsideItem } from './outside.ts';
import type { OutsideTaste, ProfileEvent } from './types.ts';

/** What one entry of the visitor's row rests on; the shares sum to 1. */
export interface RowParts {
  /** The visitor's own events on the item; null where there are none, or they cancel out. */
  readonly profile: ItemProfile<ProfileEvent> | null;
  readonly own: number;
  /** Shares of outside tastes, by position. */
  readonly outside: readonly { readonly source: number; readonly share: number }[];
}

/** All that a visitor's events say, and what is known of them from outside, ready to be scored with. */
export interface Visitor {
  readonly row: VisitorRow;
  /** Parallel to the row. */
  readonly parts: readonly RowParts[];
  /** The items that own events speak for or against, ascending: each item's events with their shares of its strength. */
  readonly profiles: readonly ItemProfile<ProfileEvent>[];
  readonly sources: readonly OutsideTaste[];
  /** Whether anything speaks for an item; without it there is no taste to follow. */
  readonly hasPositive: boolean;
}

/** Sums events up. Does not depend on their order. */
export function visitorOf(events: readonly ProfileEvent[]): Visitor {
  const row = visitorRow(events);
  const said = new Set<number>(row.item);
  const profiles = visitorProfile(events).filter(({ item }) => said.has(item));
  return {
    row,
    parts: profiles.map((profile) => ({ profile, own: 1, outside: [] })),
    profiles,
    sources: [],
    hasPositive: row.strength.some((strength) => strength > 0),
  };
}

/** The visitor with outside taste beside the own events: strengths of an item add up, and share its contribution. */
export function withOutside(
  visitor: Visitor,
  sources: readonly OutsideTaste[],
  outside: readonly OutsideItem[],
): Visitor {
  const profiles = new Map<number, ItemProfile<ProfileEvent>>(
    visitor.profiles.map((profile) => [profile.item, profile]),
  );
  const said = new Map(outside.map((entry) => [entry.item, entry]));
  const items = [...new Set([...profiles.keys(), ...said.keys()])].sort((a, b) => a - b);
  const strengths = items.map(
    (item) => (profiles.get(item)?.strength ?? 0) + (said.get(item)?.strength ?? 0),
  );
  return {
    row: { item: Int32Array.from(items), strength: Float32Array.from(strengths) },
    parts: items.map((item, at) => {
      const total = strengths[at] ?? 0;
      const profile = profiles.get(item) ?? null;
      return {
        profile,
        own: (profile?.strength ?? 0) / total,
        outside: (said.get(item)?.parts ?? []).map(({ source, strength }) => ({
          source,
          share: strength / total,
        })),
      };
    }),
    profiles: visitor.profiles,
    sources,
    hasPositive: strengths.some((strength) => strength > 0),
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
