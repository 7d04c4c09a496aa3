/** Where the arrow keys go from an entry of a shelf; null for keys that mean something else. */
function step(key: string, position: number, count: number, rightToLeft: boolean): number | null {
  switch (key) {
    case 'ArrowRight':
      return position + (rightToLeft ? -1 : 1);
    case 'ArrowLeft':
      return position + (rightToLeft ? 1 : -1);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}

/**
 * Arrow keys, Home and End move the focus along the `data-roving` elements of a list and bring them into view.
 * Tab still visits every link and button.
 */
export function roveFocus(list: HTMLElement): () => void {
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    if (!(event.target instanceof Element)) return;
    const stops = [...list.querySelectorAll<HTMLElement>('[data-roving]')];
    const position = stops.findIndex((stop) => stop === event.target);
    if (position < 0) return;
    const next = step(event.key, position, stops.length, getComputedStyle(list).direction === 'rtl');
    const stop = next === null ? undefined : stops[Math.max(0, Math.min(stops.length - 1, next))];
    if (stop === undefined) return;
    event.preventDefault();
    stop.focus({ preventScroll: true });
    (stop.closest('li') ?? stop).scrollIntoView({ block: 'nearest', inline: 'nearest' });
  };
  list.addEventListener('keydown', onKeyDown);
  return () => list.removeEventListener('keydown', onKeyDown);
}
