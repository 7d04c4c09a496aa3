import type { Component } from 'svelte';
import { wrap } from 'svelte-spa-router/wrap';
import PageFailed from './shell/PageFailed.svelte';

/** What a page with places in its address takes from the router. */
export type PageProps = Readonly<{ params?: Readonly<Record<string, string>> }>;

/** A page that comes when it is needed; where it cannot come (offline, a removed build) the reader is told. */
export function lazyPage<Props extends Record<string, unknown>>(
  load: () => Promise<{ readonly default: Component<Props> }>,
): ReturnType<typeof wrap> {
  return wrap({ asyncComponent: () => load().catch(() => ({ default: PageFailed })) });
}
