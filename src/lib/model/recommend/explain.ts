import type { ItemIndex } from '../../types.ts';
import type { ItemProfile } from '../matrix/visitor-row.ts';
import type { Contributions } from './preference.ts';
import type { ProfileEvent, Reason, Term } from './types.ts';
import { strongestEvent, type Visitor } from './visitor.ts';

/**
 * The named terms of a score, largest first (ties in catalogue order, outside tastes after items, the rest last). An
 * item's contribution is split over its events in proportion to their strength, so the events' parts sum to it; an event
 * against the item's overall direction has a part of the opposite sign. What outside taste adds to an item's strength
 * has its share of the item's contribution, summed over items.
 */
export function termsOf(contributions: Contributions, visitor: Visitor): Term[] {
  const { own, outside } = splitOf(contributions, visitor);
  const terms: Term[] = visitor.parts.flatMap(({ profile }, at): Term[] => {
    const contribution = own[at] ?? 0;
    // An item disliked throughout has no part of its own in an ALS score: it only dampens the others.
    return contribution === 0 || profile === null ? [] : [historyTerm(profile, contribution)];
  });
  visitor.sources.forEach(({ id }, source) => {
    const contribution = outside[source] ?? 0;
    if (contribution !== 0) terms.push({ type: 'outside', id, contribution });
  });
  if (contributions.rest !== null) terms.push(contributions.rest);
  return terms.sort((a, b) => b.contribution - a.contribution);
}

/**
 * What speaks most for a recommendation: the greatest positive contribution of an own item with positive strength or of
 * an outside taste that speaks for something (ties by position, own items first); null where nothing does.
 */
export function reasonFor(contributions: Contributions, visitor: Visitor): Reason | null {
  const split = splitOf(contributions, visitor);
  const { own, outside } = split;
  let best = -1;
  visitor.row.strength.forEach((strength, at) => {
    if (strength > 0 && (own[at] ?? 0) > (best < 0 ? 0 : (own[best] ?? 0))) best = at;
  });
  let said = -1;
  visitor.sources.forEach((source, at) => {
    if (source.type === 'item' && source.strength <= 0) return;
    if ((outside[at] ?? 0) > (said < 0 ? Math.max(0, own[best] ?? 0) : (outside[said] ?? 0))) said = at;
  });
  const source = visitor.sources[said];
  if (source === undefined) return historyReason(best, split, visitor);
  return { type: 'outside', id: source.id, share: shareOf(outside[said] ?? 0, split) };
}

/** As reasonFor, for a given item of the history, whatever else speaks for the recommendation. */
export function reasonFrom(anchor: ItemIndex, contributions: Contributions, visitor: Visitor): Reason | null {
  return historyReason(visitor.row.item.indexOf(anchor), splitOf(contributions, visitor), visitor);
}

/** Contributions of the row's own part, parallel to it, and of each outside taste. */
interface Split {
  readonly own: Float64Array;
  readonly outside: Float64Array;
}

function splitOf({ history }: Contributions, { parts, sources }: Visitor): Split {
  const own = new Float64Array(parts.length);
  const outside = new Float64Array(sources.length);
  parts.forEach((part, at) => {
    const contribution = history[at] ?? 0;
    own[at] = contribution * part.own;
    for (const { source, share } of part.outside) {
      outside[source] = (outside[source] ?? 0) + contribution * share;
    }
  });
  return { own, outside };
}

function historyReason(at: number, split: Split, { parts }: Visitor): Reason | null {
  const profile = parts[at]?.profile ?? null;
  const event = profile === null ? null : strongestEvent(profile);
  if (profile === null || event === null) return null;
  const { kind, stars } = event;
  return { type: 'history', item: profile.item, kind, stars, share: shareOf(split.own[at] ?? 0, split) };
}

function shareOf(contribution: number, { own, outside }: Split): number {
  const positive = [own, outside].reduce(
    (sum, side) => side.reduce((part, value) => part + Math.max(0, value), sum),
    0,
  );
  return positive > 0 ? Math.max(0, contribution) / positive : 0;
}

function historyTerm({ item, strength, shares }: ItemProfile<ProfileEvent>, contribution: number): Term {
  const events = shares
    .filter((share) => share.strength !== 0)
    .map((share) => ({
      id: share.event.id,
      kind: share.event.kind,
      stars: share.event.stars,
      contribution: contribution * (share.strength / strength),
    }));
  return { type: 'history', item, contribution, events };
}
