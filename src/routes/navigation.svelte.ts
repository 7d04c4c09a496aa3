import { tick } from 'svelte';
import { router } from 'svelte-spa-router';

/** Frames to wait for a page to be tall enough for its old scroll position. */
const MAX_FRAMES = 20;

/**
 * What a browser does between documents, done between pages: back and forward return to the old scroll position, a
 * new page begins at its top, and the focus moves to its heading so that screen readers announce it. A change of
 * the query alone (filters, search) moves nothing. Call inside a component; tell it of each loaded page.
 */
export function followNavigation(): { pageLoaded: () => void } {
  let returnTo: number | null = null;
  let shown: string | null = null;

  $effect(() => {
    // The router leaves scrolling to the browser, which cannot wait for a page that is still loading.
    history.scrollRestoration = 'manual';
    const onPopState = (event: PopStateEvent): void => {
      const state: unknown = event.state;
      returnTo = savedScroll(state);
    };
    window.addEventListener('popstate', onPopState);
    return () => window.removeEventListener('popstate', onPopState);
  });

  return {
    pageLoaded() {
      const first = shown === null;
      if (shown === router.location) return;
      shown = router.location;
      const top = returnTo ?? 0;
      returnTo = null;
      if (first) return;
      void settle(top);
    },
  };
}

async function settle(top: number): Promise<void> {
  await tick();
  document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true });
  for (let frame = 0; frame < MAX_FRAMES; frame++) {
    window.scrollTo({ top, behavior: 'instant' });
    if (Math.abs(window.scrollY - top) < 2) return;
    await new Promise(requestAnimationFrame);
  }
}

function savedScroll(state: unknown): number | null {
  if (typeof state !== 'object' || state === null || !('__svelte_spa_router_scrollY' in state)) return null;
  const top = state.__svelte_spa_router_scrollY;
  return typeof top === 'number' ? top : null;
}
