import type { Page } from '@playwright/test';

/**
 * Waits until the page's service worker is in charge and holds every file of the list that the build wrote;
 * returns the list. Reads the cache itself, past the page's own judgement.
 */
export async function offlineCopy(page: Page): Promise<readonly string[]> {
  return page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    const until = async (done: () => boolean | Promise<boolean>): Promise<void> => {
      for (let tries = 0; tries < 300; tries += 1) {
        if (await done()) return;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      throw new Error('The offline copy was not complete after 30 s.');
    };
    await until(() => registration.active?.state === 'activated');
    const response = await fetch('offline.json');
    const list = (await response.json()) as string[];
    const keys = new Set<string>();
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) keys.add(new URL(request.url).pathname);
    }
    const missing = list.filter((path) => !keys.has(new URL(path, document.baseURI).pathname));
    if (missing.length > 0) throw new Error(`Not in the offline copy: ${missing.join(', ')}`);
    return list;
  });
}
