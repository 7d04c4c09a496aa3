import { push } from 'svelte-spa-router';
import type { AppState } from '../state/app-state.ts';

/** Says that the browser removed the visitor's data, until they read of it; the way on is a backup. */
export async function announceLoss({ i18n, notices }: Pick<AppState, 'i18n' | 'notices'>): Promise<void> {
  await i18n.loadPages();
  notices.show(i18n.t('backup.lost'), {
    kind: 'error',
    lifeMs: null,
    action: { label: i18n.t('backup.lostRestore'), run: () => push('/you') },
  });
}
