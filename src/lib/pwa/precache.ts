/** The list that the build writes of all files an offline copy must hold. */
const OFFLINE_LIST = 'offline.json';

/**
 * True where the cache of the worker in charge of `scope` holds every file of its own list, so that the page
 * needs no network. An installed worker alone does not say so: browsers may drop a cache and keep the worker.
 */
export async function isOfflineCopyComplete(scope: string): Promise<boolean> {
  const name = (await caches.keys()).find((it) => it.includes('-precache-') && it.endsWith(scope));
  if (name === undefined) return false;
  const cache = await caches.open(name);
  // Workbox keeps each file under its revision as a query.
  const find = (path: string): Promise<Response | undefined> =>
    cache.match(new URL(path, scope), { ignoreSearch: true });
  const list: unknown = await (await find(OFFLINE_LIST))?.json();
  if (!Array.isArray(list)) return false;
  const found = await Promise.all(list.map((path) => find(String(path))));
  return found.every((response) => response !== undefined);
}
