import { tick } from 'svelte';
import { router } from 'svelte-spa-router';
import { LeftPages, type Place, scrollToPlace } from './place.ts';

/** How long a page may take to become as tall as it was. After that its place is wherever the visitor left it. */
const MAX_SETTLE_MS = 3_000;
/** What the visitor does to be elsewhere on the page: nothing may pull them back. */
const MOVES = ['wheel', 'touchstart', 'pointerdown', 'keydown'] as const;

/**
 * What a browser does between documents, done between pages: back and forward return to the old scroll position, a
 * new page begins at its top, and the focus moves to its heading so that screen readers announce it. A change of
 * the query alone (filters, search) moves nothing. Call inside a component; tell it of each loaded page.
 */
export function followNavigation(): { pageLoaded: () => void } {
  let returnTo: number | null = null;
  let shown: string | null = null;
  const left = new LeftPages();
  let settling = new AbortController();

  $effect(() => {
    // The router leaves scrolling to the browser, which cannot wait for a page that is still loading.
    history.scrollRestoration = 'manual';
    const onPopState = (event: PopStateEvent): void => {
      const state: unknown = event.state;
      returnTo = savedScroll(state);
    };
    const onClick = (event: MouseEvent): void => left.note(event);
    window.addEventListener('popstate', onPopState);
    // Before the router follows the link.
    window.addEventListener('click', onClick, { capture: true });
    return () => {
      window.removeEventListener('popstate', onPopState);
      window.removeEventListener('click', onClick, { capture: true });
    };
  });

  return {
    pageLoaded() {
      const first = shown === null;
      if (shown === router.location) return;
      shown = router.location;
      const place = returnTo === null ? null : left.place(returnTo);
      returnTo = null;
      settling.abort();
      settling = new AbortController();
      if (!first) void settle(place, settling);
    },
  };
}

/**
 * Focuses the page's heading and keeps the visitor at their place (null: the top) while the page grows, until they
 * move.
 */
async function settle(place: Place | null, settling: AbortController): Promise<void> {
  const { signal } = settling;
  const end = performance.now() + MAX_SETTLE_MS;
  const over = (): boolean => signal.aborted || performance.now() > end;
  await tick();
  if (over()) return;
  document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true });
  if (place === null) {
    window.scrollTo({ top: 0, behavior: 'instant' });
    return;
  }
  for (const move of MOVES) window.addEventListener(move, () => settling.abort(), { signal, passive: true });
  while (!over()) {
    scrollToPlace(place);
    await new Promise(requestAnimationFrame);
  }
  settling.abort();
}

function savedScroll(state: unknown): number | null {
  if (typeof state !== 'object' || state === null || !('__svelte_spa_router_scrollY' in state)) return null;
  const top = state.__svelte_spa_router_scrollY;
  return typeof top === 'number' ? top : null;
}
