import { expect, test, type BrowserContext } from '@playwright/test';
import { headersFor } from '../../scripts/server/headers.mjs';
import { createProfile, type Profile } from './support/browser.ts';
import { canariesIn, canary } from './support/canary.ts';
import { startForeignListeners, type ForeignListeners } from './support/foreign.ts';
import { serve } from './support/serve.ts';
import { watch } from './support/watch.ts';

/**
 * The positive control of the privacy proof: a page made to leak, by every vector we know. Without the header
 * policy each must reach the foreign listeners, or their silence elsewhere would prove nothing. With the policy
 * none may. Not counted, since no listener can see them: dns-prefetch (a name looked up, no connection).
 */
const ARRIVES_WITHIN_MS = 8_000;
/** With the policy there is nothing to wait for but the clock. */
const SILENCE_MS = 2_500;
const NOTE = 'Zaunkönig-canary-7f3a';

let foreign: ForeignListeners;
let profile: Profile;
let context: BrowserContext;

test.beforeAll(async () => {
  foreign = await startForeignListeners();
  profile = await createProfile();
  context = await profile.open(foreign.browserArgs);
});
test.afterAll(async () => {
  await context.close();
  await profile.remove();
  await foreign.close();
});

const slug = (vector: string): string => vector.replace(/\W+/g, '-');

async function vectorsOf(url: string): Promise<readonly string[]> {
  const page = await context.newPage();
  await page.goto(url);
  const names = await page.evaluate(() => Object.keys((globalThis as { VECTORS?: object }).VECTORS ?? {}));
  await page.close();
  return names;
}

/** Loads the control page afresh and lets it try one vector; the page stays open. */
async function tryVector(url: string, vector: string): Promise<() => Promise<void>> {
  const page = await context.newPage();
  await page.goto(url);
  await page
    .evaluate(
      async ([name, target]) => {
        const vectors = (globalThis as { VECTORS?: Record<string, (target: string) => unknown> }).VECTORS;
        const done = Promise.resolve(vectors?.[name]?.(target)).catch(() => undefined);
        // A vector may wait for an answer for ever.
        await Promise.race([done, new Promise((resolve) => setTimeout(resolve, 500))]);
      },
      [vector, `http://leak.example/${slug(vector)}?rating=5`] as const,
    )
    // Blocked at once, or navigated away: the listeners say which.
    .catch(() => undefined);
  if (vector === 'manifest') {
    const session = await context.newCDPSession(page);
    await session.send('Page.getAppManifest').catch(() => undefined);
  }
  return async () => {
    for (const open of context.pages().slice(1)) await open.close();
  };
}

function arrived(vector: string, before: number): boolean {
  const since = foreign.hits.slice(before);
  if (vector === 'WebRTC STUN') return since.some((hit) => hit.via === 'udp');
  if (vector === 'preconnect') return since.some((hit) => hit.via === 'tcp');
  return since.some((hit) => hit.said.includes(`/${slug(vector)}?`));
}

test('without the policy every vector reaches the listeners', async () => {
  const served = await serve({ root: 'tests/e2e/support/control', headers: () => ({}) });
  const url = `${served.url}?udp=${foreign.udpPort}`;
  const vectors = await vectorsOf(url);
  expect(vectors.length).toBeGreaterThan(35);
  const silent: string[] = [];
  for (const vector of vectors) {
    const before = foreign.hits.length;
    const done = await tryVector(url, vector);
    const until = Date.now() + ARRIVES_WITHIN_MS;
    while (!arrived(vector, before) && Date.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    if (!arrived(vector, before)) silent.push(vector);
    await done();
  }
  expect(silent).toEqual([]);
  await served.close();
});

test('with the policy none does', async () => {
  const served = await serve({ root: 'tests/e2e/support/control', headers: headersFor });
  const url = `${served.url}?udp=${foreign.udpPort}`;
  const vectors = await vectorsOf(url);
  // The page runs under the policy: only what it reaches for is stopped.
  expect(vectors.length).toBeGreaterThan(35);
  const before = foreign.hits.length;
  const closing: (() => Promise<void>)[] = [];
  for (const vector of vectors) closing.push(await tryVector(url, vector));
  await new Promise((resolve) => setTimeout(resolve, SILENCE_MS));
  expect(foreign.hits.slice(before)).toEqual([]);
  for (const done of closing) await done();
  await served.close();
});

test('oracles 3 to 5 hear what they are there for, in page, worker and service worker', async () => {
  const ways = ['fetch', 'worker fetch', 'service worker fetch'];
  const open = await serve({ root: 'tests/e2e/support/control', headers: () => ({}) });
  const closed = await serve({ root: 'tests/e2e/support/control', headers: headersFor });
  for (const served of [open, closed]) {
    const page = await context.newPage();
    const watched = await watch(page);
    await page.goto(served.url);
    for (const way of ways) {
      await page.evaluate(
        async ([name, target]) => {
          const vectors = (globalThis as { VECTORS?: Record<string, (target: string) => unknown> }).VECTORS;
          await Promise.resolve(vectors?.[name]?.(target)).catch(() => undefined);
        },
        [way, `http://leak.example/${slug(way)}`] as const,
      );
    }
    // The same-origin way: no policy stops it, the server's log shows it.
    await page.evaluate((note) => fetch(`./?note=${encodeURIComponent(note)}`), NOTE);
    await expect
      .poll(() => {
        const told =
          served === open
            ? watched.requests.map(({ url }) => url)
            : watched.violations.map(({ target, text }) => `${target}: ${text}`);
        return ways.filter((way) => told.some((it) => it.includes(`http://leak.example/${slug(way)}`)));
      })
      .toEqual(ways);
    const logged = served.log.map(({ url }) => canariesIn(url, [canary('note', NOTE)])).flat();
    expect(logged).toEqual(['note']);
    await page.close();
  }
  await open.close();
  await closed.close();
});
