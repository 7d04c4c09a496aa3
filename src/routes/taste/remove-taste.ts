import type { Saying } from '../../lib/types.ts';
import type { AppState } from '../state/app-state.ts';
import type { CarriedItem } from '../state/tastes.svelte.ts';
import { tasteName } from './taste-name.ts';

type Removing = Pick<AppState, 'catalogue' | 'i18n' | 'notices' | 'tastes' | 'visitor'>;

/** Takes back something said, or deletes what was done with a product of another shop; with a message and a way back. */
export async function removeTaste(app: Removing, taste: Saying | CarriedItem): Promise<void> {
  const { i18n, notices, tastes, visitor } = app;
  const name = tasteName(taste, app);
  try {
    if (taste.type === 'item') {
      const events = await tastes.forget(taste);
      const text = i18n.t('taste.removedShop', { name, shop: i18n.text(taste.shop) });
      notices.undoable(text, () => tastes.restore(events));
      return;
    }
    const sayings = await visitor.unsay([taste.id]);
    notices.undoable(i18n.t('taste.removed', { name }), () => visitor.say(sayings));
  } catch (error) {
    notices.notSaved(error);
  }
}
