/** How far a link may have moved (two shelves) and still be the one by which the visitor left. */
const NEARBY_PX = 1_200;

/** A link and its distance from the window's top. */
interface Anchor {
  readonly href: string;
  readonly top: number;
}

/** Where the visitor stood on a page: how far down, and at which link, by which they left. */
export interface Place {
  readonly scrollY: number;
  readonly link: Anchor | null;
}

/** Remembers the link by which each page was left. */
export class LeftPages {
  readonly #links = new Map<string, Anchor>();

  /** Call for every click, before the router follows it. */
  note(event: MouseEvent): void {
    const link = event.target instanceof Element ? event.target.closest('main a[href]') : null;
    if (link === null) return;
    const href = link.getAttribute('href') ?? '';
    this.#links.set(location.hash, { href, top: link.getBoundingClientRect().top });
  }

  /** The place on the page that is open now, which was left `scrollY` pixels from its top. */
  place(scrollY: number): Place {
    return { scrollY, link: this.#links.get(location.hash) ?? null };
  }
}

/**
 * Scrolls to where the visitor stood. What lies above may have changed meanwhile (opening a product can bring a
 * shelf), so the link by which they left counts more than the distance from the top.
 */
export function scrollToPlace({ scrollY, link }: Place): void {
  let [top, nearest] = [scrollY, NEARBY_PX];
  if (link !== null) {
    for (const found of document.querySelectorAll(`main a[href="${CSS.escape(link.href)}"]`)) {
      const moved = window.scrollY + found.getBoundingClientRect().top - link.top;
      // A product may stand on a shelf and in the catalogue: the link nearer to the old place was meant.
      if (Math.abs(moved - scrollY) < nearest) [top, nearest] = [moved, Math.abs(moved - scrollY)];
    }
  }
  window.scrollTo({ top, behavior: 'instant' });
}
