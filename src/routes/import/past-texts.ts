import type { PastDeedType, PastSource, PastWork } from '../../lib/import/past/types.ts';
import type { I18n } from '../i18n/i18n.svelte.ts';

/** What the exports are called; names of companies are the same in every language but one. */
export function sourceName(i18n: I18n, source: PastSource): string {
  const names = { goodreads: 'Goodreads', letterboxd: 'Letterboxd', steam: 'Steam' } as const;
  if (source === 'amazon') return i18n.language === 'zh' ? '亚马逊' : 'Amazon';
  return names[source];
}

/** A thing's title; its number where the export names none. */
export function workTitle(i18n: I18n, { title, ids }: PastWork): string {
  if (title !== '') return title;
  const [first] = ids;
  return first === undefined ? i18n.t('past.noTitle') : i18n.t('past.number', { value: first.value });
}

const SECONDS_PER_HOUR = 3600;

/** What was done with a thing: "read · rated 4 stars". */
export function deedsText(i18n: I18n, { source, deeds }: PastWork): string {
  const byType = new Map<PastDeedType, string>();
  for (const deed of deeds) {
    switch (deed.type) {
      case 'rated':
        byType.set(deed.type, i18n.t('past.rated', { count: deed.stars }));
        break;
      case 'played':
        byType.set(
          deed.type,
          i18n.t('past.played', {
            hours: i18n.number(deed.seconds / SECONDS_PER_HOUR, { maximumFractionDigits: 1 }),
          }),
        );
        break;
      case 'had':
        byType.set(
          deed.type,
          i18n.t(
            source === 'goodreads' ? 'past.read' : source === 'letterboxd' ? 'past.watched' : 'past.had',
          ),
        );
        break;
      case 'bought':
      case 'liked':
      case 'wanted':
      case 'reviewed':
        byType.set(deed.type, i18n.t(`past.${deed.type}`));
        break;
      default:
        deed satisfies never;
    }
  }
  return [...byType.values()].join(' · ');
}
