import { untrack } from 'svelte';
import type { AppState } from './app-state.ts';

/** The offline copy waits for the shop, but no longer than this. */
const LATEST_START_MS = 10_000;

/**
 * Tells the visitor when the page has become ready for offline use, and offers a newer version that waits. The
 * offer is taken back while a training runs: accepting it reloads this tab. Call inside the root component.
 */
export function followOffline({ catalogue, offline, training, notices, i18n }: AppState): void {
  const isFirstVisit = (navigator.serviceWorker as ServiceWorkerContainer | undefined)?.controller === null;
  let status = $state.raw(offline.status);
  const isReady = $derived(status.readiness === 'ready');
  const canUpdate = $derived(status.updateWaiting && !training.busy);

  $effect(() => offline.subscribe((next) => (status = next)));

  $effect(() => {
    if (catalogue.status === 'failed') offline.start();
  });
  $effect(() => {
    const late = setTimeout(() => offline.start(), LATEST_START_MS);
    return () => clearTimeout(late);
  });

  $effect(() => {
    if (isReady && isFirstVisit) untrack(() => notices.show(i18n.t('common.offline.ready')));
  });

  $effect(() => {
    if (!canUpdate) return undefined;
    const offer = untrack(() =>
      notices.show(i18n.t('common.update.text'), {
        lifeMs: null,
        action: { label: i18n.t('common.update.apply'), run: () => offline.applyUpdate() },
      }),
    );
    return () => notices.dismiss(offer);
  });
}
