/** Where each element stood, in pixels of the window. */
export type Places = ReadonlyMap<Element, DOMRect>;

/** Nothing measured: nothing glides from it. */
export const NO_PLACES: Places = new Map();

const EASING = 'cubic-bezier(0.2, 0, 0, 1)';

/** Measures elements before a change; nothing for those that are not laid out, which nobody would see move. */
export function placesOf(elements: Iterable<Element>): Places {
  const places = new Map<Element, DOMRect>();
  for (const element of elements) {
    if (!element.checkVisibility({ contentVisibilityAuto: true })) return places;
    places.set(element, element.getBoundingClientRect());
  }
  return places;
}

/**
 * Lets elements glide from their old places to where they are now, and fade in where they are new. All are measured
 * before any is moved, so that the page is laid out once.
 */
export function glide(elements: Iterable<Element>, before: Places, duration: number): void {
  if (before.size === 0 || duration === 0) return;
  const after = placesOf(elements);
  for (const [element, { left, top }] of after) {
    const old = before.get(element);
    if (old === undefined) {
      element.animate({ opacity: [0, 1] }, { duration, easing: EASING });
    } else if (old.left !== left || old.top !== top) {
      const translate = `${old.left - left}px ${old.top - top}px`;
      element.animate({ translate: [translate, '0px 0px'] }, { duration, easing: EASING });
    }
  }
}
