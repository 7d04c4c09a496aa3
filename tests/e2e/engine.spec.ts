/** The engine's WebAssembly and threads under the production headers: each has a fallback that would hide a refusal. */
import { expect, test, type Page } from '@playwright/test';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { headersFor } from '../../scripts/server/headers.mjs';
import { listFiles } from '../../scripts/server/static-server.mjs';
import { copyOfBuild, serve } from './support/serve.ts';
import { openTrain, RUN_TIMEOUT_MS, startTraining, trainingDone } from './support/training.ts';

test.describe.configure({ timeout: 2 * RUN_TIMEOUT_MS });

/** The path of a worker's script in the build. */
async function workerScript(root: string, name: string): Promise<string> {
  const path = (await listFiles(root)).find((file) => file.startsWith(`/assets/${name}.worker-`));
  if (path === undefined) throw new Error(`The build has no ${name} worker.`);
  return path;
}

/**
 * Put before the trainer's script: a machine of three processors, whatever this one has, and a line in the console for
 * each answer of a thread that has solved rows.
 */
const THREE_PROCESSORS = `
Object.defineProperty(navigator, 'hardwareConcurrency', { value: 3 });
globalThis.Worker = class extends Worker {
  constructor(url, options) {
    super(url, options);
    this.addEventListener('message', ({ data }) => {
      if (data.type === 'result' && data.value?.solved?.length > 0) console.log('helper has solved rows');
    });
  }
};
`;

test('training on the CPU runs in WebAssembly and on threads of its own', async ({ page }) => {
  const build = await copyOfBuild();
  const script = join(build.root, await workerScript(build.root, 'trainer'));
  await writeFile(script, THREE_PROCESSORS + (await readFile(script, 'utf8')));
  const served = await serve({ root: build.root });
  try {
    const lines: string[] = [];
    page.on('console', (message) => lines.push(message.text()));
    await openTrain(page, served.url);
    await startTraining(page, { device: 'Processor (CPU engine)', iterations: 2 });
    await trainingDone(page);
    await expect(page.getByText('CPU engine (WebAssembly SIMD, 2 threads)').first()).toBeVisible();
    expect(lines).toContain('helper has solved rows');
    expect(lines.filter((line) => line.includes('Content Security Policy'))).toEqual([]);
  } finally {
    await served.close();
    await build.remove();
  }
});

/** Opens a catalogue that is large enough to be screened, in a recommender worker that the page itself starts. */
async function screenedBy(page: Page, script: string, patienceMs: number): Promise<boolean> {
  return page.evaluate(
    async ({ script, patienceMs }) => {
      interface Policies {
        createPolicy(name: string, rules: object): { createScriptURL(url: string): string };
      }
      const { trustedTypes } = globalThis as unknown as { trustedTypes: Policies };
      const policy = trustedTypes.createPolicy('app-worker', { createScriptURL: (url: string) => url });
      const worker = new Worker(policy.createScriptURL(script), { type: 'module' });
      interface Answer {
        readonly id: number;
        readonly type: string;
        readonly value: { shelves?: unknown[]; screened?: boolean };
      }
      let calls = 0;
      const call = (method: string, params: unknown): Promise<{ shelves?: unknown[]; screened?: boolean }> =>
        new Promise((resolve, reject) => {
          const own = ++calls;
          worker.addEventListener('error', () => reject(new Error('The worker died.')));
          worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
            if (data.id !== own) return;
            if (data.type === 'result') resolve(data.value);
            else reject(new Error(JSON.stringify(data)));
          });
          worker.postMessage({ type: 'request', id: own, method, params });
        });
      const [count, factors] = [10_000, 4];
      const item = { name: { en: 'x' }, brand: '', category: 'c', description: {}, attributes: [] };
      const items = Array.from({ length: count }, () => ({
        ...item,
        popularity: 1,
        ratingCounts: [0, 0, 0, 0, 1],
      }));
      const hyperparameters = {
        factors,
        alpha: 1,
        unobservedWeight: 0.1,
        regularization: 0.01,
        frequencyScaling: 1,
        initialScale: 0.1,
        iterations: 1,
      };
      const itemFactors = Float32Array.from({ length: count * factors }, (_, at) => Math.sin(at * at));
      await call('open', {
        items,
        snapshot: { model: 'ials', items: count, factors, hyperparameters, itemFactors },
      });
      const event = { id: 'a', item: 5, kind: 'like', stars: 0, seconds: 0, at: 0 };
      const end = performance.now() + patienceMs;
      for (;;) {
        const { shelves, screened } = await call('shelves', { events: [event], length: 10 });
        if (shelves?.length === 0) throw new Error('No shelf.');
        if (screened === true || performance.now() > end) return screened === true;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
    { script, patienceMs },
  );
}

test('recommending from a large catalogue runs in WebAssembly, and without where a host forbids it', async ({
  page,
}) => {
  const script = await workerScript('dist', 'recommender');
  const forbidding = (pathname: string): Record<string, string> =>
    Object.fromEntries(
      Object.entries(headersFor(pathname)).map(([name, value]) => [
        name,
        value.replace(" 'wasm-unsafe-eval'", ''),
      ]),
    );
  const [served, strict] = [await serve(), await serve({ headers: forbidding })];
  try {
    // a document of the same origin and policy in which nothing else runs
    await page.goto(`${served.url}third-party-notices.txt`);
    expect(await screenedBy(page, script, 60_000)).toBe(true);
    await page.goto(`${strict.url}third-party-notices.txt`);
    expect(await screenedBy(page, script, 5_000)).toBe(false);
  } finally {
    await served.close();
    await strict.close();
  }
});
