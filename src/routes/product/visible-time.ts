/**
 * Counts the seconds for which a page is really visible, and reports them when it is hidden or left. Returns the
 * function that ends the count.
 */
export function countVisibleTime(
  report: (seconds: number) => void,
  options: { readonly document?: Document; readonly now?: () => number } = {},
): () => void {
  const { document: page = document, now = () => performance.now() } = options;
  let visibleSince: number | null = page.visibilityState === 'visible' ? now() : null;

  const stop = (): void => {
    if (visibleSince === null) return;
    const seconds = (now() - visibleSince) / 1000;
    visibleSince = null;
    report(seconds);
  };
  const onChange = (): void => {
    if (page.visibilityState === 'visible') visibleSince ??= now();
    else stop();
  };
  page.addEventListener('visibilitychange', onChange);
  return () => {
    page.removeEventListener('visibilitychange', onChange);
    stop();
  };
}
