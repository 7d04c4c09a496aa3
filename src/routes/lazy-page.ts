import type { Component } from 'svelte';
import { wrap } from 'svelte-spa-router/wrap';
import type { I18n } from './i18n/i18n.svelte.ts';
import PageFailed from './shell/PageFailed.svelte';

/** What a page with places in its address takes from the router. */
export type PageProps = Readonly<{ params?: Readonly<Record<string, string>> }>;

/**
 * A page that comes with its texts when it is needed; where it cannot come (offline, a removed build) the reader
 * is told.
 */
export function lazyPage<Props extends Record<string, unknown>>(
  i18n: I18n,
  load: () => Promise<{ readonly default: Component<Props> }>,
): ReturnType<typeof wrap> {
  const loadAll = async (): Promise<{ readonly default: Component<Props> }> => {
    const [page] = await Promise.all([load(), i18n.loadPages()]);
    return page;
  };
  return wrap({ asyncComponent: () => loadAll().catch(() => ({ default: PageFailed })) });
}
