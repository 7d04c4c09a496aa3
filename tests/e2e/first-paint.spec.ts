import { expect, test } from '@playwright/test';
import { gzipSync } from 'node:zlib';
import { createStaticServer, listen } from '../../scripts/server/static-server.mjs';

const BUDGET_BYTES = 60 * 1024;

test('first paint loads at most 60 kB gzip of JavaScript and no tfjs', async ({ page }, info) => {
  const server = await listen(createStaticServer({ root: 'dist' }));
  try {
    const scripts = new Map<string, number>();
    page.on('response', (response) => {
      if (!response.url().endsWith('.js')) return;
      void response.body().then(
        (body) => scripts.set(response.url(), gzipSync(body).byteLength),
        () => undefined, // the page was closed before the body came: counted as missing below
      );
    });
    await page.goto(server.url);
    await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0);
    const beforePaint = await page.evaluate(() => {
      const paint = performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0;
      return performance
        .getEntriesByType('resource')
        .filter((entry) => entry.name.endsWith('.js') && entry.startTime <= paint)
        .map((entry) => entry.name);
    });
    expect(beforePaint.length).toBeGreaterThan(0);
    await expect.poll(() => beforePaint.every((url) => scripts.has(url))).toBe(true);
    const bytes = beforePaint.reduce((sum, url) => sum + (scripts.get(url) ?? 0), 0);
    info.annotations.push({
      type: 'measured',
      description: `${(bytes / 1024).toFixed(1)} kB gzip before first paint`,
    });
    expect(bytes).toBeLessThanOrEqual(BUDGET_BYTES);
    expect(beforePaint.filter((url) => /tfjs|trainer/.test(url))).toEqual([]);
  } finally {
    await server.close();
  }
});
