import type { Saying } from '../../lib/types.ts';
import type { AppState } from '../state/app-state.ts';
import type { CarriedItem } from '../state/tastes.svelte.ts';

/** What was said, or the product of another shop, in the page's language. */
export function tasteName(
  taste: Saying | CarriedItem,
  { catalogue, i18n }: Pick<AppState, 'catalogue' | 'i18n'>,
): string {
  if (taste.type === 'words') return taste.text;
  if (taste.type === 'item') return i18n.text(taste.item.name);
  const category = catalogue.category(taste.category);
  return category === null ? taste.category : i18n.text(category.name);
}
