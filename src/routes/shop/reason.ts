import type { Basis, Reason, ShelfEntry } from '../../lib/model/index.ts';
import type { Item, ItemIndex } from '../../lib/types.ts';
import type { I18n } from '../i18n/i18n.svelte.ts';
import type { Change } from '../state/visitor.svelte.ts';

/** What the wording of a reason needs to know of the shop. */
export interface ReasonContext {
  readonly i18n: I18n;
  readonly basis: Basis;
  readonly simulated: boolean;
  readonly itemAt: (index: ItemIndex) => Item | null;
}

/** Why an entry is on its shelf, in a few words: the strongest part of the history, else what the shelf rests on. */
export function reasonText(entry: Pick<ShelfEntry, 'reason'>, context: ReasonContext): string {
  const { i18n, basis, simulated } = context;
  const reason = entry.reason;
  const item = reason === null ? null : context.itemAt(reason.item);
  if (reason !== null && item !== null) return historyReason(reason, i18n.text(item.name), i18n);
  if (basis === 'text') return i18n.t('shop.reason.text');
  return i18n.t(simulated ? 'shop.reason.popularSimulated' : 'shop.reason.popular');
}

function historyReason({ kind, stars }: Reason, name: string, i18n: I18n): string {
  switch (kind) {
    case 'like':
      return i18n.t('shop.reason.like', { name });
    case 'rate':
      return i18n.t('shop.reason.rate', { name, stars });
    case 'review':
      return i18n.t('shop.reason.review', { name });
    case 'basket':
      return i18n.t('shop.reason.basket', { name });
    case 'order':
      return i18n.t('shop.reason.order', { name });
    case 'view':
    case 'click':
    case 'dwell':
    case 'hide':
      return i18n.t('shop.reason.look', { name });
    default:
      return kind satisfies never;
  }
}

/** What the visitor did that moved a shelf, as the subject of a sentence. */
export function causeText(cause: Change | 'model', i18n: I18n, nameOf: (change: Change) => string): string {
  if (cause === 'model') return i18n.t('shop.cause.model');
  const name = nameOf(cause);
  if (cause.type === 'removed') {
    const [only] = cause.events;
    return only?.kind === 'like' ? i18n.t('shop.cause.unlike', { name }) : i18n.t('shop.cause.removed');
  }
  const { event } = cause;
  switch (event.kind) {
    case 'like':
      return i18n.t('shop.cause.like', { name });
    case 'hide':
      return i18n.t('shop.cause.hide', { name });
    case 'rate':
      return i18n.t('shop.cause.rate', { name, stars: event.stars });
    case 'review':
      return i18n.t('shop.cause.review', { name });
    case 'basket':
      return i18n.t('shop.cause.basket', { name });
    case 'order':
      return i18n.t('shop.cause.order');
    case 'view':
    case 'click':
    case 'dwell':
      return i18n.t('shop.cause.look', { name });
    default:
      return event satisfies never;
  }
}
