import type { EventKind, VisitorEvent } from '../../lib/types.ts';
import type { I18n } from '../i18n/i18n.svelte.ts';

/** What the visitor did, in words. */
export function eventText(i18n: I18n, event: VisitorEvent): string {
  switch (event.kind) {
    case 'view':
      return i18n.t('you.eventView');
    case 'click':
      return i18n.t('you.eventClick');
    case 'dwell':
      return i18n.t('you.eventDwell', { count: Math.round(event.seconds) });
    case 'like':
      return i18n.t('you.eventLike');
    case 'rate':
      return i18n.t('you.eventRate', { count: event.stars });
    case 'basket':
      return i18n.t('you.eventBasket', { count: event.quantity });
    case 'order':
      return i18n.t('you.eventOrder', { count: event.quantity });
    case 'hide':
      return i18n.t('you.eventHide');
    case 'review':
      return i18n.t('you.eventReview', { count: event.stars });
    default:
      return event satisfies never;
  }
}

const KIND_TEXT = {
  view: 'you.kindView',
  click: 'you.kindClick',
  dwell: 'you.kindDwell',
  like: 'you.kindLike',
  rate: 'you.kindRate',
  basket: 'you.kindBasket',
  order: 'you.kindOrder',
  hide: 'you.kindHide',
  review: 'you.kindReview',
} as const satisfies Record<EventKind, string>;

/** A kind of events, as a heading. */
export function kindText(i18n: I18n, kind: EventKind): string {
  return i18n.t(KIND_TEXT[kind]);
}

/** A signed strength: "+4", "−0.2". */
export function strengthText(i18n: I18n, strength: number): string {
  const text = i18n.number(strength, { signDisplay: 'exceptZero', maximumFractionDigits: 1 });
  return text.replace('-', '\u2212');
}
