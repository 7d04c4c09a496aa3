import type { ItemIndex } from '../../types.ts';
import type { ItemProfile } from '../matrix/visitor-row.ts';
import type { Contributions } from './preference.ts';
import type { ProfileEvent, Reason, Term } from './types.ts';
import { strongestEvent, type Visitor } from './visitor.ts';

/**
 * The named terms of a score, largest first (ties in catalogue order, the rest last). An item's contribution is
 * split over its events in proportion to their strength, so the events' parts sum to it; an event against the
 * item's overall direction has a part of the opposite sign.
 */
export function termsOf({ history, rest }: Contributions, { profiles }: Visitor): Term[] {
  const terms: Term[] = profiles.flatMap((profile, at): Term[] => {
    const contribution = history[at] ?? 0;
    // An item disliked throughout has no part of its own in an ALS score: it only dampens the others.
    return contribution === 0 ? [] : [historyTerm(profile, contribution)];
  });
  if (rest !== null) terms.push(rest);
  return terms.sort((a, b) => b.contribution - a.contribution);
}

/**
 * The item of the visitor's history that speaks most for a recommendation: the greatest positive contribution of
 * an item with positive strength (ties by position); null where none does.
 */
export function reasonFor(contributions: Contributions, visitor: Visitor): Reason | null {
  const { history } = contributions;
  let best = -1;
  visitor.row.strength.forEach((strength, at) => {
    if (strength > 0 && (history[at] ?? 0) > (best < 0 ? 0 : (history[best] ?? 0))) best = at;
  });
  return reasonAt(best, contributions, visitor);
}

/** As reasonFor, for a given item of the history, whatever else speaks for the recommendation. */
export function reasonFrom(anchor: ItemIndex, contributions: Contributions, visitor: Visitor): Reason | null {
  return reasonAt(visitor.row.item.indexOf(anchor), contributions, visitor);
}

function reasonAt(at: number, { history }: Contributions, { profiles }: Visitor): Reason | null {
  const profile = profiles[at];
  const event = profile === undefined ? null : strongestEvent(profile);
  if (profile === undefined || event === null) return null;
  const positive = history.reduce((sum, contribution) => sum + Math.max(0, contribution), 0);
  const share = positive > 0 ? Math.max(0, history[at] ?? 0) / positive : 0;
  return { item: profile.item, kind: event.kind, stars: event.stars, share };
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
