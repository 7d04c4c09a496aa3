import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import { headersFor } from '../../scripts/server/headers.mjs';
import { createProfile, type Profile } from './support/browser.ts';
import { startForeignListeners, type ForeignListeners } from './support/foreign.ts';
import { serve, type Served } from './support/serve.ts';

/**
 * Row 60: what each header and each directive of the policy is for. A page under the policy holds; under the same
 * policy without the one directive it does not: something leaks, or what the shop needs stops. Where another
 * directive steps in, that one is loosened on both sides, so that each is seen to hold by itself.
 */
const ROOT = 'tests/e2e/support/mutation';
const POLICY = 'Content-Security-Policy';
const ARRIVES_WITHIN_MS = 1_500;

type Headers = Readonly<Record<string, string>>;
interface Visit {
  readonly page: Page;
  readonly served: Served;
}
interface Mutation {
  /** True where what the directive is for holds. */
  readonly holds: (visit: Visit) => Promise<boolean>;
  /** Directives that would do its work, and how they are loosened; none where the text is empty. */
  readonly instead?: Readonly<Record<string, string>>;
}

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

const parse = (policy: string): Map<string, string> =>
  new Map(policy.split('; ').map((text) => [text.split(' ')[0] ?? '', text]));

/** Waits for `done`; false where it does not come. */
async function within(milliseconds: number, done: () => boolean | Promise<boolean>): Promise<boolean> {
  const until = Date.now() + milliseconds;
  while (Date.now() < until) {
    if (await done()) return true;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return done();
}

const asked = ({ served }: Visit, path: string): boolean => served.log.some(({ url }) => url === path);

/** True where the policy stops the page from asking for `path` as a child of `tag`. */
const neverAsked =
  (tag: string, attribute: string, path: string) =>
  async (visit: Visit): Promise<boolean> => {
    await visit.page.evaluate(
      ([name, key, value]) => {
        const element = document.createElement(name);
        element.setAttribute(key, value);
        document.body.append(element);
      },
      [tag, attribute, path] as const,
    );
    return !(await within(ARRIVES_WITHIN_MS, () => asked(visit, path)));
  };

/** Opens a page of another origin without any policy, and lets it try `use`. */
async function fromElsewhere<Result>(use: (page: Page) => Promise<Result>): Promise<Result> {
  const elsewhere = await serve({ root: ROOT, headers: () => ({}) });
  const page = await context.newPage();
  await page.goto(elsewhere.url);
  const result = await use(page);
  await page.close();
  await elsewhere.close();
  return result;
}

const MUTATIONS: Readonly<Record<string, Mutation>> = {
  // What has no directive of its own: media here.
  'default-src': { holds: neverAsked('video', 'src', '/page.mp4') },
  'script-src': {
    holds: ({ page }) => page.evaluate(() => document.documentElement.dataset['script'] === 'ran'),
  },
  'script-src-attr': {
    instead: { 'script-src': "script-src 'self' 'unsafe-inline'" },
    holds: async ({ page }) => {
      await page.getByRole('button').click();
      return page.evaluate(() => document.body.dataset['handler'] === undefined);
    },
  },
  'style-src': {
    holds: ({ page }) => page.evaluate(() => getComputedStyle(document.body).outlineWidth === '7px'),
  },
  'style-src-attr': {
    instead: { 'style-src': "style-src 'self' 'unsafe-inline'" },
    holds: ({ page }) =>
      page.evaluate(() => getComputedStyle(document.querySelector('p')!).outlineStyle !== 'solid'),
  },
  'img-src': {
    holds: ({ page }) =>
      page.evaluate(() => {
        const image = new Image();
        image.src = 'page.svg';
        return image.decode().then(
          () => true,
          () => false,
        );
      }),
  },
  'font-src': {
    holds: async (visit) => {
      await visit.page.evaluate(() => new FontFace('own', 'url(/page.woff2)').load().catch(() => undefined));
      return within(ARRIVES_WITHIN_MS, () => asked(visit, '/page.woff2'));
    },
  },
  'connect-src': {
    holds: ({ page }) =>
      page.evaluate(() =>
        fetch('page.txt').then(
          () => true,
          () => false,
        ),
      ),
  },
  'worker-src': {
    instead: { 'script-src': "script-src 'self' blob:" },
    holds: ({ page }) =>
      page.evaluate(async () => {
        interface Policies {
          createPolicy(name: string, rules: object): { createScriptURL(url: string): string };
        }
        const { trustedTypes } = globalThis as unknown as { trustedTypes: Policies };
        const policy = trustedTypes.createPolicy('app-worker', { createScriptURL: (url: string) => url });
        const url = URL.createObjectURL(new Blob(['postMessage(1)'], { type: 'text/javascript' }));
        return new Promise<boolean>((resolve) => {
          const worker = new Worker(policy.createScriptURL(url));
          worker.onmessage = () => resolve(false);
          worker.onerror = () => resolve(true);
        });
      }),
  },
  'manifest-src': {
    holds: async (visit) => {
      const session = await context.newCDPSession(visit.page);
      await session.send('Page.getAppManifest').catch(() => undefined);
      return within(ARRIVES_WITHIN_MS, () => asked(visit, '/page.webmanifest'));
    },
  },
  'base-uri': {
    holds: ({ page }) =>
      page.evaluate(() => {
        const base = document.createElement('base');
        base.href = '/elsewhere/';
        document.head.append(base);
        return !document.baseURI.endsWith('/elsewhere/');
      }),
  },
  'form-action': {
    holds: async (visit) => {
      await visit.page.evaluate(() => {
        const form = document.createElement('form');
        form.action = '/form';
        document.body.append(form);
        form.submit();
      });
      return !(await within(ARRIVES_WITHIN_MS, () => asked(visit, '/form?')));
    },
  },
  'frame-src': {
    instead: { 'default-src': "default-src 'self'" },
    holds: neverAsked('iframe', 'src', '/framed.html'),
  },
  'frame-ancestors': {
    holds: ({ served }) =>
      fromElsewhere(async (page) => {
        await page.evaluate((url) => {
          const frame = document.createElement('iframe');
          frame.src = url;
          document.body.append(frame);
        }, `${served.url}framed.html`);
        const isShown = async (): Promise<boolean> =>
          (await Promise.all(page.frames().map((frame) => frame.title().catch(() => '')))).includes('Framed');
        return !(await within(ARRIVES_WITHIN_MS, isShown));
      }),
  },
  'object-src': {
    // To Chromium an object is a frame, too.
    instead: {
      'default-src': "default-src 'self'",
      'frame-src': "frame-src 'self'",
      'require-trusted-types-for': '',
    },
    holds: neverAsked('object', 'data', '/page.svg'),
  },
  'require-trusted-types-for': {
    holds: ({ page }) =>
      page.evaluate(() => {
        try {
          document.createElement('div').innerHTML = '<b>text</b>';
          return false;
        } catch {
          return true;
        }
      }),
  },
  'trusted-types': {
    holds: ({ page }) =>
      page.evaluate(() => {
        const { trustedTypes } = globalThis as unknown as {
          trustedTypes: { createPolicy(name: string, rules: object): unknown };
        };
        try {
          trustedTypes.createPolicy('anybody', { createHTML: (text: string) => text });
          return false;
        } catch {
          return true;
        }
      }),
  },
  'Connection-Allowlist': {
    holds: async ({ page }) => {
      const before = foreign.hits.length;
      await page
        .evaluate(() => {
          location.href = 'http://leak.example/opened';
        })
        .catch(() => undefined);
      return !(await within(ARRIVES_WITHIN_MS, () =>
        foreign.hits.slice(before).some(({ said }) => said.includes('/opened')),
      ));
    },
  },
  'Cross-Origin-Opener-Policy': { holds: ({ page }) => page.evaluate(() => crossOriginIsolated) },
  'Cross-Origin-Embedder-Policy': { holds: ({ page }) => page.evaluate(() => crossOriginIsolated) },
  'Cross-Origin-Resource-Policy': {
    holds: ({ served }) =>
      fromElsewhere((page) =>
        page.evaluate((url) => {
          const image = new Image();
          image.src = url;
          return image.decode().then(
            () => false,
            () => true,
          );
        }, `${served.url}page.svg`),
      ),
  },
  'Referrer-Policy': {
    holds: async ({ page, served }) => {
      await page.evaluate(() => fetch('page.txt'));
      return served.log.find(({ url }) => url === '/page.txt')?.headers['referer'] === undefined;
    },
  },
  'X-Content-Type-Options': {
    holds: ({ page }) =>
      page.evaluate(async () => {
        interface Policies {
          createPolicy(name: string, rules: object): { createScriptURL(url: string): string };
        }
        const { trustedTypes } = globalThis as unknown as { trustedTypes: Policies };
        const policy = trustedTypes.createPolicy('app-worker', { createScriptURL: (url: string) => url });
        const script = document.createElement('script');
        script.src = policy.createScriptURL('page.txt');
        const ended = new Promise((resolve) => {
          script.onload = resolve;
          script.onerror = resolve;
        });
        document.body.append(script);
        await ended;
        return document.documentElement.dataset['text'] === undefined;
      }),
  },
};

async function underHeaders({ holds }: Mutation, headers: Headers): Promise<boolean> {
  const served = await serve({ root: ROOT, headers: () => ({ ...headers }) });
  const page = await context.newPage();
  await page.goto(served.url);
  const result = await holds({ page, served });
  for (const open of context.pages().slice(1)) await open.close();
  await served.close();
  return result;
}

const full = headersFor('/');
const directives = parse(full[POLICY] ?? '');

test('row 60: every header and every directive is here', () => {
  const named = [...directives.keys(), ...Object.keys(full).filter((name) => name !== POLICY)];
  expect(Object.keys(MUTATIONS)).toEqual(named);
});

test('row 60: each holds, and without it something does not', async () => {
  const outcomes: Record<string, readonly [whole: boolean, without: boolean]> = {};
  for (const [name, mutation] of Object.entries(MUTATIONS)) {
    const whole: Headers = {
      ...full,
      [POLICY]: [...new Map([...directives, ...Object.entries(mutation.instead ?? {})]).values()]
        .filter((text) => text !== '')
        .join('; '),
    };
    const rest = parse(whole[POLICY] ?? '');
    rest.delete(name);
    const without = Object.fromEntries(
      Object.entries({ ...whole, [POLICY]: [...rest.values()].join('; ') }).filter(
        ([header]) => header !== name,
      ),
    );
    outcomes[name] = [await underHeaders(mutation, whole), await underHeaders(mutation, without)];
  }
  const expected = Object.fromEntries(Object.keys(MUTATIONS).map((name) => [name, [true, false]]));
  expect(outcomes).toEqual(expected);
});
