const NAME = 'first-contentful-paint';

/**
 * Resolves when the first content is on the screen: what is heavy waits for that. At once where nothing will be
 * painted now (a tab in the background) or where the browser does not tell.
 */
export function firstPaint(): Promise<void> {
  if (document.hidden || !PerformanceObserver.supportedEntryTypes.includes('paint')) return Promise.resolve();
  return new Promise((resolve) => {
    new PerformanceObserver((entries, observer) => {
      if (entries.getEntriesByName(NAME).length === 0) return;
      observer.disconnect();
      resolve();
    }).observe({ type: 'paint', buffered: true });
  });
}
