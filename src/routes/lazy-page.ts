import type { Component } from 'svelte';
import { wrap } from 'svelte-spa-router/wrap';
import PageFailed from './shell/PageFailed.svelte';

/** What a page takes from the router. */
export interface PageProps {
  readonly params?: Readonly<Record<string, string>>;
}

/** A page that comes when it is needed; where it cannot come (offline, a removed build) the reader is told. */
export function lazyPage(
  load: () => Promise<{ readonly default: Component<PageProps> | Component<Record<string, never>> }>,
): ReturnType<typeof wrap> {
  return wrap({ asyncComponent: () => load().catch(() => ({ default: PageFailed })) });
}
