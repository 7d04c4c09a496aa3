/**
 * `npm run test:browsers`: the core journey in Firefox and WebKitGTK, on the production build with its header policy:
 * open, rate, a shelf with its reason, train on the CPU engine, reload. Needs a build. Prints a line of JSON for each.
 */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { ensureBrowser } from './browsers/install.mjs';
import { openFirefox, openWebKit } from './browsers/session.mjs';
import { createStaticServer, listen } from './server/static-server.mjs';

const OPEN = { firefox: openFirefox, webkit: openWebKit };
const { values } = parseArgs({
  options: {
    browser: { type: 'string', multiple: true, default: Object.keys(OPEN) },
    /** A folder for a picture of each page. */
    screenshots: { type: 'string' },
  },
});
if (!existsSync('dist/index.html')) {
  console.error('No build in dist: npm run build');
  process.exit(2);
}

/** Put before each step: waits in the page, so that a slow machine only takes longer. */
const HELPERS = `
const find = async (what, look, seconds = 120) => {
  const end = Date.now() + 1000 * seconds;
  for (;;) {
    const found = look();
    if (found) return found;
    if (Date.now() > end) throw new Error('Not there after ' + seconds + ' s: ' + what + '. The page says: ' + document.body.innerText.slice(0, 600));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};
const all = (selector) => [...document.querySelectorAll(selector)];
const withText = (selector, pattern) => all(selector).find((element) => pattern.test(element.innerText));
const visit = (hash) => { location.hash = hash; };
`;

async function journey(name) {
  const log = [];
  const served = await listen(
    createStaticServer({ root: 'dist', onRequest: (entry) => void log.push(entry) }),
  );
  const page = await OPEN[name](ensureBrowser(name));
  const step = (source, ...args) => page.evaluate(HELPERS + source, ...args);
  const picture = async (title) => {
    if (values.screenshots === undefined) return;
    await mkdir(values.screenshots, { recursive: true });
    const png = Buffer.from(await page.screenshot(), 'base64');
    await writeFile(`${values.screenshots}/${name}-${title}.png`, png);
  };
  try {
    await page.goto(served.url);
    const product = await step(`
      const link = await find('a product', () => document.querySelector('main a[href^="#/product/"]'));
      await find('its picture', () => all('main img').some((image) => image.naturalWidth > 0));
      return link.getAttribute('href').slice('#/product/'.length);`);
    await picture('shop');

    await step(
      `visit('#/product/' + args[0]);
      const five = await find('the stars', () => document.querySelector('input[type=radio][aria-label="5 stars"], input[type=radio][value="5"]'));
      five.click();
      await find('the kept rating', () => withText('button', /^Clear$/));`,
      product,
    );
    const reason = await step(`
      visit('#/');
      const why = await find('a shelf with reasons', () => document.querySelector('button[aria-label^="Why "]') ?? withText('button', /^Why/));
      why.click();
      const dialog = await find('the reason', () => document.querySelector('[role=dialog]'));
      await find('its words', () => dialog.innerText.length > 40);
      return dialog.innerText;`);
    await picture('why');

    const trained = await step(`
      document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
      visit('#/train');
      const device = await find('what it trains on', () => {
        const element = document.querySelector('[data-device]');
        return element && !/Asking/.test(element.innerText) ? element.innerText : null;
      });
      const cpu = await find('the CPU engine', () => all('label').find((label) => /Processor \\(CPU engine\\)/.test(label.innerText)));
      (cpu.control ?? cpu.querySelector('input')).click();
      const iterations = () => all('label').find((label) => /^Iterations/.test(label.innerText));
      if (!iterations()?.checkVisibility?.()) withText('summary, button', /^Advanced$/)?.click();
      const field = (await find('iterations', iterations)).control;
      field.value = '2';
      field.dispatchEvent(new Event('input', { bubbles: true }));
      field.dispatchEvent(new Event('change', { bubbles: true }));
      // It may have begun by itself after the rating.
      const start = await find('a way to start', () => all('button').find((button) => /^(Start training|Train again|Start over)$/.test(button.innerText) && !button.disabled), 280);
      start.click();
      const done = await find('the end of training', () => /(Done in [^\\n]*|Training failed[^\\n]*)/.exec(document.body.innerText)?.[1], 280);
      const engine = /CPU engine \\([^)]*\\)/.exec(document.body.innerText)?.[0] ?? null;
      return { device, done, engine };`);
    await picture('train');
    if (!trained.done.startsWith('Done in')) throw new Error(trained.done);

    await page.reload();
    const kept = await step(
      `visit('#/train');
      await find('the model in use after a reload', () => /in use/.test(document.body.innerText));
      visit('#/product/' + args[0]);
      const five = await find('the rating after a reload', () => document.querySelector('input[type=radio][value="5"]:checked, input[type=radio][aria-label="5 stars"]:checked'));
      return five !== null;`,
      product,
    );
    const browser = await step(`
      const registration = 'serviceWorker' in navigator ? await Promise.race([
        navigator.serviceWorker.ready, new Promise((resolve) => setTimeout(() => resolve(null), 30000))]) : null;
      return {
        webgpu: 'gpu' in navigator && (await navigator.gpu.requestAdapter().catch(() => null)) !== null,
        trustedTypes: 'trustedTypes' in globalThis,
        crossOriginIsolated,
        offlineCopy: registration !== null,
        webLocks: 'locks' in navigator,
      };`);
    const foreign = log.filter(({ method, status }) => method !== 'GET' || status >= 400);
    if (foreign.length > 0) throw new Error(`The server was asked for ${JSON.stringify(foreign)}.`);
    return { browser: page.version, ok: true, reason: reason.split('\n')[0], ...trained, kept, ...browser };
  } catch (error) {
    await picture('failed').catch(() => undefined);
    return { browser: page.version, ok: false, error: String(error) };
  } finally {
    await page.close();
    await served.close();
  }
}

for (const name of values.browser) {
  const started = Date.now();
  const outcome = await journey(name);
  console.log(JSON.stringify({ ...outcome, seconds: Math.round((Date.now() - started) / 1000) }));
  if (!outcome.ok) process.exitCode = 1;
}
