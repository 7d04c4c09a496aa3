import type { EventKind } from '../../lib/types.ts';
import type { I18n } from '../i18n/i18n.svelte.ts';

/** What the visitor did with an item, in words: each kind once, in the order it was first done. */
export function eventWords(
  events: readonly { readonly kind: EventKind; readonly stars: number }[],
  i18n: I18n,
): string {
  const words = events.map(({ kind, stars }) =>
    kind === 'rate' || kind === 'review'
      ? i18n.t(`why.event.${kind}`, { stars })
      : i18n.t(`why.event.${kind}`),
  );
  return i18n.list([...new Set(words)]);
}
