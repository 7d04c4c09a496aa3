import type { ExportedReason, ExportedRecommendation } from '../../lib/export/recommendations.ts';
import type { Term } from '../../lib/model/index.ts';
import type { AppState } from '../state/app-state.ts';
import { tasteName } from '../taste/taste-name.ts';

/** Recommendations that an export holds. */
const LENGTH = 100;

type Sources = Pick<AppState, 'catalogue' | 'i18n' | 'recommendations' | 'tastes' | 'visitor'>;

/**
 * The best products for the visitor as of now, in the order of the first shelf, each with what its score is made of. Names
 * are in the language of the page.
 */
export async function recommendationList({
  catalogue,
  i18n,
  recommendations,
  tastes,
  visitor,
}: Sources): Promise<readonly ExportedRecommendation[]> {
  const { profile } = visitor;
  const list: ExportedRecommendation[] = [];
  for (const entry of await recommendations.best(profile, LENGTH)) {
    const item = catalogue.itemAt(entry.item);
    if (item === null) continue;
    const { score, terms } = await recommendations.explain(entry.item, profile);
    const reasons = terms.map((term) => reasonOf(term, { catalogue, i18n, tastes }));
    list.push({ item: item.id, name: i18n.text(item.name), score, reasons });
  }
  return list;
}

function reasonOf(
  term: Term,
  { catalogue, i18n, tastes }: Pick<Sources, 'catalogue' | 'i18n' | 'tastes'>,
): ExportedReason {
  const { contribution } = term;
  if (term.type === 'outside') {
    const taste = tastes.about(term.id);
    return { item: null, name: taste === null ? '' : tasteName(taste, { catalogue, i18n }), contribution };
  }
  if (term.type !== 'history') return { item: null, name: i18n.t(`why.term.${term.type}`), contribution };
  const item = catalogue.itemAt(term.item);
  return { item: item?.id ?? null, name: item === null ? '' : i18n.text(item.name), contribution };
}
