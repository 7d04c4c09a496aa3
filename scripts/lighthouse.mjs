/**
 * `npm run lighthouse`: Lighthouse on the production build with phone settings, several runs, medians. Exits with 1
 * where a category is under the bar. Builds nothing: run `npm run build` first.
 */
import { launch } from 'chrome-launcher';
import lighthouse from 'lighthouse';
import process from 'node:process';
import { ensureChromium, QUIET_ARGS } from './chromium.mjs';
import { createStaticServer, listen } from './server/static-server.mjs';

const BAR = 95;
const RUNS = Number(process.env.RUNS ?? 3);
const CATEGORIES = ['performance', 'accessibility', 'best-practices'];

const served = await listen(createStaticServer({ root: 'dist' }));
const scores = Object.fromEntries(CATEGORIES.map((category) => [category, []]));
try {
  for (let run = 0; run < RUNS; run++) {
    const chrome = await launch({
      chromePath: ensureChromium(),
      chromeFlags: ['--headless=new', ...QUIET_ARGS],
    });
    try {
      const result = await lighthouse(served.url, {
        port: chrome.port,
        onlyCategories: CATEGORIES,
        output: 'json',
        logLevel: 'error',
      });
      if (result === undefined) throw new Error('Lighthouse returned nothing.');
      const { audits, categories } = result.lhr;
      for (const category of CATEGORIES) scores[category].push(Math.round(categories[category].score * 100));
      const metric = (id) => audits[id].displayValue;
      console.log(
        `run ${run + 1}: ${CATEGORIES.map((category) => `${category} ${scores[category].at(-1)}`).join(', ')}` +
          ` (FCP ${metric('first-contentful-paint')}, LCP ${metric('largest-contentful-paint')},` +
          ` TBT ${metric('total-blocking-time')}, CLS ${metric('cumulative-layout-shift')})`,
      );
      for (const category of CATEGORIES) {
        for (const { id } of categories[category].auditRefs) {
          if (audits[id].score !== null && audits[id].score < 0.9 && run === 0) {
            console.log(`  ${category}: ${id} ${audits[id].score} ${audits[id].displayValue ?? ''}`);
          }
        }
      }
    } finally {
      chrome.kill();
    }
  }
} finally {
  await served.close();
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const medians = CATEGORIES.map((category) => [category, median(scores[category])]);
console.log(`medians of ${RUNS}: ${medians.map(([category, score]) => `${category} ${score}`).join(', ')}`);
process.exitCode = medians.some(([, score]) => score < BAR) ? 1 : 0;
